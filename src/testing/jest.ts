/** `import "wa-hook/jest"` in a setup file (`setupFilesAfterEnv`) or a test adds the matchers to jest's `expect`. */
import { UsageError } from "../errors.ts";
import { registerContract, type ContractSource } from "./contract.ts";
import { matchers } from "./matchers.ts";

/** What jest gives to every test file. */
interface Globals {
  expect: { extend(added: typeof matchers): void };
  describe(name: string, define: () => void): void;
  test(name: string, run: () => Promise<void>, timeoutMs: number): void;
  afterAll(run: () => void): void;
}

const { expect } = globalThis as Partial<Globals>;
// Without globals (`injectGlobals: false`) a test calls `expect.extend(matchers)` itself.
expect?.extend(matchers);

/**
 * Registers a test for each probe of `wa-hook check`, named by its title, in a suite `webhook contract`. jest cannot skip a test that runs:
 * what was not checked passes, and is printed with its reason at the end, as warnings are. `runner` is for `injectGlobals: false`: what `@jest/globals`
 * exports. Throws a `UsageError` without one and without globals.
 */
export function webhookContract(source: ContractSource, runner?: Omit<Globals, "expect">): void {
  const { describe, test, afterAll } = runner ?? (globalThis as Partial<Globals>);
  if (describe === undefined || test === undefined || afterAll === undefined) {
    throw new UsageError("webhookContract needs describe, test and afterAll", {
      code: "contract.runner",
      hint: 'import * as jest from "@jest/globals"; webhookContract(options, jest)',
    });
  }
  const notes: string[] = [];
  registerContract(source, {
    describe: (name, define) =>
      describe(name, () => {
        define();
        afterAll(() => {
          if (notes.length > 0) console.info(notes.join("\n"));
        });
      }),
    test: (name, timeoutMs, run) => {
      const note = (text: string) => void notes.push(`${name}: ${text}`);
      test(name, () => run({ skip: note, note }), timeoutMs);
    },
  });
}

export type { ContractOptions, ContractSource } from "./contract.ts";
export type { EmulatorMatchers } from "./jest-matchers.d.ts";
export { matchers } from "./matchers.ts";
