/** Keys of events in little memory: as a list of all of them would have it. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { Seen, SEEN_FOR_MS } from "../../src/store/duplicates.ts";

test("keys are seen for seven days, forgotten when told, and dropped oldest first", () => {
  const step = fc.record({
    what: fc.constantFrom("see", "see", "see", "has", "forget"),
    key: fc.nat(60).map((n) => `message wamid.${n}`),
    passed: fc.constantFrom(0, 1, SEEN_FOR_MS / 2),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 0, max: 2000 }), (steps, before) => {
      const seen = new Seen(1024);
      let now = 1_785_500_000_000;
      // In the order of arrival, forgotten ones included: they take a place until they are the oldest.
      const all: { key: string; at: number; isForgotten: boolean }[] = [];
      const known = (key: string) => all.findLast((each) => each.key === key && !each.isForgotten);
      const isSeen = (key: string) => now - (known(key)?.at ?? Number.NEGATIVE_INFINITY) <= SEEN_FOR_MS;
      const add = (key: string) => {
        const old = known(key);
        if (old !== undefined) old.isForgotten = true;
        if (all.length === 1024) all.shift();
        all.push({ key, at: now, isForgotten: false });
      };
      for (let n = 0; n < before; n++) {
        seen.see(`before ${n}`, now);
        add(`before ${n}`);
      }
      for (const { what, key, passed } of steps) {
        now += passed;
        const expected = isSeen(key);
        if (what === "has") expect(seen.has(key, now)).toBe(expected);
        else if (what === "see") {
          expect(seen.see(key, now)).toBe(!expected);
          if (!expected) add(key);
        } else {
          seen.forget(key);
          const old = known(key);
          if (old !== undefined) old.isForgotten = true;
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("two hundred thousand different keys are all new, and all known after that", () => {
  const seen = new Seen();
  const keys = Array.from({ length: 200_000 }, (_, n) => `status wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ${n} read`);
  expect(keys.filter((key) => !seen.see(key, 1))).toEqual([]);
  expect(keys.filter((key) => !seen.has(key, 2))).toEqual([]);
  expect(seen.has("status wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ7 sent", 2)).toBe(false);
});
