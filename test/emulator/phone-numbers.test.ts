/** Several phone numbers of one account: added, verified, registered with a PIN, used, and removed. */
import { describe, expect, test } from "vitest";

import {
  startTestEmulator,
  subscribe,
  AT_ONCE,
  anApp,
  QUIET,
  valueOf,
  type App,
  type Emulated,
} from "./test-emulator.ts";

const REGISTER = { messaging_product: "whatsapp", pin: "123456" };
const ADDED = { cc: "49", phone_number: "1511 2345678", verified_name: "The Garden Shop" };

/** Adds a number, and verifies and registers it; its id. */
async function addNumber({ emulator, ask }: Emulated, number = ADDED): Promise<string> {
  const { json } = await ask(`/${emulator.account.businessAccountId}/phone_numbers`, { json: number });
  await ask(`/${json.id}/request_code`, { json: { code_method: "SMS", language: "en_US" } });
  await ask(`/${json.id}/verify_code`, { json: { code: "123456" } });
  expect((await ask(`/${json.id}/register`, { json: REGISTER })).json).toEqual({ success: true });
  return json.id as string;
}

/** An emulator whose app is subscribed to these fields besides messages. */
async function withApp(fields: string): Promise<{ app: App; stage: Emulated }> {
  const app = await anApp();
  const stage = await startTestEmulator({ ...QUIET, statuses: AT_ONCE, webhook: app.url });
  await subscribe(stage, app, fields);
  return { app, stage };
}

const fieldsOf = ({ bodies }: App) =>
  bodies.map((body) => (JSON.parse(body) as { entry: { changes: { field: string }[] }[] }).entry[0]?.changes[0]?.field);

test("a number is added unverified, listed, and filtered", async () => {
  const stage = await startTestEmulator();
  const { emulator, ask } = stage;
  const path = `/${emulator.account.businessAccountId}/phone_numbers`;
  const query = new URLSearchParams({ ...ADDED, cc: "+49".slice(1) });
  const { id } = (await ask(`${path}?${String(query)}`, { method: "POST" })).json;
  const shown = await ask(
    `/${id}?fields=display_phone_number,status,code_verification_status,name_status,account_mode`,
  );
  expect(shown.json).toEqual({
    display_phone_number: "+49 15112345678",
    status: "PENDING",
    code_verification_status: "NOT_VERIFIED",
    name_status: "PENDING_REVIEW",
    account_mode: "LIVE",
    id,
  });
  emulator.advance(3000);
  expect((await ask(`/${id}?fields=name_status`)).json.name_status).toBe("APPROVED");
  const first = await ask(`${path}?limit=1&fields=id`);
  expect(first.json.data).toEqual([{ id: emulator.account.phoneNumberId }]);
  const next = (first.json.paging.next as string).replace(emulator.url, "");
  expect((await ask(next)).json).toMatchObject({ data: [{ id }], paging: { cursors: {} } });
  const filtering = JSON.stringify([{ field: "account_mode", operator: "EQUAL", value: "LIVE" }]);
  expect((await ask(`${path}?fields=id&filtering=${encodeURIComponent(filtering)}`)).json.data).toEqual([{ id }]);
});

test("what cannot be a new number is refused", async () => {
  const { emulator, ask } = await startTestEmulator({ ...QUIET, account: { displayNumber: "15550783881" } });
  const path = `/${emulator.account.businessAccountId}/phone_numbers`;
  const add = async (changes: object) => (await ask(path, { json: { ...ADDED, ...changes } })).json.error;
  for (const key of ["cc", "phone_number", "verified_name"]) {
    expect((await add({ [key]: null })).message).toBe(`(#100) The parameter ${key} is required.`);
  }
  expect(await add({ cc: 1, phone_number: 5550783881 })).toMatchObject({ code: 100, error_subcode: 2_388_012 });
  expect((await add({ phone_number: "none" })).code).toBe(100);
  for (let added = 1; added < 20; added++)
    expect(await add({ phone_number: `15112345${100 + added}` })).toBeUndefined();
  expect((await add({})).error_data.details).toContain("limit of 20");
});

test("a number is verified by the code, and registered afterwards", async () => {
  const { emulator, ask, next } = await startTestEmulator();
  const { id } = (await ask(`/${emulator.account.businessAccountId}/phone_numbers`, { json: ADDED })).json;
  const error = async (edge: string, json: object) => (await ask(`/${id}/${edge}`, { json })).json.error;
  expect((await error("register", REGISTER)).code).toBe(133006);
  expect((await error("verify_code", { code: "123456" })).code).toBe(136025);
  expect((await error("request_code", { code_method: "PIGEON", language: "en" })).code).toBe(100);
  expect((await error("request_code", { code_method: "SMS" })).message).toBe(
    "(#100) The parameter language is required.",
  );
  expect(await error("request_code", { code_method: "VOICE", language: "en_US" })).toBeUndefined();
  expect(await next("warning")).toMatchObject({ message: expect.stringContaining("code is 123456") });
  expect((await error("verify_code", { code: "000000" })).code).toBe(136025);
  expect(await error("verify_code", { code: 123456 })).toBeUndefined();
  expect((await error("request_code", { code_method: "SMS", language: "en_US" })).code).toBe(136024);
  expect(await error("register", REGISTER)).toBeUndefined();
  expect((await ask(`/${id}?fields=status,is_pin_enabled,platform_type`)).json).toEqual({
    status: "CONNECTED",
    is_pin_enabled: true,
    platform_type: "CLOUD_API",
    id,
  });
});

describe("registration", () => {
  test("needs the PIN of the two-step verification", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}`;
    expect((await ask(path, { json: { pin: "12345" } })).json.error.message).toBe("(#100) Param pin must be 6 digits.");
    const changed = await ask(path, {
      body: new URLSearchParams({ messaging_product: "whatsapp", pin: "654321", a: "b" }),
    });
    expect([changed.json, changed.headers.get("x-wa-hook-ignored")]).toEqual([{ success: true }, "a"]);
    const other = await ask(path, { json: { search_visibility: "VISIBLE" } });
    expect(other.json.error.error_data.details).toContain("supports only webhook_configuration and pin");
    expect((await ask(`${path}/register`, { json: REGISTER })).json.error).toMatchObject({ code: 133005 });
    const right = { ...REGISTER, pin: "654321" };
    expect((await ask(`${path}/register`, { json: right })).json).toEqual({ success: true });
    expect(JSON.stringify(emulator.requests)).not.toMatch(/654321|123456/);
  });

  test("is needed to send and to receive, and the health of the number says so", async () => {
    const { emulator, ask, send } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}`;
    expect((await ask(`${path}/deregister`, { method: "POST" })).json).toEqual({ success: true });
    expect(await send()).toMatchObject({
      status: 400,
      json: { error: { code: 133010, message: "(#133010) Account not registered" } },
    });
    await expect(emulator.receive("Hello")).rejects.toThrow("not registered");
    const { json } = await ask(`${path}?fields=status,health_status`);
    expect(json).toMatchObject({
      status: "DISCONNECTED",
      health_status: {
        can_send_message: "BLOCKED",
        entities: [{ entity_type: "PHONE_NUMBER", errors: [{}] }, {}, {}, {}],
      },
    });
    expect((await ask(`${path}/deregister`, { method: "POST" })).json.error.code).toBe(133010);
    await ask(`${path}/register`, { json: REGISTER });
    expect((await send()).status).toBe(200);
  });

  test("is possible ten times within 72 hours", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}/register`;
    for (let times = 0; times < 10; times++) expect((await ask(path, { json: REGISTER })).status).toBe(200);
    expect((await ask(path, { json: REGISTER })).json.error.code).toBe(133016);
    emulator.advance(72 * 3_600_000);
    expect((await ask(path, { json: REGISTER })).status).toBe(200);
  });
});

test("a removed number is gone, and can be registered again after 5 minutes", async () => {
  const stage = await startTestEmulator();
  const { emulator, ask } = stage;
  const id = await addNumber(stage);
  expect((await ask(`/${id}`, { method: "DELETE" })).json).toEqual({ success: true });
  expect((await ask(`/${id}`)).json.error.error_subcode).toBe(33);
  const again = (await ask(`/${emulator.account.businessAccountId}/phone_numbers`, { json: ADDED })).json.id as string;
  expect((await ask(`/${again}/register`, { json: REGISTER })).json.error.code).toBe(133015);
  emulator.advance(300_000);
  expect((await ask(`/${again}/register`, { json: REGISTER })).json.error.code).toBe(133006);
  const own = await ask(`/${emulator.account.phoneNumberId}`, { method: "DELETE" });
  expect(own.json.error.error_data.details).toContain("keeps the phone number");
});

test("messages of each number, in both directions, carry its metadata", async () => {
  const { app, stage } = await withApp("messages");
  const { emulator, ask } = stage;
  const id = await addNumber(stage);
  const json = { messaging_product: "whatsapp", to: emulator.account.customer.number, text: { body: "Hello" } };
  expect((await ask(`/${id}/messages`, { json })).status).toBe(200);
  await emulator.settled();
  expect(app.bodies).toHaveLength(3);
  for (const body of app.bodies) {
    expect(valueOf(body).metadata).toEqual({ display_phone_number: "4915112345678", phone_number_id: id });
  }
  await emulator.receive("Hello", { to: id });
  await ask("/_wa-hook/messages", { json: { text: "Hello" } });
  await emulator.settled();
  expect(app.bodies.slice(3).map((body) => valueOf(body).metadata.phone_number_id)).toEqual([
    id,
    emulator.account.phoneNumberId,
  ]);
  await expect(emulator.receive("Hello", { to: "1" })).rejects.toThrow("no phone number with the id 1");
});

test("a real number messages everybody, and not with hello_world", async () => {
  const stage = await startTestEmulator();
  const template = { name: "hello_world", language: { code: "en_US" } };
  const id = await addNumber(stage);
  const message = { messaging_product: "whatsapp", to: "+33612345678", type: "text", text: { body: "Hello" } };
  expect((await stage.ask(`/${id}/messages`, { json: message })).status).toBe(200);
  expect((await stage.send({ to: "+33612345678" })).json.error.code).toBe(131030);
  const hello = { ...message, type: "template", text: undefined, template };
  expect((await stage.ask(`/${id}/messages`, { json: hello })).json.error).toMatchObject({
    code: 131058,
    message: "(#131058) Hello World templates can only be sent from the Public Test Numbers",
  });
  const real = await startTestEmulator({ ...QUIET, realNumber: true });
  expect((await real.send({ type: "template", text: undefined, template })).json.error.code).toBe(131058);
  expect((await real.send({ to: "+33612345678" })).status).toBe(200);
});

test("settings are stored by group and returned", async () => {
  const { app, stage } = await withApp("messages,account_settings_update");
  const { emulator, ask } = stage;
  const path = `/${emulator.account.phoneNumberId}/settings`;
  expect((await ask(path)).json).toMatchObject({ calling: { status: "DISABLED" } });
  expect((await ask(path, { json: { calling: { status: "ENABLED" } } })).json).toEqual({ success: true });
  const checks = { user_identity_change: { enable_identity_key_check: true } };
  expect((await ask(path, { json: checks })).json).toEqual({ success: true });
  expect((await ask(path)).json).toMatchObject({
    calling: { status: "ENABLED", call_icon_visibility: "DEFAULT" },
    ...checks,
  });
  for (const json of [{}, { calling: "on" }]) expect((await ask(path, { json })).json.error.code).toBe(100);
  await emulator.settled();
  expect(fieldsOf(app)).toEqual(["account_settings_update"]);
  expect(valueOf(app.bodies[0])).toMatchObject({
    type: "phone_number_settings",
    phone_number_settings: { phone_number_id: emulator.account.phoneNumberId, calling: { status: "ENABLED" } },
  });
});

test("the review of a name, a new PIN and the first registration cause webhooks", async () => {
  const { app, stage } = await withApp("phone_number_name_update,phone_number_quality_update,security");
  const id = await addNumber(stage);
  await stage.ask(`/${id}`, { json: { pin: "654321" } });
  stage.emulator.advance(3000);
  await stage.emulator.settled();
  expect(new Set(fieldsOf(app))).toEqual(
    new Set(["phone_number_name_update", "phone_number_quality_update", "security"]),
  );
  expect(app.bodies).toHaveLength(3);
  for (const body of app.bodies) expect(valueOf(body).display_phone_number).toBe("4915112345678");
  const decisions = app.bodies.map((body) => valueOf(body)).find(({ decision }) => decision !== undefined);
  expect(decisions).toMatchObject({ decision: "APPROVED", requested_verified_name: "The Garden Shop" });
});

test("a callback override is refused until the app is subscribed", async () => {
  const app = await anApp();
  const { emulator, ask } = await startTestEmulator();
  const { businessAccountId, phoneNumberId } = emulator.account;
  const override = { override_callback_uri: app.url, verify_token: app.verifyToken };
  await ask(`/${businessAccountId}/subscribed_apps`, { method: "DELETE" });
  const message =
    "(#100) Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account";
  expect((await ask(`/${businessAccountId}/subscribed_apps`, { json: override })).json.error.message).toBe(message);
  const phone = { webhook_configuration: override };
  expect((await ask(`/${phoneNumberId}`, { json: phone })).json.error.message).toBe(message);
  await ask(`/${businessAccountId}/subscribed_apps`, { method: "POST" });
  expect((await ask(`/${businessAccountId}/subscribed_apps`, { json: override })).json).toEqual({ success: true });
  expect((await ask(`/${phoneNumberId}`, { json: phone })).json).toEqual({ success: true });
});
