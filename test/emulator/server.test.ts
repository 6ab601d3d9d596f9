/** The emulator as a whole: lookups, unsupported requests, the request log and the lifecycle. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { describe, expect, onTestFinished, test } from "vitest";

import { Log } from "../../src/emulator/log.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { anApp, startTestEmulator, QUIET } from "./test-emulator.ts";

const { Response: OURS } = globalThis;

describe("a lookup", () => {
  test("of the phone number returns the default or the requested fields", async () => {
    const { emulator, ask } = await startTestEmulator({ ...QUIET, account: { displayNumber: "15550783881" } });
    const path = `/v25.0/${emulator.account.phoneNumberId}`;
    const usual = await ask(path);
    expect(usual.json).toMatchObject({
      verified_name: "Test Number",
      display_phone_number: "+1 555-078-3881",
      quality_rating: "GREEN",
    });
    expect(usual.text).toMatch(/"id":"\d+"\}$/);
    const asked = await ask(
      `${path}?fields=status,health_status{can_send_message,entities{id,entity_type}},throughput`,
    );
    expect(Object.keys(asked.json)).toEqual(["status", "health_status", "throughput", "id"]);
    expect(Object.keys(asked.json.health_status.entities[0])).toEqual(["id", "entity_type"]);
    expect(asked.json.health_status.entities.map((each: { entity_type: string }) => each.entity_type)).toEqual([
      "PHONE_NUMBER",
      "WABA",
      "BUSINESS",
      "APP",
    ]);
    const unknown = await ask(`${path}?fields=colour`);
    expect(unknown).toMatchObject({
      status: 400,
      json: {
        error: {
          code: 100,
          message: "(#100) Tried accessing nonexisting field (colour) on node type (WhatsAppBusinessPhoneNumber)",
        },
      },
    });
  });

  test("of the WABA, its numbers and the app returns their fields", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { businessAccountId, phoneNumberId, appId } = emulator.account;
    const account = await ask(`/${businessAccountId}`);
    expect(Object.keys(account.json)).toEqual(["name", "timezone_id", "message_template_namespace", "id"]);
    expect((await ask(`/${businessAccountId}?fields=currency`)).json).toEqual({
      currency: "USD",
      id: businessAccountId,
    });
    const numbers = await ask(`/${businessAccountId}/phone_numbers?fields=display_phone_number`);
    expect(numbers.json).toMatchObject({
      data: [{ id: phoneNumberId }],
      paging: { cursors: { before: expect.any(String) } },
    });
    expect((await ask(`/${appId}`, { token: emulator.tokens.app })).json).toMatchObject({
      name: "wa-hook emulator",
      id: appId,
    });
  });

  test("a number can be registered and deregistered", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}`;
    expect((await ask(`${path}/register`, { json: { messaging_product: "whatsapp", pin: "123456" } })).json).toEqual({
      success: true,
    });
    expect((await ask(`${path}/register`, { json: { messaging_product: "whatsapp" } })).json.error.message).toBe(
      "(#100) Param pin must be 6 digits.",
    );
    expect((await ask(`${path}/deregister`, { method: "POST" })).json).toEqual({ success: true });
    expect(JSON.stringify(emulator.requests)).not.toContain("123456");
  });
});

describe("an unsupported request", () => {
  test("to an unknown path gets the list of routes", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { status, json } = await ask(`/v25.0/${emulator.account.phoneNumberId}/horoscope`, { json: {} });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({
      message: "Unknown path components: /horoscope",
      type: "OAuthException",
      code: 2500,
      error_user_msg: expect.stringContaining("POST /{phone-id}/messages"),
    });
    expect((await ask("/a/b/c")).json.error.message).toBe("Unknown path components: /b/c");
  });

  test("with an unsupported method gets the supported methods", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { json } = await ask(`/${emulator.account.phoneNumberId}/messages`);
    expect(json.error).toMatchObject({
      code: 100,
      error_subcode: 33,
      error_user_msg: expect.stringContaining("POST on a phone"),
    });
    const edge = await ask(`/${emulator.account.businessAccountId}/messages`, { json: {} });
    expect(edge.json.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  test("parameter is ignored and reported", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { status, headers } = await ask(`/${emulator.account.phoneNumberId}?summary=true&fields=id&größe=1`);
    expect(status).toBe(200);
    expect(headers.get("x-wa-hook-ignored")).toBe("summary, gr%C3%B6%C3%9Fe");
    expect(emulator.requests.at(-1)?.ignored).toEqual(["summary", "größe"]);
  });
});

test("HEAD gets the headers of GET without the body", async () => {
  const { emulator, ask } = await startTestEmulator();
  const { status, text, headers } = await ask(`/${emulator.account.phoneNumberId}`, { method: "HEAD" });
  expect([status, text]).toEqual([200, ""]);
  expect(Number(headers.get("content-length"))).toBeGreaterThan(100);
});

test("the version is optional, and duplicate or trailing slashes are accepted", async () => {
  const { emulator, ask } = await startTestEmulator();
  const { phoneNumberId: id } = emulator.account;
  for (const path of [`/${id}`, `/v19.0/${id}`, `/v26.0/${id}/`, `//v26.0//${id}`])
    expect((await ask(path)).status).toBe(200);
  expect((await ask(`/v19.0/${id}`)).headers.get("facebook-api-version")).toBe("v19.0");
  expect((await ask("/v25.0")).json.error.code).toBe(2500);
});

describe("the request log", () => {
  test("contains the parsed request without secrets", async () => {
    const { emulator, ask, send } = await startTestEmulator();
    const { accessToken, phoneNumberId, appSecret } = emulator.account;
    const { json } = await send();
    await ask(`/v25.0/oauth/access_token?client_id=1&client_secret=${appSecret}`, { token: null });
    const [message, oauth] = emulator.requests;
    expect(message).toEqual({
      at: expect.any(Number),
      method: "POST",
      path: `/${phoneNumberId}/messages`,
      version: "v25.0",
      query: {},
      body: { messaging_product: "whatsapp", to: "16505551234", type: "text", text: { body: "Hello" } },
      status: 200,
      kind: "text",
      summary: '"Hello"',
      messageId: json.messages[0].id,
    });
    expect(oauth).toMatchObject({ query: { client_id: "1", client_secret: "…" }, status: 400, error: { code: 101 } });
    expect(JSON.stringify(emulator.requests)).not.toMatch(new RegExp(`${accessToken}|${appSecret}`));
  });

  test("omits large bodies and keeps codes that are not secret", async () => {
    const { emulator, send } = await startTestEmulator();
    const template = { name: "hello_world", language: { code: "en_US" } };
    await send({ type: "template", text: undefined, template });
    await send({ text: { body: "x".repeat(70_000) } });
    expect(emulator.requests[0]?.body).toMatchObject({ template });
    expect(emulator.requests[1]).toMatchObject({ status: 400, body: expect.stringMatching(/^\d+ bytes$/) });
  });

  test("keeps the latest 1000 requests", () => {
    const log = new Log();
    for (let at = 0; at < 2500; at++)
      log.request({ at, method: "GET", path: "/", version: "v25.0", query: {}, status: 200 });
    expect(log.requests.map(({ at }) => at)).toEqual(Array.from({ length: 1000 }, (_, at) => 1500 + at));
  });
});

test("latencyMs delays responses", async () => {
  const { ask } = await startTestEmulator({ ...QUIET, latencyMs: 30 });
  const started = performance.now();
  await ask("/me");
  expect(performance.now() - started).toBeGreaterThan(25);
});

test("the settings point to this emulator and its account", async () => {
  const { emulator } = await startTestEmulator({
    ...QUIET,
    account: { allowedNumbers: ["+1 650 555-1234", "491511234567"] },
  });
  const { account, env, url } = emulator;
  expect(env).toEqual({
    GRAPH_API_URL: url,
    WHATSAPP_ACCESS_TOKEN: account.accessToken,
    WHATSAPP_PHONE_NUMBER_ID: account.phoneNumberId,
    WHATSAPP_BUSINESS_ACCOUNT_ID: account.businessAccountId,
    WHATSAPP_APP_ID: account.appId,
    WHATSAPP_APP_SECRET: account.appSecret,
    WHATSAPP_VERIFY_TOKEN: account.verifyToken,
    WHATSAPP_ALLOWED_NUMBERS: "16505551234,491511234567",
  });
});

describe("the emulator does not start", () => {
  test.each([
    [{ webhook: "8000" }, "the webhook must be a URL"],
    [{ latencyMs: -1 }, "latencyMs must be a number of 0 or more"],
    [{ retryMs: [Number.NaN] }, "retryMs must be a number"],
    [{ statuses: { sent: -1 } }, "statuses.sent must be"],
    [{ limits: { throughput: 0 } }, "limits.throughput must be a number of 1 or more"],
    [{ fail: [{ code: -1 }] }, "a failure's code"],
    [{ account: { allowedNumbers: ["Sheena"] } }, "Sheena is not a phone number"],
    [{ host: "192.0.2.1" }, "192.0.2.1 is not an address of this machine"],
  ])("with %o", async (options, words) => {
    await expect(startEmulator(options)).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringContaining(words),
    });
  });

  test("on a port that is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await expect(startEmulator({ port })).rejects.toMatchObject({
      name: "UnavailableError",
      code: "listen.port-in-use",
    });
  });
});

test("closing ends connections, timers and readers", async () => {
  const app = await anApp();
  const emulator = await startEmulator({ webhook: app.url });
  const events = emulator.events();
  await emulator.receive("Hello");
  expect((await events.next()).value).toMatchObject({ type: "received" });
  await emulator[Symbol.asyncDispose]();
  await emulator.settled();
  for await (const event of events) expect(event.type).not.toBe("request");
  expect((await emulator.events().next()).done).toBe(true);
  await expect(fetch(emulator.url)).rejects.toThrow("fetch failed");
  // An adapter could replace the global; a library must not.
  expect(globalThis.Response).toBe(OURS);
});

test("a closed event stream is released", async () => {
  const { emulator, ask } = await startTestEmulator();
  const events = emulator.events();
  await ask("/me");
  for await (const event of events) {
    expect(event.type).toBe("request");
    break;
  }
  expect((await ask("/me")).status).toBe(200);
});
