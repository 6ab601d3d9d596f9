/** The page of a listener that records nothing, and of an emulator without a listener. */
import { expect, test } from "vitest";

import type { Bubble, DeliveryRow, Person } from "../../src/inspector/api.ts";
import { Monitor } from "../../src/listener/monitor/monitor.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { startTestEmulator } from "../emulator/test-emulator.ts";
import { APP_SECRET, listening, post, serve, wireOf } from "../support/http.ts";
import { openPage } from "./stage.ts";

async function unrecorded() {
  const watched = await listening({ store: new MemoryStore() });
  const monitor = new Monitor({ listener: watched.listener, version: "1.2.3" });
  const listener = { listener: watched.listener, monitor, forwardTo: [], appSecret: APP_SECRET };
  const page = await openPage({ command: "listen", version: "1.2.3", listener });
  return { ...watched, ...page };
}

test("without a recording, the newest deliveries are found in memory as on disk", async () => {
  const { ask, listener, next } = await unrecorded();
  for (let index = 0; index < 5; index++) await post(listener.url, wireOf("text", `wamid.${index}`));
  await post(listener.url, wireOf("status.failed"));
  await post(listener.url, wireOf("image"), { "content-type": "application/json" });
  await next("rejected");
  const ids = async (query: string) => {
    const { json } = await ask(`/api/deliveries?${query}`);
    return json.rows.map(({ id }: DeliveryRow) => id);
  };
  expect(await ids("")).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
  expect(await ids("limit=2&before=6")).toEqual(["5", "4"]);
  expect(await ids("kind=text")).toEqual(["5", "4", "3", "2", "1"]);
  expect(await ids("kind=failed&from=16505551234")).toEqual(["6"]);
  expect(await ids("search=wamid.3")).toEqual(["4"]);
  expect(await ids("search=SIGNATURE")).toEqual(["7"]);
  expect(await ids("status=rejected")).toEqual(["7"]);
  expect((await ask("/api/deliveries?kind=text&limit=1")).json).toMatchObject({
    count: { value: 5, atLeast: false },
    next: "5",
  });
  const people = (await ask("/api/conversations")).json as Person[];
  expect(people).toMatchObject([{ customer: "16505551234", last: { outgoing: true } }]);
  const { json } = await ask("/api/conversations/16505551234");
  const sent = json.bubbles.find(({ outgoing }: Bubble) => outgoing);
  expect(json.bubbles.filter(({ kind }: Bubble) => kind === "text")).toHaveLength(5);
  expect(sent).toMatchObject({
    kind: "message",
    state: "failed",
    reason: expect.any(String),
    remedy: expect.any(String),
  });
});

test("notes and scenarios are kept in memory then, and there is no customer to write as", async () => {
  const { ask, listener } = await unrecorded();
  await post(listener.url, wireOf("text"));
  await ask("/api/deliveries/1/note", { method: "PUT", json: { pinned: true } });
  expect((await ask("/api/deliveries/1")).json.pinned).toBe(true);
  await ask("/api/scenarios/one", { method: "PUT", json: { steps: [{ message: { message: "hi" } }] } });
  expect((await ask("/api/scenarios/one/play", { method: "POST" })).json).toMatchObject({
    ok: false,
    results: [{ got: "there is no emulated customer" }],
  });
  expect((await ask("/api/deliveries/1/replay", { json: {} })).json).toMatchObject({
    error: "there is no app to send it to",
    hint: expect.stringContaining("--forward-to"),
  });
  expect((await ask("/api/customer/messages", { json: { message: "hi" } })).json.error).toContain(
    "no emulated customer",
  );
  expect((await ask("/api/state")).json).toMatchObject({ emulated: false, listener: { forwardTo: [] } });
});

test("without a listener, the conversation is what the emulator sent and got", async () => {
  const app = await serve((_, response) => void response.end());
  const statuses = { sent: 0, delivered: 0, read: false } as const;
  const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses });
  const { ask, until, url } = await openPage({
    command: "emulate",
    version: "1.2.3",
    emulator,
    webhook: new URL(app.url),
  });
  await ask("/api/customer/messages", { json: { message: "Hello\nthere" } });
  await send();
  await ask("/api/customer/messages", { json: { message: { type: "image", image: {} } } });
  const path = `/api/conversations/${emulator.account.customer.number}`;
  const page = await until(path, ({ bubbles }) => bubbles[1]?.state === "delivered" && bubbles.length === 3);
  expect(page.bubbles).toMatchObject([
    { outgoing: false, kind: "text", lines: ["Hello", "there"] },
    { outgoing: true, kind: "text", state: "delivered", answeredAfterMs: expect.any(Number) },
    { outgoing: false, kind: "image", media: { kind: "image", url: expect.stringMatching(/^\/api\/media\//) } },
  ]);
  const people = (await ask("/api/conversations")).json;
  expect(people).toMatchObject([
    { name: "Sheena", last: { outgoing: false, text: "image" }, windowEnds: expect.any(Number) },
  ]);
  expect((await ask("/api/conversations?search=nobody")).json).toEqual([]);
  const last = (await ask(`${path}?limit=1`)).json;
  expect(last.bubbles).toHaveLength(1);
  expect((await ask(`${path}?limit=5&before=${last.next}`)).json.bubbles).toHaveLength(2);
  expect((await ask("/api/deliveries")).json).toEqual({ rows: [], count: { value: 0, atLeast: false } });
  const { lanes } = (await ask("/api/timeline")).json;
  expect(lanes[0].label).toBe(`To ${app.url}`);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});
