/** The statuses of an accepted message, as delivered to the app. */
import { describe, expect, test } from "vitest";

import { anApp, AT_ONCE, startTestEmulator, statusesIn, upload, valueOf } from "./test-emulator.ts";

const template = (name: string) => ({
  type: "template",
  text: undefined,
  template: { name, language: { code: "en_US" } },
});

describe("statuses", () => {
  test("are sent, delivered and read, with pricing in the first two", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE });
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

  test("are delivered when due on the emulator's clock", async () => {
    const app = await anApp();
    const hour = 3_600_000;
    const { emulator, send, next } = await startTestEmulator({
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

  test("can be disabled", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({
      webhook: app.url,
      statuses: { ...AT_ONCE, delivered: false },
    });
    await send();
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "read"]);
    expect(app.bodies.map((body) => "pricing" in valueOf(body).statuses[0])).toEqual([true, true]);
  });

  test("of a reaction consist of sent only", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE });
    await send({ type: "reaction", text: undefined, reaction: { message_id: "wamid.any", emoji: "👍" } });
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent"]);
  });

  test("of many messages keep their order per message", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, limits: false });
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

  test("report a failure for an unknown user id and for mismatched media", async () => {
    const app = await anApp();
    const { emulator, ask, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE });
    await send({ to: undefined, recipient: "US.13491208655302741918" });
    await emulator.settled();
    const { json } = await upload({ emulator, ask }, new File(["%PDF"], "a.pdf", { type: "application/pdf" }));
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
  test("is initially open for every customer, and closes after 24 hours", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE });
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

  test("can be initially closed and opens when the customer writes; templates do not need it", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, window: "closed" });
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
