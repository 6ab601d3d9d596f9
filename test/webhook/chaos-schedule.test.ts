/** The order and the bytes of deliveries under chaos. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { schedule, type Wave } from "../../src/webhook/chaos-schedule.ts";
import { CHAOS_KINDS, type ChaosKind } from "../../src/webhook/chaos.ts";
import { fixtures } from "../../src/webhook/fixtures.ts";
import { readBody } from "../../src/webhook/payload.ts";
import { encodeWire } from "../../src/webhook/wire.ts";

const bundled = fixtures().map(({ payload }) => encodeWire(payload));
const bodies = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...bundled) }, fc.constantFrom(Buffer.from("{"), Buffer.from("[]"))),
  { maxLength: 60 },
);
const plan = (seed: string, kinds: readonly ChaosKind[]) => ({
  seed,
  kinds,
  encode: (payload: object) => encodeWire(payload),
});
const textOf = (waves: readonly Wave[]) =>
  waves.map((wave) => wave.map(({ body, of }) => `${of.join()} ${body.toString("latin1")}`));
const kindsOf = (body: Buffer) => readBody(body).map(({ kind }) => kind);

test("the same seed gives the same bytes in the same order, and each delivery is sent", () => {
  fc.assert(
    fc.property(fc.string(), fc.subarray([...CHAOS_KINDS]), bodies, (seed, kinds, given) => {
      const waves = schedule(given, plan(seed, kinds));
      expect(textOf(schedule(given, plan(seed, kinds)))).toEqual(textOf(waves));
      const sent = waves.flat();
      const first = sent.filter(({ copy }) => copy === 1).flatMap(({ of }) => of);
      expect(first.toSorted((one, other) => one - other)).toEqual([...given.keys()]);
      for (const { copy, of, body } of sent) {
        if (copy === 1) continue;
        const original = sent.find((each) => each.copy === 1 && each.of[0] === of[0]);
        expect(body.equals(original?.body ?? Buffer.alloc(0))).toBe(true);
      }
      if (kinds.length === 0)
        expect(textOf(waves)).toEqual(textOf(given.map((body, at) => [{ body, of: [at], kinds: [], copy: 1 }])));
    }),
    { numRuns: 60 },
  );
});

describe("of many deliveries", () => {
  const many = Array.from({ length: 4000 }, (_, index) => bundled[index % 20] as Buffer);

  test("some are sent together, up to Meta's limits, with every event in its order", () => {
    const waves = schedule(many, plan("a", ["batch"]));
    const sizes = waves.flat().map(({ of }) => of.length);
    expect(Math.max(...sizes)).toBe(1000);
    expect(waves.flat().every(({ body }) => body.length <= 3 * 1024 * 1024)).toBe(true);
    expect(waves.flat().flatMap(({ body }) => kindsOf(body))).toEqual(many.flatMap(kindsOf));
  });

  test("some copies are sent at the same moment, others later, and bursts have up to 50", () => {
    const waves = schedule(many, plan("a", ["duplicates"]));
    const copies = waves.flatMap((wave) => wave.filter(({ copy }) => copy === 2).map(() => wave.length));
    expect(copies.filter((size) => size === 2).length).toBeGreaterThan(300);
    expect(copies.filter((size) => size === 1).length).toBeGreaterThan(300);
    const bursts = schedule(many, plan("a", ["burst"])).map((wave) => wave.length);
    expect(Math.max(...bursts)).toBeGreaterThan(40);
    expect(Math.max(...bursts)).toBeLessThanOrEqual(50);
  });

  test("some are up to a week older, and nothing else in them changes", () => {
    const ages = schedule(many, plan("a", ["stale"]))
      .flat()
      .filter(({ kinds }) => kinds.includes("stale"))
      .map(({ body, of }) => {
        const [at, before] = [body, many[of[0] ?? 0] as Buffer].map((each) => readBody(each)[0]?.at ?? 0) as [
          number,
          number,
        ];
        const without = (each: Buffer) => each.toString("latin1").replaceAll(/"timestamp":"\d+"/g, "");
        expect(without(body)).toBe(without(many[of[0] ?? 0] as Buffer));
        return before - at;
      });
    expect(ages.length).toBeGreaterThan(600);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...ages)).toBeLessThanOrEqual(7 * 86_400);
    expect(Math.max(...ages)).toBeGreaterThan(6 * 86_400);
  });
});

test("each kind disturbs at least one of two deliveries", () => {
  const two = bundled.slice(0, 2);
  for (const kind of CHAOS_KINDS) {
    if (kind === "retry") continue;
    for (const seed of ["a", "b", "c", "d"]) {
      const disturbed = schedule(two, plan(seed, [kind]))
        .flat()
        .filter(({ kinds }) => kinds.includes(kind));
      expect(disturbed.length, `${kind} ${seed}`).toBeGreaterThan(0);
    }
  }
});

test("statuses of a message can come from the last to the first", () => {
  const names = ["status.sent", "status.delivered", "status.read"];
  const statuses = names.map((name) => encodeWire(fixtures().find((each) => each.name === name)?.payload ?? {}));
  const orders = ["a", "b", "c", "d", "e", "f"].map((seed) =>
    schedule(statuses, plan(seed, ["reorder"]))
      .flat()
      .flatMap(({ body }) => kindsOf(body))
      .join(" "),
  );
  expect(orders).toContain("read delivered sent");
});
