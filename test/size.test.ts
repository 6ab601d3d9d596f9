/** Sizes and durations as they are counted and typed. */
import { expect, test } from "vitest";

import { BOUNDS, Buckets } from "../src/buckets.ts";
import { parseSize } from "../src/size.ts";

test.each([
  ["500K", 512_000],
  ["100M", 104_857_600],
  ["1.5G", 1_610_612_736],
  ["2GB", 2_147_483_648],
  ["2gib", 2_147_483_648],
  ["0M", 0],
])("the size %s is %i bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "100", "M", "1 G", "-1G", "1e3M", "1G ", "1GG", "1P"])("%j is no size", (text) => {
  expect(parseSize(text)).toBeUndefined();
});

test("each duration is in the first bucket that holds it, and in the sums", () => {
  const buckets = new Buckets();
  for (const ms of [0, 0.5, 0.6, 30_000, 31_000]) buckets.record(ms);
  expect([
    buckets.counts[0],
    buckets.counts[1],
    buckets.counts[BOUNDS.length - 1],
    buckets.counts[BOUNDS.length],
  ]).toEqual([2, 1, 1, 1]);
  expect(buckets.count).toBe(5);
  expect(buckets.sumSeconds).toBeCloseTo(61.0011, 6);
  expect([buckets.atMostMs(0.5), buckets.atMostMs(0.8), buckets.atMostMs(1)]).toEqual([1, 30_000, Infinity]);
});
