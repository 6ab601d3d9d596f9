import type { AddressInfo } from "node:net";
/** When alarms start and end, and what health makes of it: with a clock that is set. */
import { createServer } from "node:tls";

import { expect, onTestFinished, test } from "vitest";

import { Metrics } from "../../src/listener/metrics.ts";
import { Alarms } from "../../src/listener/monitor/alarms.ts";
import { certificateEnd } from "../../src/listener/monitor/certificate.ts";
import { healthOf, type Facts } from "../../src/listener/monitor/health.ts";
import { WINDOW_MS } from "../../src/listener/window.ts";
import { NOTHING_PRUNED } from "../../src/store/retention.ts";
import { makeCertificates } from "../support/ngrok-peer/certificate.ts";

const T0 = 1_785_500_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const times = (count: number, work: () => void) => Array.from({ length: count }).forEach(work);

/** Counters and alarms with a clock of their own. */
function watch(certificateEnds?: number) {
  let clock = 1_000_000;
  const [metrics, alarms] = [new Metrics(() => clock), new Alarms()];
  return {
    metrics,
    advance: (ms: number) => (clock += ms),
    /** What has started or ended. */
    update(now = T0) {
      const { recent } = metrics.numbers();
      const measured = { recent, now, ...(certificateEnds === undefined ? {} : { certificateEnds }) };
      return alarms.update(measured).map(({ alarm, state }) => `${alarm} ${state}`);
    },
    active: () => alarms.active.map(({ text }) => text),
  };
}

const accept = (metrics: Metrics, ms = 2) => metrics.acknowledged({ ms, verdict: "accepted", events: [] });

test("an error rate above 5 % starts an alarm once, which ends once when the errors are past", () => {
  const { metrics, advance, update, active } = watch();
  times(95, () => accept(metrics));
  times(5, () => metrics.reject(500));
  expect(update()).toEqual([]);
  metrics.reject(401);
  expect(update()).toEqual(["error_rate started"]);
  expect(active()).toEqual(["6 of 101 deliveries not acknowledged in 5 minutes (6 %)"]);
  expect(update()).toEqual([]);
  times(60, () => accept(metrics));
  expect(update()).toEqual([]);
  advance(WINDOW_MS - 20_000);
  times(10, () => accept(metrics));
  expect(update()).toEqual([]);
  advance(30_000);
  expect(update()).toEqual(["error_rate ended"]);
  expect(update()).toEqual([]);
});

test("a few errors, and requests to other paths, are no alarm", () => {
  const { metrics, update } = watch();
  times(4, () => metrics.reject(401));
  times(100, () => metrics.reject(404));
  expect(update()).toEqual([]);
});

test("deliveries that take longer than 5 s to acknowledge start an alarm, and so do slow responses of the app", () => {
  const { metrics, advance, update } = watch();
  times(20, () => accept(metrics, 4000));
  times(20, () => metrics.attempted("http://localhost/", { outcome: "responded", status: 200, ms: 4000 }));
  expect(update()).toEqual([]);
  times(2, () => accept(metrics, 6000));
  expect(update()).toEqual(["latency started"]);
  times(20, () => metrics.attempted("http://localhost/", { outcome: "responded", status: 500, ms: 40_000 }));
  expect(update()).toEqual(["app_latency started"]);
  advance(WINDOW_MS);
  expect(update()).toEqual(["latency ended", "app_latency ended"]);
});

test("a spike of duplicates starts an alarm", () => {
  const { metrics, update, active } = watch();
  times(100, () => accept(metrics));
  times(19, () => metrics.acknowledged({ ms: 1, verdict: "duplicate", events: [] }));
  expect(update()).toEqual([]);
  times(21, () => metrics.acknowledged({ ms: 1, verdict: "duplicate", events: [] }));
  expect(update()).toEqual(["duplicates started"]);
  expect(active()).toEqual(["40 of 140 deliveries in 5 minutes are duplicates (29 %)"]);
});

test("a certificate that ends within 30 days is an alarm until it is renewed", () => {
  const ends = T0 + 31 * DAY_MS;
  const { update, active } = watch(ends);
  expect(update(T0)).toEqual([]);
  expect(update(T0 + 1.5 * DAY_MS)).toEqual(["certificate started"]);
  expect(active()).toEqual([expect.stringContaining("expires in 29 days")]);
  expect(update(T0 + 32 * DAY_MS)).toEqual([]);
  expect(active()).toEqual([expect.stringContaining("has expired")]);
});

test("the end of a certificate is read from the server, also when it is not trusted", async () => {
  const { cert, key } = makeCertificates();
  const server = createServer({ cert, key }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { signal } = new AbortController();
  const end = (await certificateEnd(`https://127.0.0.1:${port}/webhook`, signal)) ?? 0;
  expect(Math.abs(end - Date.now() - DAY_MS)).toBeLessThan(60 * 60 * 1000);
  expect(await certificateEnd(`http://127.0.0.1:${port}/`, signal)).toBeUndefined();
  expect(await certificateEnd("https://127.0.0.1:1/", signal)).toBeUndefined();
});

test("the counters of the window take as much memory after a day as after a minute", () => {
  const { metrics, advance } = watch();
  const size = () => JSON.stringify(metrics.numbers()).length;
  accept(metrics);
  const before = size();
  for (let minute = 0; minute < 24 * 60; minute++) {
    advance(60_000);
    accept(metrics);
  }
  expect(metrics.numbers().recent.requests).toBe(5);
  expect(size()).toBeLessThan(before + 200);
});

const to = "http://localhost:3000/webhook";

function facts(more: Partial<Facts> = {}): Facts {
  const listener = { ...new Metrics().numbers(), apps: [{ to, reachable: true }] };
  const store = { deliveries: 1, bytes: 1000, forwards: [], pruned: NOTHING_PRUNED };
  return { listener, store, diskFree: 10 ** 12, alarms: [], now: T0, ...more };
}

test("a listener in order is ok", () => {
  expect(healthOf(facts())).toEqual({ status: "ok", reasons: [] });
});

const { listener, store } = facts();
const failed = new Metrics();
failed.reject(500);
const waiting = { to, pending: 3, failed: 0, oldestPending: T0 - 61_000 };

test.each<[what: string, more: Partial<Facts>, status: string, code: string]>([
  [
    "a delivery that could not be recorded",
    { listener: { ...failed.numbers(), apps: [] } },
    "failing",
    "store.unwritable",
  ],
  ["a store that cannot be read", { store: new Error("disk I/O error") }, "failing", "store.unreadable"],
  ["a disk that is nearly full", { diskFree: 10 ** 8 }, "degraded", "store.space"],
  ["a full disk", { diskFree: 10 ** 6 }, "failing", "store.space"],
  [
    "an app that is down",
    { listener: { ...listener, apps: [{ to, reachable: false }] } },
    "degraded",
    "app.unreachable",
  ],
  ["a queue that waits", { store: { ...(store as object), forwards: [waiting] } as never }, "degraded", "app.behind"],
  ["a tunnel that is disconnected", { tunnel: "disconnected" }, "failing", "tunnel.disconnected"],
  ["a callback that was replaced", { registered: { level: "phone", active: false } }, "failing", "registration.lost"],
  ["an alarm", { alarms: [{ alarm: "duplicates", text: "x", hint: "y" }] }, "degraded", "alarm.duplicates"],
])("%s is a reason", (_, more, status, code) => {
  expect(healthOf(facts(more))).toMatchObject({ status, reasons: [{ code, status }] });
});
