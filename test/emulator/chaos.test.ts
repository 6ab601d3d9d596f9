/** Batches, duplicates and disorder of webhooks without any failure. */
import { describe, expect, test } from "vitest";

import { FIELDS } from "../../src/emulator/webhooks/fields.ts";
import { readPayload } from "../../src/webhook/payload.ts";
import { anApp, AT_ONCE, QUIET, startTestEmulator, statusesIn, valueOf, type App } from "./test-emulator.ts";

const updatesIn = ({ bodies }: App) => bodies.map((body) => readPayload(JSON.parse(body)).length);

describe("a batch", () => {
  test("holds the updates that are due together, up to its size, in several entries and changes", async () => {
    const app = await anApp();
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url, batch: 4 });
    for (let count = 0; count < 6; count++) await emulator.receive(`Message ${count}`);
    emulator.advance(1000);
    await emulator.settled();
    expect(updatesIn(app).toSorted((one, other) => one - other)).toEqual([2, 4]);
    const [largest] = app.bodies.toSorted((one, other) => other.length - one.length);
    const { entry } = JSON.parse(largest ?? "") as { entry: { changes: { value: { messages: object[] } }[] }[] };
    expect(entry.map(({ changes }) => changes.length)).toEqual([4]);
    expect((await next("webhook")).updates).toBe(4);
  });

  test("is retried as a whole with the same bytes, and its statuses stay in order", async () => {
    const app = await anApp();
    app.answers.push(500);
    const { emulator, send, next } = await startTestEmulator({
      webhook: app.url,
      statuses: AT_ONCE,
      batch: 100,
      retryMs: [0],
      limits: false,
    });
    for (let count = 0; count < 3; count++) await send();
    for (let statuses = 0; statuses < 9;) {
      emulator.advance(500);
      const { status, updates = 1 } = await next("webhook");
      if (status === 200) statuses += updates;
    }
    expect(app.bodies[0]).toBe(app.bodies.find((body, at) => at > 0 && body === app.bodies[0]));
    const statuses = app.bodies.flatMap((body) => readPayload(JSON.parse(body)).map(({ kind }) => kind));
    expect(statuses.filter((status) => status === "read")).toHaveLength(3);
    expect(statuses.indexOf("read")).toBeGreaterThan(statuses.indexOf("delivered"));
  });

  test("keeps apart what goes to different URLs", async () => {
    const [app, override] = [await anApp(), await anApp()];
    const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url, fields: FIELDS, batch: 1000 });
    await ask(`/${emulator.account.businessAccountId}/subscribed_apps`, {
      json: { override_callback_uri: override.url, verify_token: override.verifyToken },
    });
    await emulator.receive("Hello");
    emulator.play("calling");
    emulator.advance(60_000);
    await emulator.settled();
    const fields = (each: App) =>
      new Set(each.bodies.flatMap((body) => readPayload(JSON.parse(body)).map(({ field }) => field)));
    expect([fields(app), fields(override)]).toEqual([new Set(["calls"]), new Set(["messages"])]);
    expect(app.bodies).toHaveLength(1);
  });

  test.each([0, 1001, 1.5])("of %d updates is an error", async (batch) => {
    await expect(startTestEmulator({ batch })).rejects.toThrow("batch must be");
  });
});

describe("chaos", () => {
  test("sends some webhooks twice with the same bytes, although the app responds with 200", async () => {
    const app = await anApp();
    const { emulator } = await startTestEmulator({ ...QUIET, webhook: app.url, chaos: ["duplicates"], seed: "chaos" });
    for (let count = 0; count < 40; count++) await emulator.receive(`Message ${count}`);
    emulator.advance(60_000);
    await emulator.settled();
    expect(new Set(app.bodies).size).toBe(40);
    expect(app.bodies.length).toSatisfy((count: number) => count > 43 && count < 60);
  });

  test("delivers statuses out of order, each once, and their timestamps tell the order", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({
      webhook: app.url,
      statuses: { sent: 0, delivered: 2000, read: 4000 },
      chaos: ["reorder"],
      seed: "chaos",
      limits: false,
    });
    for (let count = 0; count < 12; count++) await send();
    emulator.advance(10_000);
    await emulator.settled();
    const statuses = app.bodies.map(
      (body) => valueOf(body).statuses[0] as { id: string; status: string; timestamp: string },
    );
    expect(statusesIn(app)).toHaveLength(36);
    const ids = [...new Set(statuses.map(({ id }) => id))];
    const byMessage = ids.map((id) => statuses.filter((each) => each.id === id));
    const orders = byMessage.map((each) => each.map(({ status }) => status).join(" "));
    expect(orders.filter((order) => order !== "sent delivered read").length).toBeGreaterThan(2);
    for (const each of byMessage) {
      const sorted = each.toSorted((one, other) => Number(one.timestamp) - Number(other.timestamp));
      expect(sorted.map(({ status }) => status)).toEqual(["sent", "delivered", "read"]);
    }
  });

  test("makes some webhooks up to a week old, and sends all of an interval at once, together", async () => {
    const app = await anApp();
    const chaos = ["stale", "burst", "batch"] as const;
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url, chaos, seed: "chaos" });
    for (let count = 0; count < 40; count++) {
      await emulator.receive(`Message ${count}`);
      emulator.advance(100);
    }
    emulator.advance(10_000);
    await emulator.settled();
    expect((await next("webhook")).updates).toBeGreaterThan(1);
    const times = app.bodies.flatMap((body) => readPayload(JSON.parse(body)).map(({ at = 0 }) => at));
    expect(times).toHaveLength(40);
    const newest = Math.max(...times);
    const old = times.filter((at) => newest - at > 59);
    expect(old.length).toSatisfy((count: number) => count > 1 && count < 20);
    expect(Math.max(...old.map((at) => newest - at))).toBeLessThan(7 * 86_400 + 60);
    expect(app.bodies.length).toBeLessThan(5);
  });

  test("and retries are as many times as fast as the time scale says", async () => {
    const app = await anApp();
    app.answers.push(500, 500, 500);
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url, timeScale: 1000 });
    await emulator.receive("Hello");
    const attempts: unknown[] = [];
    while (attempts.at(-1) !== 200) {
      emulator.advance(5);
      const { status, retryInMs } = await next("webhook");
      attempts.push(...(retryInMs === undefined ? [] : [retryInMs]), status);
    }
    expect(attempts).toEqual([0, 500, 1, 500, 5, 500, 200]);
  });

  test("of an unknown kind is an error with a hint", async () => {
    await expect(startTestEmulator({ chaos: ["duplicate" as "duplicates"] })).rejects.toThrow(
      expect.objectContaining({ hint: "did you mean duplicates?" }) as Error,
    );
  });
});
