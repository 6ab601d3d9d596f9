/** Callback URLs: registration with a handshake, overrides and removal. */
import { describe, expect, test } from "vitest";

import { serve } from "../support/http.ts";
import { anApp, AT_ONCE, startTestEmulator, QUIET, statusesIn, type App, type Emulated } from "./test-emulator.ts";

const OBJECT = "whatsapp_business_account";

function subscribe({ emulator, ask }: Emulated, app: Pick<App, "url">, changes: Record<string, string> = {}) {
  const { account, tokens } = emulator;
  const fields = {
    object: OBJECT,
    callback_url: app.url,
    verify_token: "test-verify-token",
    fields: "messages",
    ...changes,
  };
  return ask(`/v26.0/${account.appId}/subscriptions`, { token: tokens.app, body: new URLSearchParams(fields) });
}

describe("the app's subscription", () => {
  test("is created after a successful handshake, and webhooks are delivered", async () => {
    const app = await anApp();
    const emulated = await startTestEmulator();
    const { emulator, ask, next } = emulated;
    const path = `/v26.0/${emulator.account.appId}/subscriptions`;
    expect((await ask(path, { token: emulator.tokens.app })).json).toEqual({ data: [] });
    expect((await subscribe(emulated, app)).json).toEqual({ success: true });
    expect(await next("handshake")).toMatchObject({ url: app.url, ok: true });
    expect((await ask(path, { token: emulator.tokens.app })).json).toEqual({
      data: [{ object: OBJECT, callback_url: app.url, active: true, fields: [{ name: "messages", version: "v26.0" }] }],
    });
    await emulator.receive("Hello");
    await emulator.settled();
    expect(app.bodies).toHaveLength(1);
    expect(
      (await ask(`${path}?object=${OBJECT}&fields=messages`, { method: "DELETE", token: emulator.tokens.app })).json,
    ).toEqual({ success: true });
    await emulator.receive("Hello?");
    await emulator.settled();
    expect(app.bodies).toHaveLength(1);
  });

  test("without the field messages delivers no messages", async () => {
    const app = await anApp();
    const emulated = await startTestEmulator();
    await subscribe(emulated, app, { fields: "account_update, flows" });
    await emulated.emulator.receive("Hello");
    expect(await emulated.next("warning")).toMatchObject({
      message: expect.stringContaining("not subscribed to the field messages"),
    });
    await subscribe(emulated, app);
    await emulated.emulator.receive("Hello");
    await emulated.emulator.settled();
    expect(app.bodies).toHaveLength(1);
  });

  test("requires the token of the app", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.appId}/subscriptions`;
    expect((await ask(path)).json.error).toMatchObject({
      code: 15,
      message: "(#15) This method must be called with an app access token",
    });
    expect((await ask(path, { token: emulator.tokens.otherApp })).json.error).toMatchObject({
      code: 100,
      error_subcode: 33,
    });
  });

  test.each([
    [{ object: "user" }, "(#100) Param object must be one of {whatsapp_business_account}"],
    [{ object: "" }, "(#100) The parameter object is required."],
    [{ callback_url: "" }, "(#100) The parameter callback_url is required."],
    [{ verify_token: "" }, "(#100) The parameter verify_token is required."],
    [{ fields: "" }, "(#100) The parameter fields is required."],
    [{ fields: "messages,message" }, "(#100) Param fields[1] must be one of {"],
    [{ callback_url: "ftp://example.com" }, "(#100) Invalid parameter"],
  ])("with %o is refused", async (changes, message) => {
    const { status, json } = await subscribe(await startTestEmulator(), await anApp(), changes);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, message: expect.stringContaining(message) });
  });
});

describe("a handshake fails with error 2200 and the reason", () => {
  const failing = async (url: string) => {
    const emulated = await startTestEmulator();
    const { status, json } = await subscribe(emulated, { url });
    expect([status, json.error.code, json.error.type]).toEqual([400, 2200, "OAuthException"]);
    expect(await emulated.next("handshake")).toMatchObject({ ok: false, reason: expect.any(String) });
    return json.error.message as string;
  };
  const begins = "(#2200) Callback verification failed with the following errors: ";

  test("when the app responds with another status", async () => {
    const { url } = await serve((_, response) => response.writeHead(404).end());
    expect(await failing(url)).toBe(`${begins}HTTP Status Code = 404; HTTP Message = Not Found`);
  });

  test("when the app has another verify token", async () => {
    const { url } = await anApp("another-token");
    expect(await failing(url)).toBe(`${begins}HTTP Status Code = 403; HTTP Message = Forbidden`);
  });

  test("when the response is not exactly the challenge", async () => {
    const { url } = await serve((request, response) => {
      response.end(JSON.stringify(new URL(request.url ?? "", "http://app").searchParams.get("hub.challenge")));
    });
    expect(await failing(url)).toMatch(
      /The response does not match the challenge: expected value = \d{10}; received = "\\"\d{10}\\""$/,
    );
  });

  test("when the connection is refused or reset", async () => {
    expect(await failing("http://127.0.0.1:9/webhook")).toContain("curl_errno = 7; curl_error = Failed to connect");
    const { url } = await serve((request) => request.socket.destroy());
    expect(await failing(url)).toContain("curl_errno = 56; curl_error = ");
  });
});

test("the query of the callback URL is preserved", async () => {
  const seen: string[] = [];
  const { url } = await serve((request, response) => {
    seen.push(request.url ?? "");
    response.end(new URL(request.url ?? "", "http://app").searchParams.get("hub.challenge"));
  });
  expect((await subscribe(await startTestEmulator(), { url: `${url}?tenant=7` })).status).toBe(200);
  expect(seen[0]).toMatch(
    /^\/webhook\?tenant=7&hub\.mode=subscribe&hub\.challenge=\d{10}&hub\.verify_token=test-verify-token$/,
  );
});

describe("the account's subscribed apps", () => {
  test("initially contain the account's app, which can unsubscribe and subscribe again", async () => {
    const app = await anApp();
    const { emulator, ask, next } = await startTestEmulator({ ...QUIET, webhook: app.url });
    const path = `/v25.0/${emulator.account.businessAccountId}/subscribed_apps`;
    const data = {
      whatsapp_business_api_data: { id: emulator.account.appId, name: "wa-hook emulator", link: expect.any(String) },
    };
    expect((await ask(path)).json).toEqual({ data: [data] });
    expect((await ask(path, { method: "DELETE" })).json).toEqual({ success: true });
    expect((await ask(path)).json).toEqual({ data: [] });
    await emulator.receive("Hello");
    expect(await next("warning")).toMatchObject({ message: expect.stringContaining("not subscribed") });
    expect((await ask(path, { method: "POST" })).json).toEqual({ success: true });
    await emulator.receive("Hello");
    await emulator.settled();
    expect(app.bodies).toHaveLength(1);
  });

  test("of another app do not change the callback URL of the account's app", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.businessAccountId}/subscribed_apps`;
    await ask(path, { method: "POST", token: emulator.tokens.otherApp });
    expect((await ask(path)).json.data).toHaveLength(2);
    await ask(path, { method: "DELETE", token: emulator.tokens.otherApp });
    expect((await ask(path)).json.data).toHaveLength(1);
  });
});

test("the number's override precedes the WABA's, and that precedes the app's URL", async () => {
  const [app, forAccount, forPhone] = [await anApp(), await anApp(), await anApp()];
  const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url });
  const { businessAccountId, phoneNumberId } = emulator.account;
  const account = `/${businessAccountId}/subscribed_apps`;
  const override = (to: App) => ({ override_callback_uri: to.url, verify_token: to.verifyToken });
  const configure = (webhook_configuration: object) => ask(`/${phoneNumberId}`, { json: { webhook_configuration } });
  const counts = async () => {
    await emulator.receive("Hello");
    await emulator.settled();
    return [app, forAccount, forPhone].map(({ bodies }) => bodies.length);
  };

  expect((await ask(account, { json: override(forAccount) })).json).toEqual({ success: true });
  expect((await ask(account)).json.data[0].override_callback_uri).toBe(forAccount.url);
  expect(await counts()).toEqual([0, 1, 0]);
  expect((await configure(override(forPhone))).json).toEqual({ success: true });
  expect((await ask(`/${phoneNumberId}?fields=webhook_configuration`)).json).toEqual({
    webhook_configuration: {
      phone_number: forPhone.url,
      whatsapp_business_account: forAccount.url,
      application: app.url,
    },
    id: phoneNumberId,
  });
  expect(await counts()).toEqual([0, 1, 1]);
  expect((await configure({ override_callback_uri: "" })).json).toEqual({ success: true });
  expect(await counts()).toEqual([0, 2, 1]);
  await ask(account, { method: "POST" });
  expect(await counts()).toEqual([1, 2, 1]);
});

test("an override requires a short URL, a verify token and a handshake", async () => {
  const { emulator, ask } = await startTestEmulator();
  const path = `/${emulator.account.businessAccountId}/subscribed_apps`;
  const long = await ask(path, {
    json: { override_callback_uri: `http://127.0.0.1/${"x".repeat(200)}`, verify_token: "x" },
  });
  expect(long.json.error.message).toBe("(#100) Param override_callback_uri must be at most 200 characters long.");
  const bare = await ask(path, { json: { override_callback_uri: "http://127.0.0.1:9" } });
  expect(bare.json.error.message).toBe("(#100) The parameter verify_token is required.");
  const dead = await ask(path, { json: { override_callback_uri: "http://127.0.0.1:9", verify_token: "x" } });
  expect(dead.json.error.code).toBe(2200);
  expect(
    (await ask(`/${emulator.account.phoneNumberId}`, { json: { name: "x" } })).json.error.error_data.details,
  ).toContain("webhook_configuration");
  expect((await ask(`/${emulator.account.phoneNumberId}`, { json: {} })).json.error.message).toBe(
    "(#100) The parameter webhook_configuration is required.",
  );
});

test("the message history lists the URL and the result of each webhook", async () => {
  const app = await anApp();
  app.answers.push(200, 500, 200);
  const { emulator, ask, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, retryMs: [60_000] });
  const { json } = await send();
  await emulator.settled();
  expect(statusesIn(app)).toEqual(["sent", "delivered", "read"]);
  const path = `/v25.0/${emulator.account.phoneNumberId}/message_history`;
  const history = await ask(`${path}?message_id=${encodeURIComponent(json.messages[0].id)}`);
  const event = {
    id: expect.any(String),
    timestamp: expect.any(Number),
    application: { id: emulator.account.appId },
    webhook_uri: app.url,
  };
  expect(history.json).toEqual({
    data: [
      {
        id: expect.any(String),
        message_id: json.messages[0].id,
        events: {
          data: [
            { ...event, delivery_status: "SENT", webhook_update_state: "DELIVERED" },
            {
              ...event,
              delivery_status: "DELIVERED",
              webhook_update_state: "RETRYING",
              error_description: expect.any(String),
            },
            { ...event, delivery_status: "READ", webhook_update_state: "DELIVERED" },
          ],
        },
      },
    ],
  });
  emulator.advance(60_000);
  await emulator.settled();
  const later = await ask(path);
  expect(later.json.data[0].events.data[1]).toEqual({
    ...event,
    delivery_status: "DELIVERED",
    webhook_update_state: "DELIVERED",
  });
  expect(later.json.data[0].events.data).toHaveLength(3);
  await send();
  expect((await ask(`${path}?limit=1`)).json.data).toHaveLength(1);
  expect((await ask(`${path}?message_id=wamid.unknown`)).json.data).toEqual([]);
  expect((await ask(`${path}?limit=1000`)).json.error.code).toBe(100);
});
