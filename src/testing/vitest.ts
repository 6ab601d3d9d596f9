/** `import "wa-hook/vitest"` in a setup file or a test adds the matchers to vitest's `expect`. */
import { describe, expect, test } from "vitest";

import { registerContract, type ContractSource } from "./contract.ts";
import type { EmulatorMatchers } from "./emulator-matchers.ts";
import { matchers } from "./matchers.ts";

declare module "vitest" {
  // oxlint-disable-next-line no-unused-vars -- the parameters of merged declarations are identical
  interface Matchers<T> extends EmulatorMatchers {}
}

expect.extend(matchers);

/**
 * Registers a test for each probe of `wa-hook check`, named by its title, in a suite `webhook contract`. Warnings are annotations of passed
 * tests, and what was not checked is skipped with its reason.
 */
export function webhookContract(source: ContractSource): void {
  registerContract(source, {
    describe,
    test: (name, timeout, run) =>
      // oxlint-disable-next-line vitest/expect-expect -- it throws by itself
      test(name, { timeout }, async (context) => {
        const notes: string[] = [];
        await run({ skip: (reason) => context.skip(reason), note: (text) => notes.push(text) });
        for (const note of notes) await context.annotate(note, "warning");
      }),
  });
}

export type { ContractOptions, ContractSource } from "./contract.ts";
export type { EmulatorMatchers } from "./emulator-matchers.ts";
export { matchers } from "./matchers.ts";
