/** The laws of the explanations: every wrong way is explained as itself, and nothing from outside makes them fail. */
import { createCipheriv, generateKeyPairSync, randomBytes, type CipherGCM } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import {
  decryptFlowRequest,
  decryptFlowResponse,
  encryptFlowRequest,
  encryptFlowResponse,
  flipped,
  type FlowKeys,
} from "../../src/flows/encryption.ts";
import { WRONG_REQUESTS } from "../../src/flows/wrong-requests.ts";
import { explainResponse } from "../../src/flows/wrong-responses.ts";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const anything = fc.dictionary(fc.string(), fc.jsonValue()).map((data) => ({ data }));
const keys = (): FlowKeys => ({ aesKey: randomBytes(16), iv: randomBytes(16) });

function gcm(text: string, aesKey: Buffer, iv: Uint8Array): { sealed: Buffer; tag: Buffer } {
  const cipher: CipherGCM = createCipheriv("aes-128-gcm", aesKey, iv);
  return { sealed: Buffer.concat([cipher.update(text), cipher.final()]), tag: cipher.getAuthTag() };
}

function cbc(text: string, aesKey: Buffer, iv: Uint8Array): string {
  const cipher = createCipheriv("aes-128-cbc", aesKey, iv);
  return Buffer.concat([cipher.update(text), cipher.final()]).toString("base64");
}

const lines = (base64: string) => (base64.match(/.{1,20}/g) ?? []).join("\n");

/** Wrong responses by the code of their explanation. */
const WRONG: Readonly<Record<string, (text: string, keys: FlowKeys) => string>> = {
  "iv-not-flipped": (text, { aesKey, iv }) => joined(gcm(text, aesKey, iv)).toString("base64"),
  "iv-short": (text, { aesKey, iv }) => joined(gcm(text, aesKey, flipped(iv).subarray(0, 12))).toString("base64"),
  "iv-own": (text, { aesKey }) => {
    const own = randomBytes(12);
    return Buffer.concat([own, joined(gcm(text, aesKey, own))]).toString("base64");
  },
  "tag-missing": (text, { aesKey, iv }) => gcm(text, aesKey, flipped(iv)).sealed.toString("base64"),
  "tag-first": (text, { aesKey, iv }) => {
    const { sealed, tag } = gcm(text, aesKey, flipped(iv));
    return Buffer.concat([tag, sealed]).toString("base64");
  },
  cbc: (text, { aesKey, iv }) => cbc(text, aesKey, flipped(iv)),
  hex: (text, each) => right(text, each).toString("hex"),
  "base64-twice": (text, each) => Buffer.from(right(text, each).toString("base64")).toString("base64"),
  "base64-lines": (text, each) => lines(right(text, each).toString("base64")),
  "json-string": (text, each) => JSON.stringify(right(text, each).toString("base64")),
  "json-wrapped": (text, each) => JSON.stringify({ data: right(text, each).toString("base64") }),
  json: (text) => text,
  "not-json": (text, each) => right(`response: ${text}`, each).toString("base64"),
  empty: () => "",
  html: () => "<!doctype html><title>Not found</title>",
};

function joined({ sealed, tag }: { sealed: Buffer; tag: Buffer }): Buffer {
  return Buffer.concat([sealed, tag]);
}

function right(text: string, { aesKey, iv }: FlowKeys): Buffer {
  return joined(gcm(text, aesKey, flipped(iv)));
}

test.each(Object.keys(WRONG))("any response with the mistake %s is explained as that", (code) => {
  const make = WRONG[code] as (text: string, keys: FlowKeys) => string;
  fc.assert(
    fc.property(anything, (answer) => {
      const each = keys();
      const response = make(JSON.stringify(answer), each);
      expect(() => decryptFlowResponse(response, each)).toThrow(/./);
      expect(explainResponse(response, each)?.code).toBe(code);
    }),
    { numRuns: 50 },
  );
});

test("base64url is explained wherever it differs from base64", () => {
  fc.assert(
    fc.property(anything, (answer) => {
      const each = keys();
      const bytes = right(JSON.stringify(answer), each);
      const [response, correct] = [bytes.toString("base64url"), bytes.toString("base64")];
      if (response === correct) expect(decryptFlowResponse(response, each)).toEqual(JSON.parse(JSON.stringify(answer)));
      else expect(explainResponse(response, each)?.code).toBe("base64url");
    }),
    { numRuns: 50 },
  );
});

test("no text from outside makes an explanation fail or claim that the request was decrypted", () => {
  const outside = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.base64String(),
    fc.json(),
    fc.string().map((each) => `"${each}"`),
  );
  fc.assert(
    fc.property(outside, fc.constantFrom(16, 32), (text, size) => {
      const each = { aesKey: randomBytes(size), iv: randomBytes(16) };
      expect(explainResponse(text, each)?.decrypted).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});

test.each(WRONG_REQUESTS.map((each) => [each.code, each] as const))(
  "a correct endpoint refuses every request with the mistake %s",
  (_, { make }) => {
    fc.assert(
      fc.property(anything, (payload) => {
        const { request } = make(payload, pair.publicKey);
        expect(() => decryptFlowRequest(request, pair.privateKey)).toThrow(/./);
      }),
      { numRuns: 5 },
    );
  },
);

test("a correct response to a correct request is never explained away", () => {
  fc.assert(
    fc.property(anything, (answer) => {
      const { keys: sent } = encryptFlowRequest({ action: "ping" }, pair.publicKey);
      const response = encryptFlowResponse(answer, sent);
      expect(decryptFlowResponse(`${response}\n`, sent)).toEqual(JSON.parse(JSON.stringify(answer)));
    }),
    { numRuns: 20 },
  );
});
