/** What the app hears from the emulator: statuses and messages, signed, in order, and until it answers 200. */
import { describe, expect, test } from "vitest";

import { verify } from "../../src/webhook/signature.ts";
import { listening } from "../support/http.ts";
import { anApp, AT_ONCE, emulating, QUIET, statusesIn } from "./emulating.ts";

// oxlint-disable-next-line typescript/no-explicit-any
const valueOf = (body = "{}"): any => JSON.parse(body).entry[0].changes[0].value;
const template = (name: string) => ({
  type: "template",
  text: undefined,
  template: { name, language: { code: "en_US" } },
});

test("our own listener takes what the emulator signs", async () => {
  const [secret, emulated] = ["another-test-secret", "16505551234"];
  const { listener, next } = await listening({ appSecret: secret });
  const { emulator, send } = await emulating({
    webhook: listener.url,
    account: { appSecret: secret },
    statuses: AT_ONCE,
  });
  await send({ text: { body: "Grüße / 👋🏽" }, biz_opaque_callback_data: "order 7" });
  await emulator.settled();
  await emulator.receive("Schön! 50 % @ <here>");
  const deliveries = [await next("delivery"), await next("delivery"), await next("delivery"), await next("delivery")];
  const events = deliveries.flatMap(({ events: each }) => each);
  expect(events.map(({ kind }) => kind)).toEqual(["sent", "delivered", "read", "text"]);
  expect(events.flatMap(({ problems = [] }) => problems)).toEqual([]);
  expect(events[0]).toMatchObject({ to: emulated });
  expect(events[3]).toMatchObject({ from: emulated, name: "Sheena", summary: '"Schön! 50 % @ <here>"' });
});

test("a delivery has Meta's headers, both signatures and the account's ids", async () => {
  const app = await anApp();
  const { emulator } = await emulating({ ...QUIET, webhook: app.url });
  const { id } = await emulator.receive("Hello / there");
  await emulator.settled();
  const { appSecret, businessAccountId, displayNumber, phoneNumberId } = emulator.account;
  expect(app.headers[0]).toMatchObject({
    "user-agent": "facebookexternalua",
    "x-hub-signature": expect.stringMatching(/^sha1=/),
  });
  expect(verify(app.bodies[0] ?? "", app.headers[0]?.["x-hub-signature-256"] as string, appSecret)).toBe(true);
  expect(app.bodies[0]).toContain(String.raw`Hello \/ there`);
  expect(JSON.parse(app.bodies[0] ?? "")).toMatchObject({
    object: "whatsapp_business_account",
    entry: [{ id: businessAccountId, changes: [{ field: "messages" }] }],
  });
  expect(valueOf(app.bodies[0])).toEqual({
    messaging_product: "whatsapp",
    metadata: { display_phone_number: displayNumber, phone_number_id: phoneNumberId },
    contacts: [{ profile: { name: "Sheena" }, wa_id: "16505551234", user_id: expect.stringMatching(/^US\.\d{20}$/) }],
    messages: [
      {
        from: "16505551234",
        from_user_id: expect.stringMatching(/^US\.\d{20}$/),
        id,
        timestamp: expect.stringMatching(/^\d{10}$/),
        text: { body: "Hello / there" },
        type: "text",
      },
    ],
  });
});

describe("statuses", () => {
  test("come as sent, delivered and read, with the price in the first two", async () => {
    const app = await anApp();
    const { emulator, send } = await emulating({ webhook: app.url, statuses: AT_ONCE });
    const { json } = await send({ biz_opaque_callback_data: "order 7" });
    await emulator.settled();
    const statuses = app.bodies.map((body) => valueOf(body).statuses[0]);
    const shared = {
      id: json.messages[0].id,
      timestamp: expect.stringMatching(/^\d{10}$/),
      recipient_id: "16505551234",
      recipient_user_id: expect.stringMatching(/^US\./),
      biz_opaque_callback_data: "order 7",
    };
    const pricing = { billable: false, pricing_model: "PMP", category: "service", type: "free_customer_service" };
    expect(statuses).toEqual([
      { ...shared, status: "sent", pricing },
      { ...shared, status: "delivered", pricing },
      { ...shared, status: "read" },
    ]);
  });

  test("come when they are due, by the emulator's clock", async () => {
    const app = await anApp();
    const hour = 3_600_000;
    const { emulator, send, next } = await emulating({
      webhook: app.url,
      statuses: { sent: 0, delivered: hour, read: 2 * hour },
    });
    await send();
    expect(await next("webhook")).toMatchObject({ kind: "sent", status: 200 });
    emulator.advance(hour);
    expect(await next("webhook")).toMatchObject({ kind: "delivered", status: 200 });
    expect(statusesIn(app)).toEqual(["sent", "delivered"]);
    emulator.advance(hour);
    expect(await next("webhook")).toMatchObject({ kind: "read", status: 200 });
    const [sent, delivered, read] = app.bodies.map((body) => Number(valueOf(body).statuses[0].timestamp));
    expect([delivered, read].map((at) => (at ?? 0) - (sent ?? 0))).toEqual([3600, 7200]);
  });

  test("may never come", async () => {
    const app = await anApp();
    const { emulator, send } = await emulating({ webhook: app.url, statuses: { ...AT_ONCE, delivered: false } });
    await send();
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "read"]);
    expect(app.bodies.map((body) => "pricing" in valueOf(body).statuses[0])).toEqual([true, true]);
  });

  test("of a reaction end with sent", async () => {
    const app = await anApp();
    const { emulator, send } = await emulating({ webhook: app.url, statuses: AT_ONCE });
    await send({ type: "reaction", text: undefined, reaction: { message_id: "wamid.any", emoji: "👍" } });
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent"]);
  });

  test("of many messages keep their order for each of them", async () => {
    const app = await anApp();
    const { emulator, send } = await emulating({ webhook: app.url, statuses: AT_ONCE, limits: false });
    await Promise.all(Array.from({ length: 100 }, () => send()));
    await emulator.settled();
    const order = new Map<string, string[]>();
    for (const body of app.bodies) {
      const { id, status } = valueOf(body).statuses[0];
      order.set(id, [...(order.get(id) ?? []), status]);
    }
    expect(order.size).toBe(100);
    expect(new Set([...order.values()].map(String))).toEqual(new Set(["sent,delivered,read"]));
  });

  test("tell of a failure when nobody has the user id, or the file is of another sort", async () => {
    const app = await anApp();
    const { emulator, ask, send } = await emulating({ webhook: app.url, statuses: AT_ONCE });
    await send({ to: undefined, recipient: "US.13491208655302741918" });
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("file", new File(["%PDF"], "a.pdf", { type: "application/pdf" }));
    const { json } = await ask(`/${emulator.account.phoneNumberId}/media`, { body: form });
    await send({ type: "image", text: undefined, image: { id: json.id } });
    await emulator.settled();
    const failures = app.bodies.map((body) => valueOf(body).statuses[0]);
    expect(failures.map(({ status, errors }) => [status, errors[0].code])).toEqual([
      ["failed", 131026],
      ["failed", 131053],
    ]);
    expect(failures[0].recipient_id).toBeUndefined();
  });
});

describe("the 24-hour window", () => {
  test("is open as if every customer had just written, and closes after a day", async () => {
    const app = await anApp();
    const { emulator, send } = await emulating({ webhook: app.url, statuses: AT_ONCE });
    await send();
    await emulator.settled();
    emulator.advance(24 * 3_600_000);
    expect((await send()).status).toBe(200);
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read", "failed"]);
    const value = valueOf(app.bodies.at(-1));
    expect(value.contacts).toBeUndefined();
    expect(value.statuses[0].errors).toEqual([
      {
        code: 131047,
        title: expect.any(String),
        message: expect.any(String),
        error_data: { details: expect.stringContaining("24 hours") },
        href: expect.stringContaining("error-codes"),
      },
    ]);
  });

  test("is closed from the start if you like, and opens when the customer writes; a template needs none", async () => {
    const app = await anApp();
    const { emulator, send } = await emulating({ webhook: app.url, statuses: AT_ONCE, window: "closed" });
    await send();
    await emulator.settled();
    await send(template("hello_world"));
    await emulator.settled();
    expect(valueOf(app.bodies[1]).statuses[0].pricing).toMatchObject({
      category: "utility",
      type: "regular",
      billable: true,
    });
    await emulator.receive("Hello?");
    await emulator.settled();
    await send();
    await send(template("hello_world"));
    await emulator.settled();
    expect(statusesIn(app).filter((status) => status === "failed")).toHaveLength(1);
    expect(statusesIn(app).filter((status) => status === "read")).toHaveLength(3);
    expect(valueOf(app.bodies.at(-2)).statuses[0].pricing?.billable ?? false).toBe(false);
  });
});

describe("a webhook that the app does not take", () => {
  test("comes again, the same bytes, until the answer is 200", async () => {
    const app = await anApp();
    app.answers.push(500, 404, 201);
    const { emulator, next } = await emulating({ ...QUIET, webhook: app.url, retryMs: [0, 1, 1] });
    const { id } = await emulator.receive("Hello");
    const shared = { group: "message", kind: "text", id, url: app.url };
    expect(await next("webhook")).toMatchObject({
      ...shared,
      attempt: 1,
      status: 500,
      next: 0,
      advice: expect.any(String),
    });
    expect(await next("webhook")).toMatchObject({ ...shared, attempt: 2, status: 404, next: 1 });
    expect(await next("webhook")).toMatchObject({ ...shared, attempt: 3, status: 201, next: 1 });
    const last = await next("webhook");
    expect(last).toMatchObject({ ...shared, attempt: 4, status: 200 });
    expect(last.next).toBeUndefined();
    expect(new Set(app.bodies).size).toBe(1);
    expect(app.bodies).toHaveLength(4);
  });

  test("is given up after the last pause", async () => {
    const app = await anApp();
    app.answers.push(500, 500);
    const { emulator, next } = await emulating({ ...QUIET, webhook: app.url, retryMs: [0] });
    await emulator.receive("Hello");
    expect(await next("webhook")).toMatchObject({ attempt: 1, next: 0 });
    const last = await next("webhook");
    expect(last).toMatchObject({ attempt: 2, status: 500 });
    expect(last.next).toBeUndefined();
  });

  test("does not hold up the statuses that follow, and waits for its time", async () => {
    const app = await anApp();
    app.answers.push(500);
    const { emulator, send } = await emulating({ webhook: app.url, statuses: AT_ONCE, retryMs: [60_000] });
    await send();
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read"]);
    emulator.advance(60_000);
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read", "sent"]);
  });

  test("tells when nobody is there", async () => {
    const { emulator, next } = await emulating({ ...QUIET, webhook: "http://127.0.0.1:9/webhook" });
    await emulator.receive("Hello");
    const attempt = await next("webhook");
    expect(attempt).toMatchObject({ attempt: 1, advice: expect.stringContaining("127.0.0.1:9") });
    expect(attempt.status).toBeUndefined();
  });
});

test("without a callback nothing is sent, and that is told once", async () => {
  const { emulator, send, next } = await emulating({ statuses: AT_ONCE });
  await emulator.receive("Hello");
  await send();
  await emulator.settled();
  expect(await next("notice")).toMatchObject({ message: expect.stringContaining("no callback URL") });
  expect((await next("request")).kind).toBe("text");
  await emulator.close();
});

test("what waits is bounded: the oldest goes, and that is told", async () => {
  const { emulator, next } = await emulating({ ...QUIET, webhook: "http://127.0.0.1:9/webhook", retryMs: [3_600_000] });
  for (let sent = 0; sent < 10_001; sent++) await emulator.receive("Hello");
  expect(await next("notice")).toMatchObject({ message: expect.stringContaining("more than 10000") });
  await emulator.close();
});

describe("a customer", () => {
  test("is who you say, and a name is remembered", async () => {
    const app = await anApp();
    const { emulator } = await emulating({ ...QUIET, webhook: app.url });
    await emulator.receive("Hello", { number: "+52 55 1234 5678", name: "Maris" });
    await emulator.settled();
    await emulator.receive("Hello?", { number: "525512345678" });
    await emulator.settled();
    for (const body of app.bodies) {
      expect(valueOf(body).contacts[0]).toMatchObject({ profile: { name: "Maris" }, wa_id: "5215512345678" });
      expect(valueOf(body).messages[0].from).toBe("5215512345678");
    }
  });

  test("can answer, react and press a button", async () => {
    const app = await anApp();
    const { emulator, next } = await emulating({ ...QUIET, webhook: app.url });
    await emulator.receive({ type: "text", context: { id: "wamid.ours" }, text: { body: "Yes" } });
    await emulator.receive({ type: "reaction", reaction: { message_id: "wamid.ours", emoji: "👍" } });
    await emulator.receive({ type: "hologram", hologram: { depth: 3 } });
    await emulator.settled();
    const messages = app.bodies.map((body) => valueOf(body).messages[0]);
    const answer = messages.find(({ type }) => type === "text");
    expect(answer.context).toEqual({ from: emulator.account.displayNumber, id: "wamid.ours" });
    expect(messages.map(({ type }) => type).toSorted()).toEqual(["hologram", "reaction", "text"]);
    expect(await next("received")).toMatchObject({
      kind: "text",
      summary: '"Yes"',
      from: "16505551234",
      name: "Sheena",
    });
  });

  test.each([
    ["nothing", "", undefined, "an empty text"],
    ["something without a type", { image: {} }, undefined, "a message needs a type"],
    ["a text without a body", { type: "text", text: {} }, undefined, "text.body"],
    ["from no number", "Hello", { number: "Sheena" }, "not a phone number"],
  ])("cannot write %s", async (_, message, from, words) => {
    const { emulator } = await emulating();
    await expect(emulator.receive(message, from)).rejects.toThrow(words);
  });
});
