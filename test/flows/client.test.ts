/** The client of a Flow's endpoint: what it sends, and what it makes of responses. */
import { generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { onTestFinished, expect, test } from "vitest";

import { checkFlow } from "../../src/flows/check.ts";
import { startFlowClient, type FlowClientOptions } from "../../src/flows/client.ts";
import {
  decryptFlowRequest,
  encryptFlowResponse,
  isKeyPair,
  type EncryptedFlowRequest,
  type FlowKeys,
} from "../../src/flows/encryption.ts";
import { verify } from "../../src/webhook/signature.ts";
import { freePort, serve } from "../support/http.ts";

const SECRET = "test-app-secret";

function newPair(modulusLength = 2048) {
  return generateKeyPairSync("rsa", {
    modulusLength,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
const pair = newPair();

type Respond = (keys: FlowKeys, payload: unknown, response: ServerResponse) => void;

/** An endpoint and a client of it. */
async function connected(respond: Respond, options: Partial<FlowClientOptions> = {}) {
  const received: { payload: unknown; body: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const { url } = await serve(async (request, response) => {
    const body = await text(request);
    const { payload, keys } = decryptFlowRequest(JSON.parse(body) as EncryptedFlowRequest, pair.privateKey);
    received.push({ payload, body, headers: request.headers });
    respond(keys, payload, response);
  });
  const client = await startFlowClient({ url, publicKey: pair.publicKey, appSecret: SECRET, ...options });
  onTestFinished(() => client.close());
  return { client, received, url };
}

const active: Respond = (keys, _, response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  response.end(encryptFlowResponse({ data: { status: "active" } }, keys));
};

test("each action is sent as Meta documents it, signed over bytes with escaped slashes", async () => {
  const { client, received } = await connected(active, { flowToken: "token-1" });
  await client.ping();
  await client.init();
  await client.exchange("DAY", { day: "friday" });
  await client.back("NAME");
  await client.error("NAME", "key", "what happened");
  const [version, flow_token] = ["3.0", "token-1"];
  expect(received.map(({ payload }) => payload)).toEqual([
    { version, action: "ping" },
    { version, action: "INIT", flow_token },
    { version, action: "data_exchange", screen: "DAY", data: { day: "friday" }, flow_token },
    { version, action: "BACK", screen: "NAME", data: {}, flow_token },
    {
      version,
      action: "data_exchange",
      screen: "NAME",
      data: { error: "key", error_message: "what happened" },
      flow_token,
    },
  ]);
  for (const { body, headers } of received) {
    expect(verify(Buffer.from(body), headers["x-hub-signature-256"] as string, SECRET)).toBe(true);
    expect(body).not.toMatch(/[^\\]\//);
    expect(Object.keys(JSON.parse(body) as object)).toEqual([
      "encrypted_flow_data",
      "encrypted_aes_key",
      "initial_vector",
    ]);
  }
  // Each request has a key of its own.
  expect(new Set(received.map(({ body }) => body)).size).toBe(5);
});

test("a response has its status, time, content type and decrypted answer", async () => {
  const { client } = await connected(active);
  expect(await client.ping()).toMatchObject({
    status: 200,
    contentType: "text/plain",
    ms: expect.any(Number),
    characters: expect.any(Number),
    answer: { data: { status: "active" } },
  });
});

test("without an app secret requests are not signed", async () => {
  const { received, url } = await connected(active);
  await using client = await startFlowClient({ url, publicKey: pair.publicKey });
  await client.ping();
  expect(received[0]?.headers).not.toHaveProperty("x-hub-signature-256");
});

test("a response of 500 KB is decrypted, and one above 1 MB is refused with its reason", async () => {
  let length = 500_000;
  const { client } = await connected((keys, _, response) => {
    response.end(encryptFlowResponse({ screen: "PHOTOS", data: { photo: "x".repeat(length) } }, keys));
  });
  expect((await client.init()).answer).toMatchObject({ data: { photo: "x".repeat(length) } });
  length = 1_500_000;
  expect((await client.init()).problem).toMatchObject({ code: "too-large" });
});

test("no response, a slow response and other statuses are results", async () => {
  const port = await freePort();
  await using nobody = await startFlowClient({ url: `http://127.0.0.1:${port}/`, publicKey: pair.publicKey });
  expect(await nobody.ping()).toMatchObject({
    problem: { code: "no-response", fix: expect.stringContaining("refused") },
  });
  const { client: waiting } = await connected(() => {}, { timeoutMs: 50 });
  expect((await waiting.ping()).problem).toMatchObject({
    code: "timeout",
    cause: "no complete response within 0.05 s",
  });
  const { client: endless } = await connected((_, __, response) => void response.write("A"), { timeoutMs: 50 });
  expect((await endless.ping()).problem).toMatchObject({ code: "timeout" });
  const { client: ended } = await connected((_, __, response) => response.writeHead(427).end("x".repeat(1000)));
  expect(await ended.ping()).toMatchObject({ status: 427, text: "x".repeat(200) });
});

test("what cannot be a client is a usage error", async () => {
  const { publicKey } = pair;
  const failure = (options: Partial<FlowClientOptions>) =>
    expect(startFlowClient({ url: "http://127.0.0.1/", publicKey, ...options })).rejects;
  await failure({ url: "ftp://example.com/" }).toThrow("ftp://example.com/ is not the URL of an endpoint");
  await failure({ publicKey: "no key" }).toThrow("the public key is not in PEM format");
  await failure({ publicKey: pair.privateKey }).toThrow("the public key is a private key");
  await failure({ publicKey: newPair(1024).publicKey }).toThrow("has 1024 bits; Meta accepts RSA keys of 2048 bits");
  await failure({ appSecret: " " }).toThrow("appSecret is only white space");
});

test("a pair is recognized, and any other key is not", () => {
  expect(isKeyPair(pair.publicKey, pair.privateKey)).toBe(true);
  expect(isKeyPair(pair.publicKey, newPair().privateKey)).toBe(false);
  expect(() => isKeyPair(pair.publicKey, "no key")).toThrow("the private key is not in PEM format");
});

test("the check explains a status instead of trying on, and stops when it is aborted", async () => {
  const { url } = await serve((_, response) => response.writeHead(308, { location: "/flow/" }).end());
  await using client = await startFlowClient({ url, publicKey: pair.publicKey, appSecret: SECRET });
  const options = { client, publicKey: pair.publicKey, appSecret: SECRET };
  const conclusion = async (more: object = {}) => {
    const steps = checkFlow({ ...options, ...more });
    let step = await steps.next();
    while (step.done !== true) step = await steps.next();
    return step.value;
  };
  expect(await conclusion()).toMatchObject({ code: "redirect", cause: "the endpoint redirects with 308" });
  expect((await conclusion({ isPair: false }))?.code).toBe("key-pair");
  await expect(conclusion({ signal: AbortSignal.abort() })).rejects.toThrow("interrupted before all checks");
});

test("every request contains a slash, so that a signature over a parsed body is always noticed", async () => {
  const { client } = await connected(active);
  const bodies = Array.from({ length: 4_000 }, () => JSON.stringify(client.encrypt({ action: "ping" }).request));
  expect(bodies.filter((body) => !body.includes("/"))).toEqual([]);
});
