import { existsSync, readdirSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { error } from "../../src/messages/error.ts";
import { inboundKinds } from "../../src/messages/inbound/index.ts";
import type { Kind } from "../../src/messages/kind.ts";
import { statusKinds } from "../../src/messages/statuses/index.ts";
import { fields } from "../../src/webhook/fields/index.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";

const all = fixtures();

test.each(all)("fixtures/$name.json matches its kind", async ({ name, payload }) => {
  await expect(`${JSON.stringify(payload, undefined, 2)}\n`).toMatchFileSnapshot(`../../fixtures/${name}.json`);
});

test("fixtures/ contains no other files", () => {
  expect(readdirSync("fixtures").toSorted()).toEqual(all.map(({ name }) => `${name}.json`).toSorted());
});

/** Statuses whose summary may be empty. */
const SELF_EXPLANATORY = new Set(["sent", "delivered", "read", "played"]);
/** Fixtures of unknown kinds. */
const UNKNOWN = new Set(["unknown"]);

describe("every kind", () => {
  const kinds: [name: string, kind: Kind][] = [
    ...inboundKinds.map((kind): [string, Kind] => [kind.name, kind]),
    ...statusKinds.map((kind): [string, Kind] => [`status.${kind.name}`, kind]),
    [error.name, error],
  ];

  test.each(kinds)("%s has examples, each with a fixture and a file", (name, kind) => {
    const variants = Object.keys(kind.examples);
    expect(variants.length).toBeGreaterThan(0);
    for (const variant of variants) {
      const full = variant === "default" ? name : `${name}.${variant}`;
      expect(all.map((each) => each.name)).toContain(full);
      expect(existsSync(`fixtures/${full}.json`), full).toBe(true);
    }
  });

  test.each(kinds)("%s is read by its kind and has a one-line summary", (name, kind) => {
    for (const { payload } of all.filter((each) => each.name === name || each.name.startsWith(`${name}.`))) {
      for (const { group, kind: readKind, summary, at, id } of readPayload(payload)) {
        expect([kind.name, "hologram", "unknown"]).toContain(readKind);
        expect(summary).not.toMatch(/[\r\n]|undefined|null|NaN|\[object/);
        if (!SELF_EXPLANATORY.has(readKind)) expect(summary).not.toBe("");
        if (group !== "error") expect({ at, id }).toEqual({ at: 1_785_499_200, id: expect.stringMatching(/^wamid\./) });
      }
    }
  });

  test.each(kinds)("%s does not throw for any input", (_, kind) => {
    for (const input of [undefined, null, 1, "x", [], {}, { [kind.name]: 1 }, { [kind.name]: {} }, { errors: 5 }]) {
      const reading = kind.read(input);
      expect("summary" in reading || reading.problems.length > 0).toBe(true);
    }
  });
});

test.each(all)("$name has no malformed events", ({ name, payload }) => {
  const events = readPayload(payload);
  expect(events.length).toBeGreaterThan(0);
  for (const { group, problems, unknown } of events) {
    expect(group).not.toBe("malformed");
    expect(problems).toBeUndefined();
    expect(unknown === true).toBe(UNKNOWN.has(name));
  }
});

test("a failure has its code, and a fix if the code is known", () => {
  const failures = all.filter(({ name }) => /^(status\.failed|error)\b/.test(name));
  expect(failures.length).toBeGreaterThan(10);
  for (const { name, payload } of failures) {
    for (const { summary, code, fix } of readPayload(payload)) {
      expect(summary).toMatch(/^\d+ [^:]+: [^→]+$/);
      expect(summary.startsWith(`${code} `)).toBe(true);
      expect(fix === undefined).toBe(name.endsWith("unknown-code"));
    }
  }
});

test("names are unique, and every field has a fixture", () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(new Set(all.map(({ field }) => field))).toEqual(new Set(fields.map(({ name }) => name)));
});

test("keys are unique across all fixtures", () => {
  const keys = all.flatMap(({ payload }) => readPayload(payload).flatMap(({ key }) => key ?? []));
  expect(new Set(keys).size).toBe(keys.length);
});

test("a fixture is a fresh copy each time", () => {
  fixture("text").payload.entry.pop();
  expect(fixture("text").payload.entry).toHaveLength(1);
});

test("an unknown name throws an error that suggests the closest name", () => {
  expect(() => fixture("imge")).toThrow(
    expect.objectContaining({ code: "fixture.unknown", hint: "did you mean image?" }) as Error,
  );
});
