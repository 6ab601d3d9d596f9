import { existsSync, readdirSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { inboundKinds } from "../../src/messages/inbound/index.ts";
import type { Kind } from "../../src/messages/kind.ts";
import { statusKinds } from "../../src/messages/statuses/index.ts";
import { error } from "../../src/meta-errors/error.ts";
import { fields } from "../../src/webhook/fields/index.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";

const all = fixtures();

test.each(all)("the file of $name is what its kind says", async ({ name, payload }) => {
  await expect(`${JSON.stringify(payload, undefined, 2)}\n`).toMatchFileSnapshot(`../../fixtures/${name}.json`);
});

test("fixtures/ holds nothing else", () => {
  expect(readdirSync("fixtures").toSorted()).toEqual(all.map(({ name }) => `${name}.json`).toSorted());
});

/** Words that say it all by themselves. */
const SAYS_ALL = new Set(["sent", "delivered", "read", "played"]);
/** What is meant to be unknown. */
const UNKNOWN = new Set(["unknown"]);

describe("every kind", () => {
  const kinds: [name: string, kind: Kind][] = [
    ...inboundKinds.map((kind): [string, Kind] => [kind.name, kind]),
    ...statusKinds.map((kind): [string, Kind] => [`status.${kind.name}`, kind]),
    [error.name, error],
  ];

  test.each(kinds)("%s has an example, each with a fixture and a file of its own", (name, kind) => {
    const variants = Object.keys(kind.examples);
    expect(variants.length).toBeGreaterThan(0);
    for (const variant of variants) {
      const full = variant === "default" ? name : `${name}.${variant}`;
      expect(all.map((each) => each.name)).toContain(full);
      expect(existsSync(`fixtures/${full}.json`), full).toBe(true);
    }
  });

  test.each(kinds)("%s is read by its kind, in a line that tells what happened", (name, kind) => {
    for (const { payload } of all.filter((each) => each.name === name || each.name.startsWith(`${name}.`))) {
      for (const { group, kind: told, summary, at, id } of readPayload(payload)) {
        expect([kind.name, "hologram", "unknown"]).toContain(told);
        expect(summary).not.toMatch(/[\r\n]|undefined|null|NaN|\[object/);
        if (!SAYS_ALL.has(told)) expect(summary).not.toBe("");
        if (group !== "error") expect({ at, id }).toEqual({ at: 1_785_499_200, id: expect.stringMatching(/^wamid\./) });
      }
    }
  });

  test.each(kinds)("%s survives anything", (_, kind) => {
    for (const odd of [undefined, null, 1, "x", [], {}, { [kind.name]: 1 }, { [kind.name]: {} }, { errors: 5 }]) {
      const reading = kind.read(odd);
      expect("summary" in reading || reading.problems.length > 0).toBe(true);
    }
  });
});

test.each(all)("$name reads as events that are not odd", ({ name, payload }) => {
  const events = readPayload(payload);
  expect(events.length).toBeGreaterThan(0);
  for (const { group, problems, unknown } of events) {
    expect(group).not.toBe("odd");
    expect(problems).toBeUndefined();
    expect(unknown === true).toBe(UNKNOWN.has(name));
  }
});

test("a failure tells its code, its meaning and what to do, for every code that is known", () => {
  const failures = all.filter(({ name }) => /^(status\.failed|error)\b/.test(name));
  expect(failures.length).toBeGreaterThan(10);
  for (const { name, payload } of failures) {
    for (const { summary } of readPayload(payload)) {
      expect(summary).toMatch(name.endsWith("unknown-code") ? /^\d+ [^:]+: [^→]+$/ : /^\d+ [^:]+: .+ → .+$/);
    }
  }
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
