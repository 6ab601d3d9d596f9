/** A customer opens a Flow: its screens go to the endpoint of the Flow, and its end is a message to the app. */
import { generateKeyPairSync } from "node:crypto";
import { text } from "node:stream/consumers";

import { normalizeWebhook, receiveFlowEvent } from "@kapso/whatsapp-cloud-api/server";
import { expect, test } from "vitest";

import type { CustomerAction } from "../../src/emulator/customer-action.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { decryptFlowRequest, encryptFlowResponse, type EncryptedFlowRequest } from "../../src/flows/encryption.ts";
import { verify } from "../../src/webhook/signature.ts";
import { serve } from "../support/http.ts";
import { anApp, QUIET, startTestEmulator, valueOf } from "./test-emulator.ts";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const SECRET = "test-app-secret";

type Request = { action: string; screen?: string; data?: Record<string, unknown>; flow_token: string };
type Answer = object | number;

/** An endpoint that responds with what `answer` returns: a response to encrypt, or a status. */
async function anEndpoint(answer: (request: Request) => Answer) {
  const requests: Request[] = [];
  const signatures: boolean[] = [];
  const { url } = await serve(async (request, response) => {
    const body = await text(request);
    signatures.push(verify(Buffer.from(body), request.headers["x-hub-signature-256"], SECRET));
    const { payload, keys } = decryptFlowRequest(JSON.parse(body) as EncryptedFlowRequest, pair.privateKey);
    requests.push(payload as Request);
    const answered = answer(payload as Request);
    if (typeof answered === "number") response.writeHead(answered).end('{"error_msg":"The table is taken."}');
    else response.writeHead(200, { "content-type": "text/plain" }).end(encryptFlowResponse(answered, keys));
  });
  return { url, requests, signatures };
}

function booking({ action, screen, data, flow_token }: Request): Answer {
  if (action === "INIT") return { screen: "DAY", data: { days: ["friday"] } };
  if (action === "BACK") return { screen: "DAY", data: {} };
  if (data?.["day"] === "sunday") return { data: { error_message: "We are closed" } };
  if (data?.["day"] === "never") return 427;
  if (screen === "DAY") return { screen: "NAME", data: { day: data?.["day"] } };
  const params = { flow_token, name: data?.["name"] };
  return { screen: "SUCCESS", data: { extension_message_response: { params } } };
}

async function withFlow(answer = booking, options: EmulatorOptions = {}) {
  const endpoint = await anEndpoint(answer);
  const app = await anApp();
  const stage = await startTestEmulator({ ...QUIET, webhook: app.url, account: { appSecret: SECRET }, ...options });
  const { emulator, ask } = stage;
  const { businessAccountId: waba, phoneNumberId: phone } = emulator.account;
  const json = { name: "Booking", categories: ["OTHER"], endpoint_uri: endpoint.url };
  const { id } = (await ask(`/${waba}/flows`, { json })).json as { id: string };
  await ask(`/${phone}/whatsapp_business_encryption`, { json: { business_public_key: pair.publicKey } });
  const send = async (parameters: object) => {
    const action = { name: "flow", parameters: { flow_message_version: "3", flow_cta: "Book", ...parameters } };
    const content = { type: "interactive", interactive: { type: "flow", body: { text: "A table?" }, action } };
    return (await stage.send(content)).json.messages[0].id as string;
  };
  const act = (action: CustomerAction["action"], more: Partial<CustomerAction> = {}) =>
    emulator.act({ action, ...more });
  return { ...stage, app, endpoint, id, send, act };
}

test("a Flow of a message goes through its screens to the endpoint, and ends with a reply to the message", async () => {
  const { act, app, emulator, endpoint, id, send, next } = await withFlow();
  const message = await send({ flow_id: id, flow_token: "booking-1", flow_action: "data_exchange" });
  expect(await act("open_flow")).toEqual({ screen: "DAY", data: { days: ["friday"] } });
  expect(await next("flow")).toMatchObject({ action: "INIT", next: "DAY", status: 200, url: endpoint.url });
  expect(await act("submit_flow", { data: { day: "sunday" } })).toEqual({
    screen: "DAY",
    data: { error_message: "We are closed" },
  });
  expect(await act("submit_flow", { data: { day: "friday" } })).toEqual({ screen: "NAME", data: { day: "friday" } });
  expect(await act("back_flow")).toMatchObject({ screen: "DAY" });
  await act("submit_flow", { data: { day: "friday" } });
  const ended = await act("submit_flow", { data: { name: "Sheena" } });
  await emulator.settled();
  const received = valueOf(app.bodies.at(-1)).messages[0];
  expect(received).toMatchObject({ id: ended.id, type: "interactive", context: { id: message } });
  expect(received.interactive.nfm_reply).toMatchObject({ name: "flow", body: "Sent" });
  expect(JSON.parse(received.interactive.nfm_reply.response_json as string)).toEqual({
    flow_token: "booking-1",
    name: "Sheena",
  });
  expect(endpoint.requests.map(({ action, screen }) => [action, screen])).toEqual([
    ["INIT", undefined],
    ["data_exchange", "DAY"],
    ["data_exchange", "DAY"],
    ["BACK", "NAME"],
    ["data_exchange", "DAY"],
    ["data_exchange", "NAME"],
  ]);
  expect(new Set(endpoint.requests.map(({ flow_token }) => flow_token))).toEqual(new Set(["booking-1"]));
  expect(endpoint.signatures).not.toContain(false);
  await expect(act("submit_flow")).rejects.toThrow("the customer has no Flow open");
});

test("a client library reads the requests and the reply", async () => {
  const { act, app, emulator, endpoint, id, send } = await withFlow();
  await send({ flow_id: id, flow_token: "booking-1", flow_action: "data_exchange" });
  await act("open_flow");
  await act("submit_flow", { data: { day: "friday" } });
  await act("submit_flow", { data: { name: "Sheena" } });
  await emulator.settled();
  const rawBody = Buffer.from(JSON.stringify(endpoint.requests[1]));
  const { phoneNumberId } = emulator.account;
  const getPrivateKey = () => Promise.resolve(pair.privateKey);
  expect(await receiveFlowEvent({ rawBody, phoneNumberId, getPrivateKey })).toMatchObject({
    action: "DATA_EXCHANGE",
    screen: "DAY",
    flowToken: "booking-1",
    data: { day: "friday" },
  });
  const [message] = normalizeWebhook(JSON.parse(app.bodies.at(-1) ?? "")).messages;
  expect(message).toMatchObject({
    kapso: { flowName: "flow", flowToken: "booking-1", flowResponse: { flowToken: "booking-1", name: "Sheena" } },
  });
});

test("a message that navigates shows its own screen and data without the endpoint", async () => {
  const { act, endpoint, id, send } = await withFlow();
  await send({
    flow_id: id,
    flow_action: "navigate",
    flow_action_payload: { screen: "NAME", data: { day: "friday" } },
  });
  expect(await act("open_flow")).toEqual({ screen: "NAME", data: { day: "friday" } });
  expect(endpoint.requests).toEqual([]);
  expect(await act("submit_flow", { data: { name: "Sheena" } })).toHaveProperty("id");
  // Source: Meta, "Sending a Flow".
  expect(endpoint.requests[0]).toMatchObject({ screen: "NAME", flow_token: "unused" });
});

test("a Flow is opened by its name, and completed without the endpoint or left", async () => {
  const { act, app, emulator, endpoint } = await withFlow();
  expect(await act("open_flow", { flow: "Booking" })).toMatchObject({ screen: "DAY" });
  const { flow_token } = endpoint.requests[0] as Request;
  await act("complete_flow", { data: { day: "monday" } });
  await emulator.settled();
  const { interactive } = valueOf(app.bodies.at(-1)).messages[0];
  expect(JSON.parse(interactive.nfm_reply.response_json as string)).toEqual({ day: "monday", flow_token });
  await act("open_flow");
  expect(await act("close_flow")).toEqual({});
  await expect(act("close_flow")).rejects.toThrow("no Flow open");
  expect(app.bodies).toHaveLength(1);
});

test("a Flow is played through the control API", async () => {
  const { ask } = await withFlow();
  const customer = async (json: object) => (await ask("/_wa-hook/customer", { json, token: null })).json;
  expect(await customer({ action: "open_flow" })).toMatchObject({ success: true, screen: "DAY" });
  expect(await customer({ action: "submit_flow", data: "friday" })).toMatchObject({
    error: { message: "the data of a screen is a JSON object" },
  });
  await customer({ action: "submit_flow", data: { day: "friday" } });
  expect(await customer({ action: "submit_flow", data: { name: "Sheena" } })).toEqual({
    success: true,
    id: expect.stringMatching(/^wamid\./),
  });
});

test("a Flow without an endpoint ends with its screen", async () => {
  const { act, ask, app, emulator } = await withFlow();
  const flow_json = JSON.stringify({ version: "7.0", screens: [{ id: "RATING" }] });
  await ask(`/${emulator.account.businessAccountId}/flows`, {
    json: { name: "Rating", categories: ["SURVEY"], flow_json },
  });
  expect(await act("open_flow", { flow: "Rating" })).toEqual({ screen: "RATING", data: {} });
  await act("submit_flow", { data: { stars: 5 } });
  await emulator.settled();
  const { interactive } = valueOf(app.bodies.at(-1)).messages[0];
  expect(JSON.parse(interactive.nfm_reply.response_json as string)).toMatchObject({ stars: 5 });
});

test("an expired token closes the Flow; other failures leave it open", async () => {
  let fails = false;
  const { act } = await withFlow((request) => (fails ? { data: {} } : booking(request)));
  await act("open_flow");
  fails = true;
  await expect(act("submit_flow", { data: { day: "friday" } })).rejects.toThrow("the response has no screen");
  fails = false;
  await expect(act("submit_flow", { data: { day: "never" } })).rejects.toThrow(
    "expired, and the Flow is closed: The table is taken.",
  );
  await expect(act("submit_flow")).rejects.toThrow("no Flow open");
});

test("what is missing is named", async () => {
  const { act, ask, emulator, id } = await withFlow();
  await expect(act("open_flow", { flow: "1" })).rejects.toThrow("the account has no Flow 1");
  await expect(act("open_flow", { data: [] as object, flow: id })).resolves.toHaveProperty("screen");
  await expect(act("submit_flow", { data: [] })).rejects.toThrow("the data of a screen is a JSON object");
  await ask(`/${id}`, { json: { endpoint_uri: "https://example.com/flow" } });
  await expect(act("open_flow")).rejects.toThrow("https://example.com/flow is not on this machine");
  const other = await startTestEmulator();
  await expect(other.emulator.act({ action: "open_flow" })).rejects.toThrow("no message with a Flow");
  const json = { name: "Keyless", categories: ["OTHER"], endpoint_uri: "http://127.0.0.1:9/" };
  await other.ask(`/${other.emulator.account.businessAccountId}/flows`, { json });
  await expect(other.emulator.act({ action: "open_flow" })).rejects.toThrow("has no public key");
  expect(emulator.requests.length).toBeGreaterThan(0);
});

test("closing the emulator does not wait for a slow endpoint", async () => {
  let asked = () => {};
  const request = new Promise<void>((resolve) => (asked = resolve));
  const { url } = await serve(() => asked());
  const { act, ask, emulator, id } = await withFlow();
  await ask(`/${id}`, { json: { endpoint_uri: url } });
  const opening = act("open_flow");
  const failed = expect(opening).rejects.toThrow("no response");
  await request;
  await emulator.close();
  await failed;
}, 5000);
