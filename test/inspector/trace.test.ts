/** The trace of a delivery: always in the order of time, whatever the clocks say. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { Series } from "../../src/inspector/series.ts";
import { traceOf } from "../../src/inspector/trace.ts";

const time = fc.integer({ min: 0, max: 10_000 });
const facts = fc.record({
  delivery: fc.record({ id: fc.constant("1"), receivedAt: time, text: fc.string(), ok: fc.boolean() }),
  acknowledged: fc.record({ ms: fc.double({ min: 0, max: 100, noNaN: true }), status: fc.constantFrom(200, 500) }),
  forwards: fc.array(
    fc.record({
      at: time,
      to: fc.webUrl(),
      attempt: fc.integer({ min: 1, max: 9 }),
      status: fc.constantFrom(200, 500),
    }),
  ),
  requests: fc.array(fc.record({ at: time, text: fc.string(), ok: fc.boolean(), message: fc.string() })),
  statuses: fc.array(fc.record({ at: time, status: fc.constantFrom("sent", "failed"), message: fc.string() })),
});

test("steps are in the order of time from the arrival on, and none is left out", () => {
  fc.assert(
    fc.property(facts, (given) => {
      const { id, steps } = traceOf(given);
      expect(id).toBe("1");
      expect(steps[0]).toMatchObject({ step: "received", at: given.delivery.receivedAt, afterMs: 0 });
      for (const [index, step] of steps.entries()) {
        expect(step.at).toBeGreaterThanOrEqual(steps[index - 1]?.at ?? 0);
        expect(step.afterMs).toBe(step.at - given.delivery.receivedAt);
      }
      expect(steps).toHaveLength(2 + given.forwards.length + given.requests.length + given.statuses.length);
    }),
  );
});

test("steps at the same time are in the order of cause and effect, and failures are marked", () => {
  const { steps } = traceOf({
    delivery: { id: "7", receivedAt: 100, text: "accepted", ok: true },
    acknowledged: { ms: 0, status: 200 },
    statuses: [{ at: 100, status: "failed", message: "wamid.2" }],
    requests: [{ at: 100, text: "text", ok: true, message: "wamid.2" }],
    forwards: [{ at: 100, to: "http://localhost:3000/", attempt: 2, status: 500, ms: 12.4 }],
  });
  expect(steps.map(({ step, text, ok }) => [step, text, ok])).toEqual([
    ["received", "accepted", true],
    ["acknowledged", "acknowledged with 200", true],
    ["forwarded", "http://localhost:3000/ → 500, in 12 ms, attempt 2", false],
    ["request", "text", true],
    ["status", "failed", false],
  ]);
});

test("the series forgets what is older than an hour by second and a day by minute, in the same memory", () => {
  const series = new Series();
  const now = 2_000_000_000_000;
  const minute = 60_000;
  for (const ago of [0, 30 * minute, 90 * minute, 30 * 60 * minute]) series.count(now - ago, "accepted");
  const sum = (minutes: number) => series.overview(now, minutes).accepted.reduce((total, each) => total + each, 0);
  expect([sum(15), sum(60), sum(120), sum(1440)]).toEqual([1, 2, 3, 3]);
  series.acknowledged(now, 3);
  expect(series.overview(now, 1).ackP95.at(-1)).toBe(5);
  expect(series.overview(now, 1).appP95.at(-1)).toBeNull();
});
