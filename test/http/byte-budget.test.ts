import fc from "fast-check";
import { expect, test } from "vitest";

import { ByteBudget, type Share } from "../../src/http/byte-budget.ts";

const LIMIT = 1000;

const step = fc.oneof(
  fc.record({ does: fc.constant("open" as const) }),
  fc.record({ does: fc.constant("reserve" as const), which: fc.nat(), bytes: fc.nat(1200) }),
  fc.record({ does: fc.constant("release" as const), which: fc.nat() }),
);

test("after any sequence of reserve, evict and release, the limit holds and the used bytes match the shares", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = new ByteBudget(LIMIT);
      const shares: { share: Share; evicted: number }[] = [];
      for (const one of steps) {
        const held = one.does === "open" ? undefined : shares[one.which % Math.max(shares.length, 1)];
        if (one.does === "open") {
          const entry = { share: budget.open(() => entry.evicted++), evicted: 0 };
          shares.push(entry);
        } else if (one.does === "reserve") {
          const before = held?.share.held ?? 0;
          const reserved = held?.share.reserve(Math.max(one.bytes, before));
          if (reserved === true) expect(held?.share.held).toBe(Math.max(one.bytes, before));
          if (held !== undefined && held.evicted > 0) expect(reserved).toBe(false);
        } else held?.share.release();
        expect(budget.used).toBeLessThanOrEqual(LIMIT);
        expect(budget.used).toBe(shares.reduce((sum, { share }) => sum + share.held, 0));
      }
      for (const { share, evicted } of shares) {
        expect(evicted).toBeLessThanOrEqual(1);
        share.release();
        share.release();
      }
      expect(budget.used).toBe(0);
    }),
  );
});

test("a small new body evicts a large old one, and never the other way round", async () => {
  const budget = new ByteBudget(LIMIT);
  const evicted: string[] = [];
  const large = budget.open(() => evicted.push("large"));
  expect(large.reserve(950)).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  const small = budget.open(() => evicted.push("small"));
  expect(small.reserve(100)).toBe(true);
  expect(evicted).toEqual(["large"]);
  expect(large.reserve(1)).toBe(false);
  const another = budget.open(() => evicted.push("another"));
  expect(another.reserve(900)).toBe(true);
  // Nine times as large, it costs more as soon as its age is more than a ninth of the small one's.
  while (performance.now() - another.since <= 0.2 * (performance.now() - small.since)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(another.reserve(901)).toBe(false);
  expect(small.held).toBe(100);
});
