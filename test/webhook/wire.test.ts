import fc from "fast-check";
import { expect, test } from "vitest";

import { encodeWire, encodeWireText } from "../../src/webhook/wire.ts";

const anything = fc.jsonValue({ stringUnit: "binary" });

test("encoding round-trips, and no byte is above 0x7E", () => {
  fc.assert(
    fc.property(anything, fc.constantFrom("basic", "full"), (value, escape) => {
      const bytes = encodeWire(value, escape);
      expect(bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)).toBe(true);
      expect(JSON.parse(bytes.toString("utf8"))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 500 },
  );
});

test("encoding is idempotent", () => {
  fc.assert(
    fc.property(anything, fc.constantFrom("basic", "full"), (value, escape) => {
      const once = encodeWire(value, escape).toString();
      expect(encodeWireText(once, escape).toString()).toBe(once);
      expect(encodeWireText(JSON.stringify(value, undefined, 2), escape).toString()).toBe(once);
    }),
  );
});

test.each([
  ["a slash", "image/jpeg", String.raw`"image\/jpeg"`],
  ["an accent, in lower-case hex", "café", String.raw`"caf\u00e9"`],
  ["an emoji, as a surrogate pair", "👍", String.raw`"\ud83d\udc4d"`],
  ["a control character", "a\nb\u0001", String.raw`"a\nb\u0001"`],
  ["a quote and a backslash", String.raw`"\ `, String.raw`"\"\\ "`],
  ["DEL", "\u007f", String.raw`"\u007f"`],
  ["a lone surrogate", "\ud83d", String.raw`"\ud83d"`],
  ["characters that basic does not escape", "a@b 5% <i> & = ? '", `"a@b 5% <i> & = ? '"`],
])("%s is encoded like Meta encodes it", (_, text, wire) => {
  expect(encodeWire(text).toString()).toBe(wire);
});

test("full also escapes @, % and <", () => {
  expect(encodeWire("a@b 5% <i>", "full").toString()).toBe(String.raw`"a\u0040b 5\u0025 \u003Ci>"`);
});

test("JSON text keeps key order, duplicate keys and long numbers", () => {
  const text = '{ "b": 12345678901234567890,\n "2": 1.50, "1": [ ], "a": "x / y", "a": 1e2 }';
  expect(encodeWireText(text).toString()).toBe(
    String.raw`{"b":12345678901234567890,"2":1.50,"1":[],"a":"x \/ y","a":1e2}`,
  );
});

test("there is no white space between tokens, and key order is preserved", () => {
  expect(encodeWire({ object: "o", entry: [{ id: "1", changes: [] }] }).toString()).toBe(
    '{"object":"o","entry":[{"id":"1","changes":[]}]}',
  );
});
