/** No secret is empty: with an empty key, whoever knows the algorithm can sign. */
import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import { startEmulator } from "../src/emulator/server.ts";
import { Graph } from "../src/graph/client.ts";
import { startListener } from "../src/listener/server.ts";
import { answerHandshake } from "../src/webhook/handshake.ts";
import { sign, signSha1, verify } from "../src/webhook/signature.ts";

const BODY = '{"object":"whatsapp_business_account","entry":[]}';
const EMPTY = [
  ["empty", ""],
  ["white space", " \t\n"],
  ["missing", undefined as unknown as string],
  ["null", null as unknown as string],
] as const;

test.each(EMPTY)("nothing signs or verifies with an app secret that is %s", (_, secret) => {
  const forged = `sha256=${createHmac("sha256", secret ?? "")
    .update(BODY)
    .digest("hex")}`;
  const refusal = expect.objectContaining({ name: "UsageError", code: "secret.empty" });
  expect(() => verify(BODY, forged, secret)).toThrow(refusal);
  expect(() => verify(BODY, undefined, secret)).toThrow(refusal);
  expect(() => sign(BODY, secret)).toThrow(refusal);
  expect(() => signSha1(BODY, secret)).toThrow(refusal);
});

test.each(EMPTY)("no handshake passes a verify token that is %s", (_, token) => {
  const query = new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.challenge": "42",
    "hub.verify_token": token ?? "",
  });
  expect(() => answerHandshake(query, token)).toThrow(/verifyToken is /);
});

test.each(EMPTY)("no listener starts with a secret that is %s", async (_, secret) => {
  const good = "fake-secret-for-tests";
  await expect(startListener({ appSecret: secret, verifyToken: good })).rejects.toThrow(/^appSecret is /);
  await expect(startListener({ appSecret: good, verifyToken: secret })).rejects.toThrow(/^verifyToken is /);
});

test("no Graph client proves requests with an empty app secret", () => {
  const options = { url: "https://graph.facebook.com", version: "v25.0", accessToken: "EAAfake" };
  expect(() => new Graph({ ...options, appSecret: " " })).toThrow(/^appSecret is only white space/);
});

test.each(["appSecret", "verifyToken", "accessToken"] as const)("no emulator starts with an empty %s", async (name) => {
  await expect(startEmulator({ account: { [name]: " " } })).rejects.toThrow(`account.${name} is only white space`);
});
