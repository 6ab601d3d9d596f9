/** The rest of the page's API over a real listener, a store on disk and an emulator: requests, figures, state, scenarios, live events. */
import { statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { startStandIn } from "../../src/inspector/stand-in.ts";
import { post, wireOf } from "../support/http.ts";
import { openEvents, stage } from "./stage.ts";

const CUSTOMER = "16505551234";

test("what the app asked of the Graph API is listed, newest first, with errors", async () => {
  const { ask, until, emulator } = await stage();
  await ask("/api/customer/messages", { json: { message: "hi" } });
  await until("/api/requests", ({ rows }) => rows.length === 1);
  await fetch(`${emulator.url}/v25.0/unheard`, { method: "POST" });
  const { rows } = await until("/api/requests", (page) => page.rows.length === 2);
  expect(rows[0]).toMatchObject({ index: 2, method: "POST", error: { code: expect.any(Number) } });
  expect(rows[1]).toMatchObject({ index: 1, kind: "button", status: 200, messageId: expect.any(String) });
  const older = await ask("/api/requests?limit=1");
  expect(older.json.next).toBe("2");
  expect((await ask(`/api/requests?before=2`)).json.rows).toHaveLength(1);
});

test("the overview counts by second and by minute, and the timeline shows repeated attempts", async () => {
  const { ask, listener, next } = await stage({
    reply: () => undefined,
    status: () => 500,
    listener: { retry: { attempts: 3, firstMs: 1, maxMs: 1 } as never },
  });
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("text"), { "content-type": "application/json" });
  await next("rejected");
  await next("forwarded");
  for (const minutes of [5, 120]) {
    const { json } = await ask(`/api/overview?minutes=${minutes}`);
    const sum = (list: number[]) => list.reduce((total, each) => total + each, 0);
    expect(json.at).toHaveLength(minutes === 5 ? 300 : 120);
    expect([sum(json.accepted), sum(json.duplicates), sum(json.rejected)]).toEqual([1, 1, 1]);
    expect(sum(json.failed)).toBeGreaterThan(0);
    expect(json.ackP95.filter((each: number | null) => each !== null).length).toBeGreaterThan(0);
  }
  const { lanes } = (await ask("/api/timeline")).json;
  const received = lanes.find(({ label }: { label: string }) => label === "Received");
  expect(
    received.attempts.map(({ status, attempt }: { status: number; attempt: number }) => [status, attempt]),
  ).toEqual([
    [200, 1],
    [200, 2],
    [401, 1],
  ]);
});

test("the state has listener, health, store and emulator, and the emulator's controls change it", async () => {
  const { ask, emulator, listener, appUrl } = await stage();
  const before = (await ask("/api/state")).json;
  expect(before).toMatchObject({
    command: "dev",
    emulated: true,
    listener: { url: listener.url, forwardTo: [appUrl], store: "events.db", health: { status: "ok" }, alarms: [] },
    emulator: { url: emulator.url, statuses: { read: false }, failures: [] },
  });
  const put = (json: object) => ask("/api/emulator", { method: "PUT", json });
  const hour = 3_600_000;
  const { json } = await put({ advanceMs: 25 * hour, fail: { code: 131056 }, statuses: { read: 5 }, latencyMs: 1 });
  expect(json.now).toBeGreaterThan(before.emulator.now + 24 * hour);
  expect(json).toMatchObject({ failures: [{ code: 131056 }], statuses: { read: 5, sent: 0 } });
  expect(emulator.conduct.latencyMs).toBe(1);
  expect((await put({ clearFailures: true, latencyMs: 0, window: "closed" })).json.failures).toEqual([]);
  expect(emulator.windowEnds(CUSTOMER)).toBeUndefined();
  await put({ window: "open" });
  expect(emulator.windowEnds(CUSTOMER)).toBeGreaterThan(emulator.now());
  for (const wrong of [{ advanceMs: -1 }, { fail: { code: 1.5 } }, { latencyMs: 1e9 }, { window: "ajar" }]) {
    expect((await put(wrong)).status).toBe(400);
  }
});

test("a scenario is saved, played and compared with the time before", async () => {
  let status = 500;
  const { ask, cwd } = await stage({ status: () => status });
  const steps = [
    { message: { message: "hi" } },
    { waitMs: 1 },
    { action: { action: "accept_calls" } },
    { delivery: "99" },
  ];
  const saved = await ask("/api/scenarios/order", { method: "PUT", json: { steps: steps.slice(0, 3) } });
  expect(saved.json).toMatchObject({ name: "order", steps: steps.slice(0, 3) });
  expect(statSync(join(cwd, ".wa-hook/scenarios/order.json")).mode & 0o777).toBe(0o600);
  const play = async () => (await ask("/api/scenarios/order/play", { method: "POST" })).json;
  const first = await play();
  expect(first).toMatchObject({
    ok: false,
    results: [{ ok: false, got: expect.stringMatching(/^500 in \d+ ms/) }, {}, { ok: true }],
  });
  expect(first.verdict).toBeUndefined();
  status = 200;
  expect(await play()).toMatchObject({
    ok: true,
    verdict: "fixed",
    results: [{ got: expect.stringMatching(/^200 in \d+ ms, then button/) }, {}, {}],
  });
  expect((await ask("/api/scenarios")).json[0].last).toMatchObject({ ok: true, verdict: "fixed" });
  await ask("/api/scenarios/order", {
    method: "PUT",
    json: { steps: [steps[3]], last: { at: 1, ok: true, results: [] } },
  });
  expect(await play()).toMatchObject({ verdict: "regressed", results: [{ got: "there is no such delivery" }] });
  expect((await ask("/api/scenarios/order", { method: "DELETE" })).status).toBe(200);
  expect((await ask("/api/scenarios")).json).toEqual([]);
  expect((await ask("/api/scenarios/order", { method: "DELETE" })).status).toBe(404);
});

test("what a customer cannot do is refused with the reason", async () => {
  const { ask } = await stage({ reply: () => undefined });
  const actions = "/api/customer/actions";
  expect((await ask(actions, { json: { action: "call" } })).json).toEqual({ id: expect.any(String) });
  for (const json of [{ action: "call" }, { action: "dance" }, { action: "join_group" }]) {
    expect(await ask(actions, { json })).toMatchObject({ status: 400, json: { error: expect.any(String) } });
  }
  for (const message of ["", {}, { type: "text", text: 7 }, 7]) {
    expect(await ask("/api/customer/messages", { json: { message } })).toMatchObject({ status: 400 });
  }
});

test("a stand-in answers deliveries as the page says", async () => {
  const standIn = await startStandIn();
  const { ask, sources, next, listener } = await stage({
    listener: { forward: { to: standIn.url }, retry: { attempts: 1 } },
  });
  const put = (json: object) => ask("/api/stand-in", { method: "PUT", json });
  expect((await put({ status: 500, body: "", delayMs: 0 })).status).toBe(400);
  sources.standIn = standIn;
  expect((await put({ status: 503, body: "busy", delayMs: 1 })).json).toEqual({
    status: 503,
    body: "busy",
    delayMs: 1,
  });
  await post(listener.url, wireOf("text"));
  expect(await next("forwarded")).toMatchObject({ status: 503, response: "busy" });
  expect((await ask("/api/state")).json.standIn).toEqual({ status: 503, body: "busy", delayMs: 1 });
  for (const wrong of [{ status: 99 }, { delayMs: -1 }, { body: "x".repeat(20_000) }]) {
    expect((await put({ status: 200, body: "", delayMs: 0, ...wrong })).status).toBe(400);
  }
  await standIn.close();
});

test("a flood of deliveries does not flood the pages: they are told to load everything again", async () => {
  const { inspector, listener, ask } = await stage({ reply: () => undefined });
  const live = openEvents(inspector);
  await live.opened;
  await Promise.all(Array.from({ length: 300 }, (_, index) => post(listener.url, wireOf("text", `wamid.${index}`))));
  let events = 0;
  while ((await live.next()).live.source !== "lost") events++;
  expect(events).toBeLessThan(600);
  expect((await ask("/api/deliveries?limit=1")).json.count.value).toBe(300);
});

test("what happens is streamed with the row of its delivery, and a page that connects again gets what it missed", async () => {
  const { inspector, listener, emulator } = await stage({ reply: () => undefined });
  const live = openEvents(inspector);
  await live.opened;
  await post(listener.url, wireOf("text", "wamid.1"));
  const first = await live.next();
  expect(first.live).toMatchObject({
    source: "listener",
    event: { type: "delivery", delivery: "1" },
    row: { id: "1", events: [{ kind: "text" }] },
  });
  const second = await live.next();
  expect(second.live).toMatchObject({ event: { type: "forwarded", status: 200 } });
  live.close();
  await emulator.receive("hi");
  const again = openEvents(inspector, { "last-event-id": first.id });
  expect((await again.next()).live).toEqual(second.live);
  expect((await again.next()).live).toMatchObject({ source: "emulator", event: { type: "received" } });
  const stale = openEvents(inspector, { "last-event-id": "other-7" });
  expect((await stale.next()).live).toEqual({ source: "lost" });
});
