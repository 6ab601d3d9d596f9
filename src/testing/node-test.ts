/** `import { expect } from "wa-hook/node-test"`: the matchers for node:test, and for any runner that has no `expect` of its own. */
import { AssertionError } from "node:assert";

import type { Emulator } from "../emulator/emulator.ts";
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

export type { EmulatorMatchers } from "./emulator-matchers.ts";
export { matchers } from "./matchers.ts";
