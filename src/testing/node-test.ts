/** `import { expect } from "wa-hook/node-test"`: the matchers for node:test, and for any runner that has no `expect` of its own. */
import { AssertionError } from "node:assert";
import { describe, test } from "node:test";

import type { Emulator } from "../emulator/emulator.ts";
import { registerContract, type ContractSource } from "./contract.ts";
import type { EmulatorMatchers } from "./emulator-matchers.ts";
import { matchers, type MatcherResult } from "./matchers.ts";

type Judge = (emulator: Emulator, expected?: unknown, more?: unknown) => MatcherResult | Promise<MatcherResult>;

/** The matchers for an emulator. They throw an `AssertionError`; those named `toEventually…` return a promise. */
export function expect(emulator: Emulator): EmulatorMatchers & { not: EmulatorMatchers } {
  return { ...assertions(emulator, false), not: assertions(emulator, true) };
}

function assertions(emulator: Emulator, negated: boolean): EmulatorMatchers {
  const assertion = (judge: Judge) =>
    function assertion(expected?: unknown, more?: unknown): void | Promise<void> {
      const demand = ({ pass, message }: MatcherResult): void => {
        if (pass === negated) throw new AssertionError({ message: message(), stackStartFn: assertion });
      };
      const result = judge(emulator, expected, more);
      return result instanceof Promise ? result.then(demand) : demand(result);
    };
  const all = Object.entries(matchers).map(([name, judge]) => [name, assertion(judge as Judge)]);
  return Object.fromEntries(all) as EmulatorMatchers;
}

/**
 * Registers a test for each probe of `wa-hook check`, named by its title, in a suite `webhook contract`. Warnings are diagnostics of passed
 * tests, and what was not checked is skipped with its reason.
 */
export function webhookContract(source: ContractSource): void {
  registerContract(source, {
    describe: (name, define) => void describe(name, define),
    test: (name, timeout, run) =>
      void test(name, { timeout }, (context) =>
        run({ skip: (reason) => context.skip(reason), note: (text) => context.diagnostic(text) }),
      ),
  });
}

export type { ContractOptions, ContractSource } from "./contract.ts";
export type { EmulatorMatchers } from "./emulator-matchers.ts";
export { matchers } from "./matchers.ts";
