/** Webhooks to the app: signed, in order, and retried until the app responds with 200. */
import { describe, expect, test } from "vitest";

import type { EmulatorEvent } from "../../src/emulator/event.ts";
import { verify } from "../../src/webhook/signature.ts";
import { listening } from "../support/http.ts";
import { anApp, AT_ONCE, startTestEmulator, QUIET, statusesIn, valueOf } from "./test-emulator.ts";

test("the listener accepts the signatures of the emulator", async () => {
  const [secret, emulated] = ["another-test-secret", "16505551234"];
  const { listener, next } = await listening({ appSecret: secret });
  const { emulator, send } = await startTestEmulator({
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
  const { emulator } = await startTestEmulator({ ...QUIET, webhook: app.url });
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

describe("a failed webhook", () => {
  test("is retried with the same bytes until the response is 200", async () => {
    const app = await anApp();
    app.answers.push(500, 404, 201);
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url, retryMs: [0, 1, 1] });
    const { id } = await emulator.receive("Hello");
    const shared = { group: "message", kind: "text", id, url: app.url };
    expect(await next("webhook")).toMatchObject({
      ...shared,
      attempt: 1,
      status: 500,
      retryInMs: 0,
      advice: expect.any(String),
    });
    expect(await next("webhook")).toMatchObject({ ...shared, attempt: 2, status: 404, retryInMs: 1 });
    expect(await next("webhook")).toMatchObject({
      ...shared,
      attempt: 3,
      status: 201,
      retryInMs: 1,
      advice: expect.stringContaining("201"),
    });
    const last = await next("webhook");
    expect(last).toMatchObject({ ...shared, attempt: 4, status: 200 });
    expect(last.retryInMs).toBeUndefined();
    expect(new Set(app.bodies).size).toBe(1);
    expect(app.bodies).toHaveLength(4);
  });

  test("is dropped after the last retry", async () => {
    const app = await anApp();
    app.answers.push(500, 500);
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url, retryMs: [0] });
    await emulator.receive("Hello");
    expect(await next("webhook")).toMatchObject({ attempt: 1, retryInMs: 0 });
    const last = await next("webhook");
    expect(last).toMatchObject({ attempt: 2, status: 500 });
    expect(last.retryInMs).toBeUndefined();
  });

  test("does not block later statuses, and is retried when due", async () => {
    const app = await anApp();
    app.answers.push(500);
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, retryMs: [60_000] });
    await send();
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read"]);
    emulator.advance(60_000);
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read", "sent"]);
  });

  test("reports a refused connection", async () => {
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: "http://127.0.0.1:9/webhook" });
    await emulator.receive("Hello");
    const attempt = await next("webhook");
    expect(attempt).toMatchObject({ attempt: 1, advice: expect.stringContaining("127.0.0.1:9") });
    expect(attempt.status).toBeUndefined();
  });
});

test("without a callback URL nothing is sent, and one warning is emitted", async () => {
  const { emulator, send } = await startTestEmulator({ statuses: AT_ONCE });
  const events = emulator.events();
  await emulator.receive("Hello");
  await send();
  await emulator.settled();
  await emulator.close();
  const seen: EmulatorEvent[] = [];
  for await (const event of events) seen.push(event);
  expect(seen.map(({ type }) => type)).toEqual(["received", "warning", "request"]);
  expect(seen[1]).toMatchObject({ message: expect.stringContaining("no callback URL") });
});

test("the queue is limited by size", async () => {
  const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: "http://127.0.0.1:9/webhook" });
  const long = "x".repeat(1024 * 1024);
  for (let sent = 0; sent < 100; sent++) await emulator.receive({ type: "new-type", long });
  expect(await next("warning")).toMatchObject({ message: expect.stringContaining("64 MB") });
});

test("the queue is limited by number: the oldest webhook is dropped with a warning", async () => {
  const { emulator, ask, next } = await startTestEmulator({
    ...QUIET,
    webhook: "http://127.0.0.1:9/webhook",
    retryMs: [],
  });
  for (let sent = 0; sent < 10_001; sent++) await emulator.receive("Hello");
  expect(await next("warning")).toMatchObject({ message: expect.stringContaining("webhook queue is full") });
  // Without a subscription the queue empties quickly.
  await ask(`/${emulator.account.businessAccountId}/subscribed_apps`, { method: "DELETE" });
  await emulator.settled();
});

describe("a customer", () => {
  test("has the given number, and the name is remembered", async () => {
    const app = await anApp();
    const { emulator } = await startTestEmulator({ ...QUIET, webhook: app.url });
    await emulator.receive("Hello", { number: "+52 55 1234 5678", name: "The neighbour" });
    await emulator.settled();
    await emulator.receive("Hello?", { number: "525512345678" });
    await emulator.settled();
    for (const body of app.bodies) {
      expect(valueOf(body).contacts[0]).toMatchObject({ profile: { name: "The neighbour" }, wa_id: "5215512345678" });
      expect(valueOf(body).messages[0].from).toBe("5215512345678");
    }
  });

  test("can reply, react and press a button", async () => {
    const app = await anApp();
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url });
    await emulator.receive({ type: "text", context: { id: "wamid.ours" }, text: { body: "Yes" } });
    await emulator.receive({ type: "reaction", reaction: { message_id: "wamid.ours", emoji: "👍" } });
    await emulator.receive({ type: "hologram", hologram: { depth: 3 } });
    await emulator.settled();
    const messages = app.bodies.map((body) => valueOf(body).messages[0]);
    const answer = messages.find(({ type }) => type === "text");
    expect(answer.context).toEqual({ from: emulator.account.displayNumber, id: "wamid.ours" });
    expect(messages.map(({ type }) => type)).toEqual(expect.arrayContaining(["hologram", "reaction", "text"]));
    expect(await next("received")).toMatchObject({
      kind: "text",
      summary: '"Yes" (reply)',
      from: "16505551234",
      name: "Sheena",
    });
  });

  test.each([
    ["nothing", "", undefined, "the text is empty"],
    ["something without a type", { image: {} }, undefined, "the message has no type"],
    ["a text without a body", { type: "text", text: {} }, undefined, "text.body"],
    ["from no number", "Hello", { number: "Sheena" }, "not a phone number"],
  ])("cannot send %s", async (_, message, from, words) => {
    const { emulator } = await startTestEmulator();
    await expect(emulator.receive(message, from)).rejects.toThrow(words);
  });
});
