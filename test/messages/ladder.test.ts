/** The state of a message is the same in whatever order its statuses arrive, and however often. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { hasReached, missingUntil, stateAfter, STEPS, type MessageState } from "../../src/messages/statuses/ladder.ts";

function stateOf(statuses: readonly string[]): MessageState | undefined {
  return statuses.reduce<MessageState | undefined>(stateAfter, undefined);
}

const WORDS = ["sent", "delivered", "read", "played", "failed", "warning", "deleted", "a_new_status"];

test("the state does not depend on the order or the repetition of statuses", () => {
  const cases = fc
    .subarray(WORDS)
    .chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.shuffledSubarray(some, { minLength: some.length }),
        fc.array(fc.constantFrom(...WORDS), { maxLength: 5 }),
      ),
    );
  fc.assert(
    fc.property(cases, ([some, shuffled, more]) => {
      const repeated = more.filter((status) => some.includes(status));
      expect(stateOf([...shuffled, ...repeated])).toBe(stateOf(some));
    }),
  );
});

test.each([
  [["sent", "delivered", "read"], "read"],
  [["read", "delivered", "sent"], "read"],
  [["read"], "read"],
  [["played", "read"], "played"],
  [["sent", "failed"], "failed"],
  [["failed", "sent"], "failed"],
  [["delivered", "failed"], "delivered"],
  [["warning"], undefined],
  [[], undefined],
])("%j makes a message %s", (statuses, state) => {
  expect(stateOf(statuses)).toBe(state);
});

test("a later step includes the earlier ones", () => {
  expect(STEPS.filter((step) => hasReached("read", step))).toEqual(["sent", "delivered", "read"]);
  expect(STEPS.filter((step) => hasReached("failed", step))).toEqual([]);
});

test("what is missing are the steps up to the awaited one that were not reached", () => {
  expect(missingUntil("read", undefined)).toEqual(["sent", "delivered", "read"]);
  expect(missingUntil("read", "sent")).toEqual(["delivered", "read"]);
  expect(missingUntil("delivered", "read")).toEqual([]);
  expect(missingUntil("delivered", "failed")).toEqual(["sent", "delivered"]);
});
