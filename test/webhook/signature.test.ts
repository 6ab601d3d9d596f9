import fc from "fast-check";
import { expect, test } from "vitest";

import { sign, signSha1, verify } from "../../src/webhook/signature.ts";

const SECRET = "test_app_secret";
const BODY = '{"object":"whatsapp_business_account","entry":[]}';
const secrets = fc.string({ minLength: 1 }).filter((secret) => secret.trim() !== "");
const SIGNATURE = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756";

test("the signature is HMAC-SHA256 under the secret as text, in lower-case hex", () => {
  expect(sign(BODY, SECRET)).toBe(SIGNATURE);
  expect(verify(Buffer.from(BODY), SIGNATURE, SECRET)).toBe(true);
});

test("the legacy signature is HMAC-SHA1", () => {
  expect(signSha1("", SECRET)).toMatch(/^sha1=[0-9a-f]{40}$/);
});

test("a signature verifies with its own body and secret only", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), secrets, secrets, (body, otherBody, secret, otherSecret) => {
      const signature = sign(body, secret);
      expect(verify(body, signature, secret)).toBe(true);
      if (Buffer.compare(body, otherBody) !== 0) expect(verify(otherBody, signature, secret)).toBe(false);
      if (secret !== otherSecret) expect(verify(body, signature, otherSecret)).toBe(false);
    }),
  );
});

test.each([
  ["missing", undefined],
  ["empty", ""],
  ["only the scheme", "sha256="],
  ["short", SIGNATURE.slice(0, -1)],
  ["long", `${SIGNATURE}0`],
  ["upper-case", SIGNATURE.toUpperCase()],
  ["upper-case hex", `sha256=${SIGNATURE.slice(7).toUpperCase()}`],
  ["non-hex", `sha256=${"z".repeat(64)}`],
  ["beyond ASCII", `sha256=${"é".repeat(64)}`],
  ["another scheme", SIGNATURE.replace("sha256", "sha512")],
  ["without the scheme", SIGNATURE.slice(7)],
  ["repeated, joined", `${SIGNATURE}, ${SIGNATURE}`],
  ["repeated, as a list", [SIGNATURE, SIGNATURE]],
])("a header that is %s does not verify and does not throw", (_, header) => {
  expect(verify(BODY, header, SECRET)).toBe(false);
});

test("verify returns a boolean for any header", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (header) => verify(BODY, header, SECRET) === (header === SIGNATURE)),
  );
});
