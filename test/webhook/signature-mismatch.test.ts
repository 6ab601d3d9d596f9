import { createHash, createHmac } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { explanations } from "../../src/webhook/signature-mismatch.ts";
import { sign, signSha1 } from "../../src/webhook/signature.ts";
import { wireOf } from "../support/http.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const OTHERS = [
  { name: "the verify token", value: "test-verify-token" },
  { name: "APP_SECRET", value: "another-test-secret" },
];
// Has an accent, a slash, an emoji and an @: every step of a re-serialization shows.
const BODY = wireOf("text.emoji");
const PARSED: unknown = JSON.parse(BODY.toString());
const STRINGIFIED = JSON.stringify(PARSED);

function explain(body: Buffer | string, header: string | undefined, sha1Header?: string): string {
  const steps = explanations({ body: Buffer.from(body), header, sha1Header }, SECRET, OTHERS);
  for (const reason of steps) if (reason !== undefined) return reason;
  throw new Error("unexplained");
}

const hmac = (algorithm: string) => createHmac(algorithm, SECRET).update(BODY);

test.each([
  ["nothing", undefined, undefined, "no X-Hub-Signature-256 header"],
  [
    "only the old header, right",
    undefined,
    signSha1(BODY, SECRET),
    "only the legacy SHA-1 header X-Hub-Signature, which is valid",
  ],
  ["only the old header, wrong", undefined, "sha1=00", "does not match either"],
  ["the header twice", `${sign(BODY, SECRET)}, ${sign(BODY, SECRET)}`, undefined, "more than once"],
  ["sha1 by name", signSha1(BODY, SECRET), undefined, "SHA-1 instead of SHA-256"],
  ["sha1 under the new name", `sha256=${hmac("sha1").digest("hex")}`, undefined, "SHA-1 instead of SHA-256"],
  ["no scheme", hmac("sha256").digest("hex"), undefined, "does not start with sha256=; the digest itself is valid"],
  ["base64", `sha256=${hmac("sha256").digest("base64")}`, undefined, "base64"],
  ["upper case", `sha256=${hmac("sha256").digest("hex").toUpperCase()}`, undefined, "uppercase hex"],
  ["too few digits", sign(BODY, SECRET).slice(0, 40), undefined, "33 hex digits instead of 64"],
  ["no digits", "sha256=hello world", undefined, "not hexadecimal"],
  ["no secret at all", `sha256=${createHash("sha256").update(BODY).digest("hex")}`, undefined, "without a secret"],
  ["the verify token", sign(BODY, "test-verify-token"), undefined, "signed with the verify token, not the app secret"],
  ["another known secret", sign(BODY, "another-test-secret"), undefined, "signed with APP_SECRET, not the app secret"],
  ["a line break after the secret", sign(BODY, `${SECRET}\n`), undefined, "plus a trailing newline"],
  ["quotes around the secret", sign(BODY, `"${SECRET}"`), undefined, "in quotes"],
  [
    "the secret from hex",
    `sha256=${createHmac("sha256", Buffer.from(SECRET, "hex")).update(BODY).digest("hex")}`,
    undefined,
    "decoded from hex",
  ],
  ["an unknown secret", sign(BODY, "nobody knows"), undefined, "signed with an unknown secret, or the body changed"],
])("signed with %s is explained", (_, header, sha1Header, reason) => {
  expect(explain(BODY, header, sha1Header)).toContain(reason);
});

test.each([
  ["with a line break added", `${BODY.toString()}\n`, BODY, "a trailing newline was added"],
  ["with its line break removed", BODY, `${BODY.toString()}\n`, "a trailing newline was removed"],
  ["parsed and stringified on the way", STRINGIFIED, BODY, "escaping was undone"],
  ["with only its slashes unescaped", BODY.toString().replaceAll(String.raw`\/`, "/"), BODY, "escaping was undone"],
  ["parsed and printed with indents", JSON.stringify(PARSED, undefined, 2), BODY, "parsed and re-serialized"],
  ["signed over JSON.stringify", BODY, STRINGIFIED, "JSON.stringify of the parsed body"],
  ["signed over an indented one", BODY, JSON.stringify(PARSED, undefined, 2), "JSON.stringify of the parsed body"],
])("a body %s is explained", (_, arrived, wasSigned, reason) => {
  expect(explain(arrived, sign(wasSigned, SECRET))).toContain(reason);
});

test("two mistakes at once are both named", () => {
  const reason = explain(STRINGIFIED, sign(BODY, "test-verify-token"));
  expect(reason).toContain("escaping was undone");
  expect(reason).toContain("and signed with the verify token");
});

test("no secret is ever in the explanation, and nothing makes it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.option(fc.string({ unit: "binary" }), { nil: undefined }), (body, header) => {
      const reason = explain(Buffer.from(body), header);
      for (const { value } of [...OTHERS, { value: SECRET }]) expect(reason).not.toContain(value);
    }),
  );
});

test("a large body is explained without trying its variants", () => {
  const large = Buffer.from(`{"a":"${"é".repeat(300_000)}"}`);
  expect(explain(large, sign("x", SECRET))).toContain("an unknown secret, or the body changed");
});

test.each([
  ["lists", "[".repeat(30_000) + "]".repeat(30_000)],
  ["objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["lists without an end", "[".repeat(60_000)],
])("a body of %s that are nested deeply is explained without trying its variants", (_, deep) => {
  expect(explain(deep, sign("x", SECRET))).toMatch(/the body changed in transit \(nested more than 100 levels/);
});

test("brackets inside strings do not count as nesting", () => {
  const body = JSON.stringify({ text: `${"[{".repeat(300)}\\"` }, undefined, 2);
  expect(explain(body, sign(JSON.stringify(JSON.parse(body)), SECRET))).toContain("parsed and re-serialized");
});
