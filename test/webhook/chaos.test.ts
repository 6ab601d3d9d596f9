/** The plan for duplicates and disorder. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { CHAOS_KINDS, disturbance, type ChaosKind } from "../../src/webhook/chaos.ts";

const plan = (seed: string, kinds: readonly ChaosKind[]) =>
  Array.from({ length: 1000 }, (_, position) => disturbance(seed, position, kinds));

test("the same seed and position give the same disturbance, which is bounded", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.subarray([...CHAOS_KINDS]), (seed, position, kinds) => {
      const { copies, overtakenBy, ageMs, batch, burst, late } = disturbance(seed, position, kinds);
      expect(disturbance(seed, position, kinds)).toEqual({ copies, overtakenBy, ageMs, batch, burst, late });
      expect([1, 2]).toContain(copies);
      expect([0, 1, 2, 3]).toContain(overtakenBy);
      expect(ageMs).toBeLessThanOrEqual(7 * 86_400_000);
      expect(batch).toBeLessThanOrEqual(1000);
      expect(burst).toBeLessThanOrEqual(50);
    }),
  );
  expect(plan("a", CHAOS_KINDS)).not.toEqual(plan("b", CHAOS_KINDS));
});

test("each kind disturbs a part of the deliveries, and nothing else", () => {
  const none = plan("seed", []);
  expect(none.every(({ copies, overtakenBy }) => copies === 1 && overtakenBy === 0)).toBe(true);
  const duplicates = plan("seed", ["duplicates"]);
  expect(duplicates.filter(({ copies }) => copies === 2).length).toSatisfy(
    (count: number) => count > 150 && count < 350,
  );
  expect(duplicates.every(({ overtakenBy }) => overtakenBy === 0)).toBe(true);
  const reordered = plan("seed", ["reorder"]);
  expect(reordered.filter(({ overtakenBy }) => overtakenBy > 0).length).toSatisfy(
    (count: number) => count > 300 && count < 500,
  );
  expect(reordered.every(({ copies }) => copies === 1)).toBe(true);
});
