import { readdirSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { inboundKinds } from "../../src/messages/inbound/index.ts";
import { statusKinds } from "../../src/messages/statuses/index.ts";
import { fields } from "../../src/webhook/fields/index.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";

const all = fixtures();

test.each(all)("fixtures/$name.json is what its kind says", async ({ name, payload }) => {
  await expect(`${JSON.stringify(payload, undefined, 2)}\n`).toMatchFileSnapshot(`../../fixtures/${name}.json`);
});

test("fixtures/ holds nothing else", () => {
  expect(readdirSync("fixtures").toSorted()).toEqual(all.map(({ name }) => `${name}.json`).toSorted());
});

describe("every kind", () => {
  test.each(all)("$name reads as one event that is not odd", ({ name, payload }) => {
    const events = readPayload(payload);
    expect(events).toHaveLength(1);
    expect(events[0]?.group).not.toBe("odd");
    expect(events[0]?.problems).toBeUndefined();
    expect(events[0]?.unknown === true).toBe(name === "unknown");
  });

  test.each([...inboundKinds, ...statusKinds])("$name has an example and survives anything", (kind) => {
    expect(Object.keys(kind.examples).length).toBeGreaterThan(0);
    for (const odd of [undefined, null, 1, "x", [], {}, { [kind.name]: 1 }, { [kind.name]: {} }, { errors: 5 }]) {
      const reading = kind.read(odd);
      expect("summary" in reading || reading.problems.length > 0).toBe(true);
    }
  });
});

test("names are unique, and each field has a fixture", () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(new Set(all.map(({ field }) => field))).toEqual(new Set(fields.map(({ name }) => name)));
});

test("events with identity have keys of their own, and different fixtures never share one", () => {
  const keys = all.flatMap(({ payload }) => readPayload(payload).flatMap(({ key }) => key ?? []));
  expect(new Set(keys).size).toBe(keys.length);
});

test("a fixture is a fresh copy each time", () => {
  fixture("text").payload.entry.pop();
  expect(fixture("text").payload.entry).toHaveLength(1);
});

test("an unknown name is refused with the closest one", () => {
  expect(() => fixture("imge")).toThrow(
    expect.objectContaining({ code: "fixture.unknown", hint: "did you mean image?" }) as Error,
  );
});
