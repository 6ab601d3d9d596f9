/** Text from outside that is made to be slow: a long one takes a moment, not minutes. */
import { performance } from "node:perf_hooks";

import { expect, test } from "vitest";

import { Preparing } from "../../src/replay/prepare.ts";
import { anonymize } from "../../src/webhook/anonymize.ts";
import { readBody } from "../../src/webhook/payload.ts";
import { explanations } from "../../src/webhook/signature-mismatch.ts";
import { encodeWireText } from "../../src/webhook/wire.ts";

const MOST_MS = 2000;
const SIZE = 300_000;
const fill = (piece: string) => piece.repeat(SIZE / piece.length);

const TEXTS: [what: string, text: string][] = [
  ["a string that never closes", `"${fill(String.raw`\"`)}`],
  ["one long string", `{"a":"${fill("x")}"}`],
  ["one long string of escapes", `{"a":"${fill(String.raw`\"`)}"}`],
  ["one long string of spaces", `{"a":"${fill(" ")}"}`],
  ["one long key of spaces", `{"${fill(" ")}":"a"}`],
  ["white space", `{${fill(" ")}}`],
  ["values that are no letters", `{${fill('"":"-",')}"a":"-"}`],
  ["values that begin and never end", fill(':"')],
  ["one value that begins and never ends", `:"${fill("a")}`],
  ["line breaks", fill("\r")],
  ["slashes", fill("/")],
  ["backslashes", fill("\\")],
];

/** Whatever it says to the text. */
function elapsed(act: () => unknown): number {
  const started = performance.now();
  try {
    act();
  } catch (error) {
    // Deep recursion would be a RangeError; that it is no JSON may be said.
    expect(error).toBeInstanceOf(SyntaxError);
  }
  return performance.now() - started;
}

function tampered(text: string): void {
  const preparing = new Preparing({
    edits: { set: [], fresh: false },
    escape: "basic",
    signing: { appSecret: "test-app-secret", fault: "tampered" },
    now: () => 0,
  });
  const { body } = preparing.prepare({ name: "x", bytes: Buffer.from(text), exact: true }).request();
  expect(Buffer.from(text).equals(body)).toBe(false);
}

test.each(TEXTS)("%s takes a moment", (_, text) => {
  expect(elapsed(() => encodeWireText(text))).toBeLessThan(MOST_MS);
  expect(elapsed(() => anonymize(text))).toBeLessThan(MOST_MS);
  expect(elapsed(() => tampered(text))).toBeLessThan(MOST_MS);
  expect(elapsed(() => readBody(Buffer.from(text)))).toBeLessThan(MOST_MS);
  const signed = { body: Buffer.from(text), header: `sha256=${"0".repeat(64)}`, sha1Header: undefined };
  expect(elapsed(() => [...explanations(signed, "test-app-secret", [])])).toBeLessThan(MOST_MS);
  const small = { ...signed, body: Buffer.from(text.slice(0, 60_000)) };
  expect(elapsed(() => [...explanations(small, "test-app-secret", [])])).toBeLessThan(MOST_MS);
});
