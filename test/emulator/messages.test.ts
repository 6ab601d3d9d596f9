/** Messages of the business: accepted ones, and rejected ones with Meta's errors. */
import { describe, expect, test } from "vitest";

import { outboundExamples, outboundKinds } from "../../src/messages/outbound/index.ts";
import { startTestEmulator, hello, QUIET, prepare } from "./test-emulator.ts";

/** The message types as listed in Meta's error. */
const TYPES = outboundKinds.map(({ name }) => name.toUpperCase()).toSorted();

const refused = (message: string, code: number) => ({ message, type: "OAuthException", code });

test("a text is accepted; the response has Meta's bytes and headers", async () => {
  const { emulator, send } = await startTestEmulator();
  const { status, json, headers } = await send({ to: "+1 (650) 555-1234" });
  expect(status).toBe(200);
  expect(json).toEqual({
    messaging_product: "whatsapp",
    contacts: [{ input: "+1 (650) 555-1234", wa_id: "16505551234" }],
    messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/]+=*$/) }],
  });
  expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
  expect(headers.get("facebook-api-version")).toBe("v25.0");
  expect(JSON.parse(headers.get("x-app-usage") ?? "")).toMatchObject({ call_count: 0 });
  const usage = JSON.parse(headers.get("x-business-use-case-usage") ?? "") as Record<string, unknown>;
  expect(Object.keys(usage)).toEqual([emulator.account.businessAccountId]);
  for (const name of ["x-fb-trace-id", "x-fb-request-id", "x-fb-rev", "x-fb-debug"])
    expect(headers.get(name)).toBeTruthy();
});

describe("every outbound example", () => {
  const toPeople = outboundExamples().filter(
    ({ request }) => !("recipient_type" in request) || request.recipient_type !== "group",
  );
  test.each(toPeople)("$name is accepted", async ({ request }) => {
    const { emulator, ask } = await startTestEmulator();
    const asked = await prepare(request, { emulator, ask });
    const { status, json } = await ask(`/${emulator.account.phoneNumberId}/messages`, { json: asked });
    expect(json.error).toBeUndefined();
    expect(status).toBe(200);
    expect(emulator.requests.at(-1)).toMatchObject({ kind: expect.any(String), summary: expect.any(String) });
  });
});

test("the wa_id differs from the number in some countries", async () => {
  const numbers = { "525512345678": "5215512345678", "541123456789": "5491123456789", "5531987654321": "553187654321" };
  const { send } = await startTestEmulator({ ...QUIET, account: { allowedNumbers: Object.keys(numbers) } });
  for (const [number, id] of Object.entries(numbers)) {
    expect((await send({ to: `+${number}` })).json.contacts).toEqual([{ input: `+${number}`, wa_id: id }]);
    expect((await send({ to: id })).json.error).toMatchObject({ code: 131030 });
  }
});

test("a customer can be addressed by user id; an unknown user id fails", async () => {
  const { send } = await startTestEmulator();
  const { json } = await send({ to: undefined, recipient: "US.13491208655302741918" });
  expect(json.contacts).toEqual([{ input: "US.13491208655302741918", user_id: "US.13491208655302741918" }]);
});

test("only the response to a template has message_status", async () => {
  const { send } = await startTestEmulator();
  const template = { name: "hello_world", language: { code: "en_US" } };
  const { json } = await send({ type: "template", text: undefined, template });
  expect(json.messages).toEqual([{ id: expect.any(String), message_status: "accepted" }]);
  expect((await send()).json.messages).toEqual([{ id: expect.any(String) }]);
});

test("a message can be sent as a form", async () => {
  const { emulator, ask } = await startTestEmulator();
  const fields = { ...hello(emulator), text: JSON.stringify({ body: "Hello" }) } as Record<string, string>;
  const path = `/${emulator.account.phoneNumberId}/messages`;
  expect((await ask(path, { body: new URLSearchParams(fields) })).status).toBe(200);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  expect((await ask(path, { body: form })).status).toBe(200);
});

describe("an invalid message is rejected with Meta's error, and the details name the field", () => {
  const cases: [what: string, changes: object, error: object][] = [
    ["no recipient", { to: undefined }, refused("(#100) The parameter to is required.", 100)],
    [
      "no product",
      { messaging_product: undefined },
      refused("(#100) The parameter messaging_product is required.", 100),
    ],
    ["no text", { text: undefined }, refused("(#100) The parameter text['body'] is required.", 100)],
    ["an empty text", { text: { body: "" } }, refused("(#100) The parameter text['body'] is required.", 100)],
    [
      "no content",
      { type: "location", text: undefined },
      {
        ...refused(expect.stringContaining("(#131008)") as string, 131008),
        error_data: { messaging_product: "whatsapp", details: expect.stringContaining("location") },
      },
    ],
    [
      "an unknown key",
      { text: { body: "Hello", colour: "red" } },
      refused('(#100) Unexpected key "colour" on param "text".', 100),
    ],
    [
      "a long text",
      { text: { body: "x".repeat(4097) } },
      refused("(#100) Param text['body'] must be at most 4096 characters long.", 100),
    ],
    [
      "a wrong value",
      { text: { body: 7 } },
      { code: 131009, error_data: { details: expect.stringContaining("text.body") } },
    ],
    ["an unknown type", { type: "hologram" }, refused(`(#100) Param type must be one of {${TYPES.join(", ")}}`, 100)],
    [
      "letters for a number",
      { to: "sheena" },
      { code: 131009, error_data: { details: expect.stringContaining("to") } },
    ],
    [
      "a group",
      { recipient_type: "group", to: "group-1" },
      { code: 131041, error_data: { details: expect.stringContaining("in no group with the id group-1") } },
    ],
    [
      "an unknown file",
      { type: "image", text: undefined, image: { id: "1" } },
      refused("(#100) Param image['id'] is not a valid whatsapp business account media attachment ID", 100),
    ],
  ];
  test.each(cases)("%s", async (_, changes, error) => {
    const { send } = await startTestEmulator();
    const { status, json, headers } = await send(changes);
    expect(status).toBe(400);
    expect(json.error).toMatchObject(error);
    expect(json.error.fbtrace_id).toBe(headers.get("x-fb-trace-id"));
    expect(headers.get("www-authenticate")).toMatch(/^OAuth "Facebook Platform" "invalid_request" "\(#\d+\)/);
  });

  const list = (rows: object[]) => ({
    type: "interactive",
    text: undefined,
    interactive: {
      type: "list",
      body: { text: "Pick" },
      action: { button: "Open", sections: [{ title: "All", rows }] },
    },
  });
  const button = (title: string) => ({
    type: "interactive",
    text: undefined,
    interactive: {
      type: "button",
      body: { text: "Pick" },
      action: { buttons: [{ type: "reply", reply: { id: "1", title } }] },
    },
  });
  const rows = Array.from({ length: 11 }, (_, index) => ({ id: `row-${index}`, title: `Row ${index}` }));

  test.each([
    ["a long row title", list([{ id: "1", title: "x".repeat(25) }]), "Row title is too long. Max length is 24"],
    ["too many rows", list(rows), "Total row count exceed max allowed count: 10"],
    ["a long button title", button("x".repeat(21)), "Button title length invalid. Min length: 1, Max length: 20"],
    ["an empty button title", button(""), "Button title length invalid. Min length: 1, Max length: 20"],
  ])("%s has the details of captured responses", async (_, changes, details) => {
    const { send } = await startTestEmulator();
    expect((await send(changes)).json.error).toMatchObject({ code: 131009, error_data: { details } });
  });

  test("a body that is not a JSON object, or exceeds 1 MB", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}/messages`;
    const headers = { "content-type": "application/json" };
    for (const body of ["{", "[]", "7"]) {
      expect((await ask(path, { body, headers })).json.error).toMatchObject({
        code: 100,
        error_data: { details: expect.stringContaining("JSON") },
      });
    }
    const form = await ask(path, { body: "{}", headers: { "content-type": "application/x-www-form-urlencoded" } });
    expect(form.json.error.error_data.details).toContain("content-type: application/json");
    const large = await ask(path, { json: { ...hello(emulator), text: { body: "x".repeat(1024 * 1024) } } });
    expect(large).toMatchObject({ status: 413, json: { error: { code: 100 } } });
  });
});

test("an unknown parameter beside the message is accepted and reported", async () => {
  const { emulator, send } = await startTestEmulator();
  const { status, headers } = await send({ colour: "red", shade: { of: "red" } });
  expect([status, headers.get("x-wa-hook-ignored")]).toEqual([200, "colour, shade"]);
  expect(emulator.requests.at(-1)).toMatchObject({ kind: "text", ignored: ["colour", "shade"] });
});

test("a number outside the allowed list is rejected", async () => {
  const { send } = await startTestEmulator();
  const { status, json } = await send({ to: "+4915112345678" });
  expect(status).toBe(400);
  expect(json.error).toMatchObject({
    message: "(#131030) Recipient phone number not in allowed list",
    type: "OAuthException",
    code: 131030,
    error_subcode: 2_655_007,
    error_data: { messaging_product: "whatsapp", details: expect.stringContaining("4915112345678") },
  });
});

test("the business cannot message its own number", async () => {
  const { emulator, send } = await startTestEmulator();
  expect((await send({ to: emulator.account.displayNumber })).json.error.code).toBe(131021);
});

describe("a template", () => {
  const template = (name: string, code: string, components?: object[]) => ({
    type: "template",
    text: undefined,
    template: { name, language: { code }, ...(components === undefined ? {} : { components }) },
  });
  const body = (...texts: string[]) => ({ type: "body", parameters: texts.map((text) => ({ type: "text", text })) });

  test.each([
    ["that nobody made", template("goodbye_world", "en_US"), 404, 132001, "does not exist in en_US"],
    ["in another language", template("hello_world", "de"), 404, 132001, "available in en_US"],
    ["with too few parameters", template("appointment_reminder", "en_US", [body("Sheena")]), 400, 132000, "(1)"],
    ["with too many parameters", template("hello_world", "en_US", [body("Sheena")]), 400, 132000, "(0)"],
    ["without its picture", template("order_shipped", "en", [body("1", "2", "3")]), 400, 132012, "expected IMAGE"],
    ["without the text of its button", template("login_code", "en_US", [body("123456")]), 400, 131008, "index 0"],
  ])("%s is refused", async (_, changes, status, code, details) => {
    const { send } = await startTestEmulator();
    const answered = await send(changes);
    expect(answered.status).toBe(status);
    expect(answered.json.error).toMatchObject({ code, error_data: { details: expect.stringContaining(details) } });
  });
});

test("only a message that a customer sent can be marked as read", async () => {
  const { emulator, send } = await startTestEmulator();
  const { id } = await emulator.receive("Hello");
  const read = { messaging_product: "whatsapp", status: "read", to: undefined, type: undefined, text: undefined };
  const typing = { typing_indicator: { type: "text" } };
  expect((await send({ ...read, message_id: id })).json).toEqual({ success: true });
  expect((await send({ ...read, ...typing, message_id: id })).json).toEqual({ success: true });
  expect((await send({ ...read, message_id: "wamid.unknown" })).json.error.code).toBe(131009);
  expect(emulator.requests.at(-2)).toMatchObject({ kind: "read" });
});

describe("rate limits", () => {
  test("one customer can receive a burst of 45 messages, then one every 6 s", async () => {
    const { emulator, send } = await startTestEmulator({ ...QUIET, limits: {} });
    for (let sent = 0; sent < 45; sent++) expect((await send()).status).toBe(200);
    expect((await send()).json.error.code).toBe(131056);
    emulator.advance(6000);
    expect((await send()).status).toBe(200);
    expect((await send()).json.error.code).toBe(131056);
  });

  test("the throughput limits messages per second", async () => {
    const { emulator, send } = await startTestEmulator({ ...QUIET, limits: { throughput: 2, pairBurst: 100 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send()));
    const refused = answers.find(({ status }) => status !== 200);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(refused?.json.error.code).toBe(130429);
    const usage = JSON.parse(refused?.headers.get("x-business-use-case-usage") ?? "") as Record<string, object[]>;
    expect(usage[emulator.account.businessAccountId]?.[0]).toMatchObject({ call_count: 100 });
    emulator.advance(1000);
    expect((await send()).status).toBe(200);
  });
});
