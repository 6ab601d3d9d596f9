import { generateKeyPairSync } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import {
  decryptFlowRequest,
  decryptFlowResponse,
  encryptFlowRequest,
  encryptFlowResponse,
} from "../../src/flows/encryption.ts";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "fake-passphrase" },
});

test("any request and any response survive encryption and decryption", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (asked, answer) => {
        const sent = encryptFlowRequest(asked, pair.publicKey);
        const { payload, keys } = decryptFlowRequest(sent.request, pair.privateKey, "fake-passphrase");
        expect(JSON.stringify(payload)).toBe(JSON.stringify(asked));
        const response = encryptFlowResponse(answer, keys);
        expect(JSON.stringify(decryptFlowResponse(response, sent.keys))).toBe(JSON.stringify(answer));
      },
    ),
    { numRuns: 30 },
  );
});

test("a changed request, a changed response and another pass phrase are refused", () => {
  const { request, keys } = encryptFlowRequest({ action: "ping" }, pair.publicKey);
  const changed = `${request.encrypted_flow_data.startsWith("A") ? "B" : "A"}${request.encrypted_flow_data.slice(1)}`;
  expect(() =>
    decryptFlowRequest({ ...request, encrypted_flow_data: changed }, pair.privateKey, "fake-passphrase"),
  ).toThrow("authenticate");
  expect(() => decryptFlowResponse(request.encrypted_flow_data, keys)).toThrow("authenticate");
  expect(() => decryptFlowRequest(request, pair.privateKey, "other")).toThrow("is encrypted with another pass phrase");
});
