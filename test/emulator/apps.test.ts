/** Several apps that are subscribed to one account: callback URLs, secrets, versions, retries and overrides of each. */
import { describe, expect, test } from "vitest";

import { verify } from "../../src/webhook/signature.ts";
import { anApp, AT_ONCE, QUIET, startTestEmulator, statusesIn, subscribe, valueOf, type App } from "./test-emulator.ts";

const SUCCESS = { success: true };

const signedWith = (app: App, secret: string) =>
  app.bodies.every((body, at) => verify(body, app.headers[at]?.["x-hub-signature-256"] as string, secret));

describe("another app", () => {
  test("gets every webhook at its own URL, signed with its own secret", async () => {
    const [own, other] = [await anApp(), await anApp()];
    const options = { webhook: own.url, otherApps: [other.url], statuses: AT_ONCE };
    const { emulator, send } = await startTestEmulator(options);
    await send();
    await emulator.receive("Hello");
    await emulator.settled();
    const [app] = emulator.otherApps;
    expect(app).toMatchObject({ name: "Another app", webhook: other.url });
    expect(own.bodies).toHaveLength(4);
    expect(other.bodies.toSorted()).toEqual(own.bodies.toSorted());
    expect([signedWith(own, emulator.account.appSecret), signedWith(other, app?.secret ?? "")]).toEqual([true, true]);
    expect(signedWith(other, emulator.account.appSecret)).toBe(false);
  });

  test("has retries of its own, which the account's app does not see", async () => {
    const [own, other] = [await anApp(), await anApp()];
    other.answers.push(500, 500);
    const { emulator, next } = await startTestEmulator({
      ...QUIET,
      webhook: own.url,
      otherApps: [other.url],
      retryMs: [0, 0],
    });
    await emulator.receive("Hello");
    const attempts = [await next("webhook"), await next("webhook"), await next("webhook"), await next("webhook")];
    const others = attempts.filter(({ app }) => app === "Another app");
    expect(others.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 200],
    ]);
    expect(attempts.filter(({ app }) => app === undefined)).toMatchObject([{ attempt: 1, status: 200 }]);
    expect(own.bodies).toHaveLength(1);
  });

  test("can be added through the control API, and its app token reads its subscription", async () => {
    const [own, other] = [await anApp(), await anApp()];
    const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: own.url });
    const added = await ask("/_wa-hook/apps", { json: { webhook: other.url }, token: null });
    const { id, secret } = added.json as { id: string; secret: string };
    await emulator.receive("Hello");
    await emulator.settled();
    expect(signedWith(other, secret) && other.bodies.length === 1).toBe(true);
    expect(JSON.parse((await ask("/_wa-hook/apps")).text)).toEqual([added.json]);
    const subscription = await ask(`/${id}/subscriptions`, { token: `${id}|${secret}` });
    expect(subscription.json.data[0].callback_url).toBe(other.url);
    const { businessAccountId, appId } = emulator.account;
    const apps = await ask(`/${businessAccountId}/subscribed_apps`);
    const ids = apps.json.data.map(
      (each: { whatsapp_business_api_data: { id: string } }) => each.whatsapp_business_api_data.id,
    );
    expect(ids).toEqual([appId, id]);
    expect((await ask(`/${appId}/subscriptions`, { token: `${id}|${secret}` })).json.error.code).toBe(100);
    expect((await ask("/_wa-hook/apps", { json: { webhook: "nowhere" }, token: null })).status).toBe(400);
    expect((await ask("/_wa-hook/apps", { json: {}, token: null })).status).toBe(400);
  });

  test("cannot be on another machine when the webhooks are signed with a given secret, and there are at most 20", async () => {
    const { emulator } = await startTestEmulator({ ...QUIET, account: { appSecret: "a-test-secret" } });
    expect(() => emulator.addApp("https://example.com/webhook")).toThrow("is not on this machine");
    for (let added = 1; added < 20; added++) emulator.addApp(`http://127.0.0.1:9/${added}`);
    expect(() => emulator.addApp("http://127.0.0.1:9/20")).toThrow("at most 20 apps");
    expect(new Set(emulator.otherApps.map(({ id }) => id)).size).toBe(19);
  });
});

describe("a status", () => {
  test("has a conversation for an app that subscribed before v24.0, and none since", async () => {
    const app = await anApp();
    const stage = await startTestEmulator({ statuses: AT_ONCE });
    expect((await subscribe(stage, app, "messages", "v23.0")).json).toEqual(SUCCESS);
    await stage.send();
    await stage.emulator.settled();
    const conversations = app.bodies.map((body) => valueOf(body).statuses[0].conversation);
    expect(conversations[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      expiration_timestamp: expect.stringMatching(/^\d{10}$/),
      origin: { type: "service" },
    });
    expect(conversations[1]).toEqual({ id: conversations[0].id, origin: { type: "service" } });
    expect((await subscribe(stage, app, "messages", "v24.0")).json).toEqual(SUCCESS);
    await stage.send();
    await stage.emulator.settled();
    expect(app.bodies.slice(3).map((body) => valueOf(body).statuses[0].conversation)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("is recorded in the message history for each app", async () => {
    const [own, other] = [await anApp(), await anApp()];
    const { emulator, send, ask } = await startTestEmulator({
      webhook: own.url,
      otherApps: [other.url],
      statuses: { sent: 0, delivered: false, read: false },
    });
    await send();
    await emulator.settled();
    const { json } = await ask(`/${emulator.account.phoneNumberId}/message_history`);
    const ids = json.data[0].events.data.map((event: { application: { id: string } }) => event.application.id);
    expect(new Set(ids)).toEqual(new Set([emulator.account.appId, emulator.otherApps[0]?.id]));
    expect(ids).toHaveLength(2);
  });
});

describe("an override", () => {
  const uri = (app: App) => ({ override_callback_uri: app.url, verify_token: app.verifyToken });

  test("of the number precedes that of the account, which precedes the app's URL; and only for messages", async () => {
    const [app, waba, phone] = [await anApp(), await anApp(), await anApp()];
    const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url, fields: ["calls", "messages"] });
    const { businessAccountId, phoneNumberId } = emulator.account;
    const receive = async () => {
      await emulator.receive("Hello");
      emulator.play("calling");
      emulator.advance(60_000);
      await emulator.settled();
      return [app, waba, phone].map(({ bodies }) => {
        const fields = bodies.splice(0).map((body) => JSON.parse(body).entry[0].changes[0].field as string);
        return [...new Set(fields)].toSorted().join(" ");
      });
    };
    expect(await receive()).toEqual(["calls messages", "", ""]);
    await ask(`/${businessAccountId}/subscribed_apps`, { json: uri(waba) });
    expect(await receive()).toEqual(["calls", "messages", ""]);
    await ask(`/${phoneNumberId}`, { json: { webhook_configuration: uri(phone) } });
    expect(await receive()).toEqual(["calls", "", "messages"]);
    const { json } = await ask(`/${phoneNumberId}?fields=webhook_configuration`);
    expect(json.webhook_configuration).toEqual({
      phone_number: phone.url,
      whatsapp_business_account: waba.url,
      application: app.url,
    });
    await ask(`/${phoneNumberId}`, { json: { webhook_configuration: { override_callback_uri: "" } } });
    expect(await receive()).toEqual(["calls", "messages", ""]);
  });

  test("before the app is subscribed to the account is refused as Meta does, and its removal is not", async () => {
    const app = await anApp();
    const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url });
    const { businessAccountId, phoneNumberId } = emulator.account;
    const message =
      "(#100) Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account";
    const refusal = { status: 400, json: { error: { code: 100, message } } };
    await ask(`/${businessAccountId}/subscribed_apps`, { method: "DELETE" });
    expect(await ask(`/${businessAccountId}/subscribed_apps`, { json: uri(app) })).toMatchObject(refusal);
    const phone = `/${phoneNumberId}`;
    expect(await ask(phone, { json: { webhook_configuration: uri(app) } })).toMatchObject(refusal);
    expect((await ask(phone, { json: { webhook_configuration: { override_callback_uri: "" } } })).status).toBe(200);
    const token = emulator.tokens.otherApp;
    expect(await ask(`/${businessAccountId}/subscribed_apps`, { json: uri(app), token })).toMatchObject(refusal);
    await ask(`/${businessAccountId}/subscribed_apps`, { method: "POST" });
    expect((await ask(`/${businessAccountId}/subscribed_apps`, { json: uri(app) })).json).toEqual({ success: true });
  });
});

describe("a subscription", () => {
  test("is to messages at first, or to the given fields", async () => {
    const app = await anApp();
    const read = async (options: object) => {
      const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url, ...options });
      const { appId, appSecret } = emulator.account;
      const { json } = await ask(`/${appId}/subscriptions`, { token: `${appId}|${appSecret}` });
      return json.data[0].fields.map(({ name }: { name: string }) => name) as string[];
    };
    expect(await read({})).toEqual(["messages"]);
    expect(await read({ fields: ["messages", "history"] })).toEqual(["messages", "history"]);
    await expect(read({ fields: ["mesages"] })).rejects.toThrow("unknown webhook field mesages");
  });

  test("to user_id_update is neither offered nor accepted", async () => {
    const stage = await startTestEmulator();
    const app = { url: "http://127.0.0.1:9", verifyToken: "t" };
    const { json: answered } = await subscribe(stage, app, "user_id_update");
    expect(answered.error.message).toMatch(/must be one of \{account_alerts, .*messages.*\} - got "user_id_update"/);
    expect(answered.error.message.match(/user_id_update/g)).toHaveLength(1);
  });
});

test("a voice message is played after it was read, and no other audio", async () => {
  const app = await anApp();
  const { emulator, send, ask } = await startTestEmulator({ webhook: app.url, statuses: { ...AT_ONCE, played: 0 } });
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("file", new File(["bytes"], "voice.ogg", { type: "audio/ogg" }));
  const { id } = (await ask(`/${emulator.account.phoneNumberId}/media`, { body: form })).json as { id: string };
  for (const audio of [{ id, voice: true }, { id }]) {
    await send({ type: "audio", text: undefined, audio });
    await emulator.settled();
  }
  expect(statusesIn(app)).toEqual(["sent", "delivered", "read", "played", "sent", "delivered", "read"]);
});
