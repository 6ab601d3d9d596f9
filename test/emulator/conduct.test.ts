/** How an emulator behaves, changed while it runs, and what it has: files, templates, windows, received messages. */
import { expect, test } from "vitest";

import { serve } from "../support/http.ts";
import { AT_ONCE, startTestEmulator } from "./test-emulator.ts";

const CUSTOMER = "16505551234";

test("delays of statuses, failures and latency change while it runs, and a reset restores them", async () => {
  const { emulator, send } = await startTestEmulator({ statuses: { ...AT_ONCE, read: false }, latencyMs: 1 });
  const before = emulator.conduct;
  expect(before).toMatchObject({ statuses: { sent: 0, delivered: 0, read: false }, failures: [], latencyMs: 1 });
  emulator.change({ statuses: { read: 7 }, latencyMs: 2 });
  emulator.fail({ code: 131056 });
  expect(emulator.conduct).toEqual({
    statuses: { ...before.statuses, read: 7 },
    failures: [{ code: 131056 }],
    latencyMs: 2,
  });
  expect((await send()).json.error.code).toBe(131056);
  emulator.change({ clearFailures: true });
  expect((await send()).status).toBe(200);
  emulator.reset();
  expect(emulator.conduct).toEqual(before);
});

test("invalid changes are refused and change nothing", async () => {
  const { emulator } = await startTestEmulator();
  const before = emulator.conduct;
  expect(() => emulator.change({ latencyMs: -1 })).toThrow("latencyMs must be a number of 0 or more");
  expect(() => emulator.change({ statuses: { sent: Number.NaN } })).toThrow("statuses.sent");
  emulator.change({ statuses: JSON.parse('{"__proto__":{"x":1},"other":3}') as object });
  expect(emulator.conduct).toEqual(before);
});

test("windows of all customers close and open", async () => {
  const app = await serve((_, response) => void response.end());
  const { emulator, send, next } = await startTestEmulator({ webhook: app.url });
  await emulator.receive("hi");
  expect(emulator.windowEnds(CUSTOMER)).toBeGreaterThan(emulator.now());
  emulator.change({ window: "closed" });
  expect(emulator.windowEnds(CUSTOMER)).toBeUndefined();
  await send();
  await next("webhook");
  expect(await next("webhook")).toMatchObject({ group: "status", kind: "failed" });
  emulator.change({ window: "open" });
  const { userId } = await emulator.receive("hi again");
  expect(emulator.windowEnds(userId)).toBe(emulator.windowEnds(CUSTOMER));
});

test("received messages, files and templates can be looked up", async () => {
  const { emulator } = await startTestEmulator();
  const { id } = await emulator.receive({ type: "image", image: { caption: "hinge" } });
  expect(emulator.received).toMatchObject([{ id, from: CUSTOMER, name: "Sheena", message: { type: "image" } }]);
  const image = emulator.received[0]?.message["image"] as { id: string };
  expect(emulator.media(image.id)).toMatchObject({ mime: "image/jpeg" });
  expect(emulator.media("0")).toBeUndefined();
  expect(emulator.template("hello_world", "EN_us")?.components).toHaveLength(3);
  expect(emulator.template("hello_world", "de")).toBeUndefined();
  emulator.reset();
  expect(emulator.received).toEqual([]);
});

test("at most a thousand received messages are kept", async () => {
  const { emulator } = await startTestEmulator();
  for (let index = 0; index < 1010; index++) await emulator.receive(`${index}`);
  expect(emulator.received).toHaveLength(1000);
  expect(emulator.received[0]?.message["text"]).toEqual({ body: "10" });
});
