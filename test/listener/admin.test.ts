/** What a listener serves to this machine: metrics that Prometheus can read, and health. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

import parse from "parse-prometheus-text-format";
import { expect, onTestFinished, test } from "vitest";

import { startLocalServer } from "../../src/http/local-server.ts";
import { adminRoutes } from "../../src/listener/admin.ts";
import { Monitor } from "../../src/listener/monitor/monitor.ts";
import type { ListenerOptions } from "../../src/listener/options.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { listening, post, raw, serve, wireOf } from "../support/http.ts";
import { makeCertificates } from "../support/ngrok-peer/certificate.ts";
import { receivedValue } from "../support/received.ts";
import { temporaryFolder } from "../support/world.ts";

async function administered(options: Partial<ListenerOptions> = {}) {
  const folder = temporaryFolder();
  const store = await openStore(join(folder, "events.db"));
  const watched = await listening({ store, ...options });
  const monitor = new Monitor({ listener: watched.listener, folder, version: "1.2.3" });
  const admin = await startLocalServer(0, adminRoutes(monitor));
  onTestFinished(() => admin.close());
  onTestFinished(() => monitor[Symbol.dispose]());
  return { ...watched, monitor, admin };
}

/** What a scrape has, by name and labels. */
async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const families = parse(await response.text());
  expect(families.every(({ help }) => help !== "")).toBe(true);
  return new Map(
    families.flatMap(({ name, metrics }) =>
      metrics.map(({ labels = {}, value, count }): [string, number] => [
        [name, ...Object.entries(labels).map(([label, text]) => `${label}=${text}`)].join(" "),
        Number(value ?? count),
      ]),
    ),
  );
}

test("a Prometheus parser reads a scrape, and finds what has happened", async () => {
  const app = await serve((_, response) => void response.writeHead(503).end());
  const { listener, next, admin } = await administered({
    forward: { to: new URL(`${app.url}?secret=1`) },
    retry: { attempts: 1 },
  });
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("status.failed"));
  await post(listener.url, "{}", {});
  await fetch(`http://127.0.0.1:${listener.port}/other`);
  await next("rejected");
  await next("rejected");
  await next("forwarded");
  await next("forwarded");
  const found = await scrape(admin.url);
  const wanted = {
    "whatsapp_webhook_requests_total status=success type=text": 2,
    "whatsapp_webhook_requests_total status=success type=failed": 1,
    "whatsapp_webhook_requests_total status=error type=none": 2,
    whatsapp_webhook_latency_seconds: 3,
    "whatsapp_webhook_events_total kind=text": 2,
    whatsapp_webhook_duplicates_total: 1,
    "whatsapp_webhook_rejected_total reason=signature": 1,
    "whatsapp_webhook_rejected_total reason=path": 1,
    "whatsapp_webhook_rejected_total reason=overload": 0,
    [`whatsapp_webhook_forward_attempts_total app=${app.url} outcome=error`]: 2,
    [`whatsapp_webhook_forward_attempts_total app=${app.url} outcome=success`]: 0,
    [`whatsapp_webhook_app_reachable app=${app.url}`]: 1,
    [`whatsapp_webhook_forwards_pending app=${app.url}`]: 0,
    [`whatsapp_webhook_forwards_failed app=${app.url}`]: 2,
    whatsapp_webhook_store_deliveries: 4,
    "whatsapp_webhook_health status=ok": 1,
    "whatsapp_webhook_alarm alarm=error_rate": 0,
    [`wa_hook_build_info version=1.2.3 node=${process.version}`]: 1,
  };
  for (const [name, value] of Object.entries(wanted)) expect([name, found.get(name)]).toEqual([name, value]);
  for (const name of ["whatsapp_webhook_store_bytes", "whatsapp_webhook_disk_free_bytes"])
    expect(found.get(name)).toBeGreaterThan(0);
  // This parser reads no histograms with labels.
  const text = await (await fetch(`${admin.url}/metrics`)).text();
  expect(text).toContain(`whatsapp_webhook_forward_latency_seconds_count{app="${app.url}"} 2`);
});

test("the buckets of a histogram add up and end with everything", async () => {
  const { listener, admin } = await administered();
  for (let index = 0; index < 5; index++) await post(listener.url, wireOf("text", `wamid.${index}`));
  const families = parse(await (await fetch(`${admin.url}/metrics`)).text());
  const { metrics = [] } = families.find(({ name }) => name === "whatsapp_webhook_latency_seconds") ?? {};
  const buckets = Object.entries(metrics[0]?.buckets ?? {}).map(([bound, count]) => [Number(bound), Number(count)]);
  const sorted = buckets.toSorted(([a = 0], [b = 0]) => a - b).map(([, count = 0]) => count);
  expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
  expect(Object.keys(metrics[0]?.buckets ?? {})).toContain("+Inf");
  expect(sorted.at(-1) ?? 5).toBe(5);
  expect(Number(metrics[0]?.sum)).toBeGreaterThan(0);
});

test("with --ack app a status of the app that is not 200 is an error, and an attempt", async () => {
  const app = await serve((_, response) => void response.writeHead(503).end());
  const { listener, next, admin } = await administered({ forward: { to: new URL(app.url) }, ack: "app" });
  expect(await post(listener.url, wireOf("text"))).toBe(503);
  await next("forwarded");
  const found = await scrape(admin.url);
  const wanted = {
    "whatsapp_webhook_requests_total status=error type=text": 1,
    "whatsapp_webhook_rejected_total reason=app": 1,
    [`whatsapp_webhook_forward_attempts_total app=${app.url} outcome=error`]: 1,
  };
  for (const [name, value] of Object.entries(wanted)) expect([name, found.get(name)]).toEqual([name, value]);
});

test("names from outside are no labels", async () => {
  const { listener, next, admin } = await administered();
  const names = ['x"} 1\nevil 1', "hologram", "y".repeat(5000)];
  for (const [index, type] of names.entries()) {
    const { body } = receivedValue({ messages: [{ id: `wamid.${index}`, from: "16505551234", type }] });
    await post(listener.url, Buffer.from(body));
    await next("delivery");
  }
  const found = await scrape(admin.url);
  expect(found.get("whatsapp_webhook_events_total kind=unknown")).toBe(3);
  expect([...found.keys()].filter((name) => /evil|hologram|yyy/.test(name))).toEqual([]);
});

test("health is ok, and names the reasons when it is not", async () => {
  const { monitor, admin } = await administered({ forward: { to: new URL("http://127.0.0.1:1/") } });
  const health = async () => {
    const response = await fetch(`${admin.url}/health`);
    return [response.status, await response.json()];
  };
  expect(await health()).toEqual([200, { status: "ok", reasons: [] }]);
  monitor.tunnel = "closed";
  const reasons = [{ code: "tunnel.closed", status: "failing", text: "the tunnel is closed" }];
  expect(await health()).toEqual([503, { status: "failing", reasons }]);
  const found = await scrape(admin.url);
  expect([found.get("whatsapp_webhook_tunnel_up"), found.get("whatsapp_webhook_health status=failing")]).toEqual([
    0, 1,
  ]);
});

test("an app that is down is a reason, and deliveries that are not recorded are", async () => {
  const { listener, next, monitor } = await administered({ forward: { to: new URL("http://127.0.0.1:1/") } });
  await post(listener.url, wireOf("text"));
  await next("app");
  expect(await monitor.health()).toMatchObject({ status: "degraded", reasons: [{ code: "app.unreachable" }] });
});

test("alarms are emitted when they start", async () => {
  const { listener, next, monitor } = await administered();
  const alarms = monitor.events();
  for (let index = 0; index < 6; index++) await post(listener.url, "{}", {});
  for (let index = 0; index < 6; index++) await next("rejected");
  monitor.update();
  expect((await alarms.next()).value).toMatchObject({ type: "alarm", alarm: "error_rate", state: "started" });
  expect(await monitor.health()).toMatchObject({ status: "degraded", reasons: [{ code: "alarm.error_rate" }] });
});

test("a certificate of the public URL that ends soon starts an alarm", async () => {
  const { monitor, admin } = await administered();
  const alarms = monitor.events();
  const { cert, key } = makeCertificates();
  const server = createTlsServer({ cert, key }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await monitor.watchCertificate(`https://127.0.0.1:${port}/webhook`);
  expect((await alarms.next()).value).toMatchObject({ alarm: "certificate", state: "started" });
  const found = await scrape(admin.url);
  const left = (found.get("whatsapp_webhook_certificate_expiry_timestamp_seconds") ?? 0) - Date.now() / 1000;
  expect(left).toBeGreaterThan(23 * 60 * 60);
  expect(left).toBeLessThan(25 * 60 * 60);
});

test("neither is on the listener's port, which a tunnel leads to; its health is a bare ok", async () => {
  const { listener } = await administered();
  const origin = `http://127.0.0.1:${listener.port}`;
  expect((await fetch(`${origin}/metrics`)).status).toBe(404);
  expect(await (await fetch(`${origin}/health`)).text()).toBe('{"status":"ok"}');
});

test.each([
  ["a foreign host name", "Host: evil.example"],
  ["a foreign origin", "Host: 127.0.0.1\r\nOrigin: https://evil.example"],
  ["another port of this machine", "Host: 127.0.0.1:4400\r\nOrigin: http://127.0.0.1:3000"],
  ["a page's fetch", "Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site"],
])("a request from a web page is rejected: %s", async (_, headers) => {
  const { admin } = await administered();
  const port = Number(new URL(admin.url).port);
  const response = await raw(port, `GET /metrics HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
  expect(response).toMatch(/^HTTP\/1\.1 403 /);
  expect(response).not.toContain("whatsapp_webhook");
});

test("a taken port leads to the next free one, and other paths and methods to 404", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const routes = new Map([["GET /page", () => ({ contentType: "text/html", body: "<p>" })]]);
  await using server = await startLocalServer(port, routes);
  const found = Number(new URL(server.url).port);
  expect(found).toBeGreaterThan(port);
  expect(found).toBeLessThanOrEqual(port + 20);
  const page = await fetch(`${server.url}/page?x=1`);
  expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([200, "text/html", "<p>"]);
  expect((await fetch(`${server.url}/`)).status).toBe(404);
  expect((await fetch(`${server.url}/page`, { method: "POST", body: "x" })).status).toBe(404);
});
