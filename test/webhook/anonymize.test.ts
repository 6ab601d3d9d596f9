import fc from "fast-check";
import { expect, test } from "vitest";

import { anonymize } from "../../src/webhook/anonymize.ts";
import { fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";
import { encodeWire } from "../../src/webhook/wire.ts";

const wires = fixtures().map(({ name, payload }) => [name, encodeWire(payload).toString("latin1")] as const);

/** Every primitive value with its path. */
function* leaves(value: unknown, path = ""): Generator<[path: string, value: unknown]> {
  if (typeof value !== "object" || value === null) return yield [path, value];
  for (const [key, inner] of Object.entries(value)) yield* leaves(inner, `${path}.${key}`);
}

test.each(wires)("%s keeps its structure, its kinds and Meta's encoding", (_, wire) => {
  const other = anonymize(wire);
  const [before, after] = [JSON.parse(wire) as unknown, JSON.parse(other) as unknown];
  expect([...leaves(after)].map(([path, value]) => [path, typeof value])).toEqual(
    [...leaves(before)].map(([path, value]) => [path, typeof value]),
  );
  const kinds = (payload: unknown) => readPayload(payload).map(({ kind, group, path, at }) => [kind, group, path, at]);
  expect(kinds(after)).toEqual(kinds(before));
  expect(/^[\u0020-\u007e]*$/.test(other)).toBe(true);
  expect(other).not.toMatch(/(?<!\\)\//);
});

test("personal data is replaced, consistently throughout the payload", () => {
  const payload = {
    contacts: [{ profile: { name: "Sheena" }, wa_id: "16505551234", user_id: "US.13491208655302741918" }],
    messages: [
      {
        from: "16505551234",
        id: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ=",
        timestamp: "1785499200",
        type: "text",
        text: { body: "Grüße, 5 €" },
      },
      {
        context: { id: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ=" },
        type: "contacts",
        contacts: [{ name: { formatted_name: "Sheena" }, phones: [{ phone: "+1 650-555-1234" }] }],
      },
      {
        type: "image",
        image: { sha256: "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX/GUI=", url: "https://lookaside.fbsbx.com/x?mid=1" },
      },
      { type: "location", location: { latitude: 50.9413, longitude: 6.9583 } },
      {
        type: "interactive",
        interactive: { type: "nfm_reply", nfm_reply: { name: "flow", response_json: '{"a":"b"}' } },
      },
    ],
    statuses: [
      {
        status: "failed",
        errors: [{ code: 131047, title: "Re-engagement message", error_data: { details: "More than 24 hours" } }],
      },
    ],
  };
  const text = anonymize(JSON.stringify(payload));
  for (const secret of [
    "Sheena",
    "6505551234",
    "650-555-1234",
    "13491208655302741918",
    "Grüße",
    "SfInY0",
    "lookaside",
    "50.9413",
    "HBgLMTY1MDU1NTEyMzQ",
  ]) {
    expect(text).not.toContain(secret);
  }
  const other = JSON.parse(text) as typeof payload;
  const [contact] = other.contacts;
  const [first, second, third, , fifth] = other.messages as unknown[];
  const message = (each: unknown) => each as Record<string, Record<string, unknown>>;
  expect(message(first)["from"]).toBe(contact?.wa_id);
  expect(message(second)["context"]?.["id"]).toBe(message(first)["id"]);
  expect(contact?.wa_id).toHaveLength(11);
  expect(JSON.stringify(message(second)["contacts"])).toContain(contact?.profile.name);
  expect(JSON.stringify(message(second)["contacts"]).replaceAll(/\D/g, "")).toContain(contact?.wa_id);
  expect(String(message(third)["image"]?.["sha256"])).toHaveLength(44);
  expect(JSON.stringify(fifth)).toContain('"name":"flow"');
  expect(text).toContain('"1785499200"');
  expect(other.statuses).toEqual(payload.statuses);
});

test("white space, key order and escapes are preserved", () => {
  expect(anonymize('{ "type":"text",\n "text" : { "body": "caf\\u00e9 \\/" } }')).toBe(
    '{ "type":"text",\n "text" : { "body": "lor\\u00e9 m" } }',
  );
  expect(anonymize('["a", 1, null, true, -2.5e3, {}]')).toBe('["l", 1, null, true, -2.5e3, {}]');
  expect(() => anonymize("{")).toThrow(SyntaxError);
});

test("arbitrary JSON keeps its structure", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const [before, after] = [JSON.parse(json) as unknown, JSON.parse(anonymize(json)) as unknown];
      expect([...leaves(after)].map(([path, value]) => [path, typeof value])).toEqual(
        [...leaves(before)].map(([path, value]) => [path, typeof value]),
      );
    }),
    { numRuns: 300 },
  );
});
