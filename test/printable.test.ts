import fc from "fast-check";
import { expect, test } from "vitest";

import { plainData, plainLines, printableJson } from "../src/printable.ts";
import { columnsOf, paintFor, plain, written } from "../src/terminal/paint.ts";
import { HIDDEN } from "./support/hostile.ts";

test("of all characters, exactly those that are not seen become dots and escapes", () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10_ffff; code++) {
    const character = String.fromCodePoint(code);
    const hidden = HIDDEN.test(character);
    if ((plain(character) === "·") !== (hidden || character === "·")) wrong.push(code.toString(16));
    if (hidden && /[^\\"\w]/.test(printableJson(character))) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

test("what people write in any language is printed as it is", () => {
  const texts = ["👩‍👩‍👧‍👦 ❤️‍🔥 1️⃣ 🏳️‍🌈", "مرحبا بالعالم ٣", "שָׁלוֹם", "می‌خواهم", "e\u0301 ñ Å", "हिन्दी क्‍ष", "한국어 漢字仮名"];
  for (const text of texts) expect([plain(text), written(text)]).toEqual([text, text]);
});

test("cleaning twice is cleaning once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const once = plain(text);
      expect([plain(once), written(once)]).toEqual([once, once]);
    }),
  );
});

test("JSON has the same value, keys too, and nothing in it that is not seen", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.constantFrom(undefined, 2), (value, indent) => {
      const json = printableJson(value, indent);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(plainLines(json)).toBe(json);
    }),
  );
});

test("data is cleaned with its keys and to its depth, and what is clean is not copied", () => {
  const clean = { a: ["b", { c: "d é" }], bytes: Buffer.from([0]) };
  expect(plainData(clean)).toBe(clean);
  const hostile = JSON.parse('{"\\u009b2J":["x\\ny",{"__proto__":"\\u202e"}]}') as object;
  expect(JSON.stringify(plainData(hostile))).toBe('{"·2J":["x·y",{"__proto__":"·"}]}');
  let deep: unknown = "\u001b[2J";
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(() => plainData(deep)).not.toThrow();
});

test("our colours come through, around others too; text from outside brings none", () => {
  const paint = paintFor({ write: () => true, isTTY: true }, {}, true);
  expect(written(`${paint.warn(`a ${paint.bad("b")} c`)}\n`)).toBe("\u001b[33ma \u001b[31mb\u001b[33m c\u001b[39m\n");
  expect(written(paint.name("a\u001b[31mb\u001b[1;2;3;31mc"))).toBe("\u001b[36ma·[31mb·[1;2;3;31mc\u001b[39m");
  expect(columnsOf(paint.good("four"))).toBe(4);
  expect(paint.good("")).toBe("");
});
