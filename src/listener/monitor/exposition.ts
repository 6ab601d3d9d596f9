/** The metrics of a listener in the Prometheus text format. Labels are known words, or what was typed on the command line. */
import type { Metric, Registry } from "prom-client";

import { BOUNDS, type Buckets } from "../../buckets.ts";
import { ALARMS } from "./alarms.ts";
import { appLabel, healthOf, type Facts, type HealthStatus } from "./health.ts";

const STATUSES: readonly HealthStatus[] = ["ok", "degraded", "failing"];

/** One line: labels and a value. */
type Sample = readonly [labels: Record<string, string>, value: number];

export interface Exposition {
  contentType: string;
  text: string;
}

/** prom-client is loaded by the first scrape. */
export async function expositionOf(facts: Facts, version: string): Promise<Exposition> {
  const prometheus = await import("prom-client");
  const registry = new prometheus.Registry();
  const registers = [registry];
  const write: Write = {
    counter(name, help, samples, labelNames = []) {
      const counter = new prometheus.Counter({ name, help, labelNames, registers });
      for (const [labels, value] of listOf(samples)) counter.inc(labels, value);
    },
    gauge(name, help, samples, labelNames = []) {
      const gauge = new prometheus.Gauge({ name, help, labelNames, registers });
      for (const [labels, value] of listOf(samples)) gauge.set(labels, value);
    },
    histogram: (name, help, samples) => registerHistogram(registry, { name, help, samples }),
  };
  writeWebhooks(write, facts);
  writeForwards(write, facts);
  writeStore(write, facts);
  writeState(write, facts, version);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** A number alone is the value without labels. */
type WriteSamples = (name: string, help: string, samples: number | readonly Sample[], labelNames?: string[]) => void;

interface Write {
  counter: WriteSamples;
  gauge: WriteSamples;
  histogram(name: string, help: string, samples: readonly (readonly [Record<string, string>, Buckets])[]): void;
}

function listOf(samples: number | readonly Sample[]): readonly Sample[] {
  return typeof samples === "number" ? [[{}, samples]] : samples;
}

function writeWebhooks({ counter, histogram }: Write, { listener }: Facts): void {
  const { requests, ack, events, duplicates, rejected, handshakes } = listener;
  counter(
    "whatsapp_webhook_requests_total",
    "Webhook requests by result (success: acknowledged with 200) and by the kind of their events",
    requests.map(({ count, ...labels }) => [labels, count]),
    ["status", "type"],
  );
  histogram("whatsapp_webhook_latency_seconds", "Time from a delivery's arrival to its acknowledgement", [[{}, ack]]);
  counter("whatsapp_webhook_events_total", "Events by kind", byName("kind", events), ["kind"]);
  counter("whatsapp_webhook_duplicates_total", "Deliveries whose events were all received before", duplicates);
  const reasons = byName("reason", rejected);
  counter("whatsapp_webhook_rejected_total", "Requests not acknowledged, by reason", reasons, ["reason"]);
  const results = byName("status", Object.entries(handshakes));
  counter("whatsapp_webhook_handshakes_total", "Handshakes by result", results, ["status"]);
}

function writeForwards({ counter, gauge, histogram }: Write, { listener, store, now }: Facts): void {
  const apps = labeled(listener.apps);
  const forwards = apps.flatMap(({ to, app }) =>
    listener.forwards.filter((each) => each.to === to).map((each) => ({ ...each, app })),
  );
  counter(
    "whatsapp_webhook_forward_attempts_total",
    "Requests to the app by outcome: success (200), error (another status), interrupted, unreachable",
    forwards.flatMap(({ app, attempts }) =>
      Object.entries(attempts).map(([outcome, count]): Sample => [{ app, outcome }, count]),
    ),
    ["app", "outcome"],
  );
  const latencies = forwards.map(({ app, latency }): [Record<string, string>, Buckets] => [{ app }, latency]);
  histogram("whatsapp_webhook_forward_latency_seconds", "Time until the app's response", latencies);
  const perApp = (name: string, help: string, values: readonly Sample[]) => gauge(name, help, values, ["app"]);
  perApp(
    "whatsapp_webhook_app_reachable",
    "Whether the last connection to the app succeeded",
    apps.map(({ app, reachable }) => [{ app }, reachable ? 1 : 0]),
  );
  if (store instanceof Error) return;
  const waiting = apps.map(({ to, app }) => ({ app, stats: store.forwards.find((stats) => stats.to === to) }));
  perApp(
    "whatsapp_webhook_forwards_pending",
    "Recorded deliveries that wait for the app",
    waiting.map(({ app, stats }) => [{ app }, stats?.pending ?? 0]),
  );
  perApp(
    "whatsapp_webhook_forwards_failed",
    "Recorded deliveries that the app did not accept in any attempt",
    waiting.map(({ app, stats }) => [{ app }, stats?.failed ?? 0]),
  );
  perApp(
    "whatsapp_webhook_forward_oldest_pending_seconds",
    "How long the oldest waiting delivery has waited",
    waiting.map(({ app, stats }) => [{ app }, Math.max(0, now - (stats?.oldestPending ?? now)) / 1000]),
  );
}

/** The apps with different labels, also when only what is left out of the labels differs. */
function labeled(apps: Facts["listener"]["apps"]) {
  const used = new Map<string, number>();
  return apps.map((each) => {
    const label = appLabel(each.to);
    const times = (used.get(label) ?? 0) + 1;
    used.set(label, times);
    return { ...each, app: times === 1 ? label : `${label} (${times})` };
  });
}

function writeStore({ counter, gauge }: Write, { store, diskFree }: Facts): void {
  if (diskFree !== undefined) gauge("whatsapp_webhook_disk_free_bytes", "Space left for the store", diskFree);
  if (store instanceof Error) return;
  const { deliveries, bytes, oldest, pruned } = store;
  gauge("whatsapp_webhook_store_deliveries", "Recorded deliveries", deliveries);
  gauge("whatsapp_webhook_store_bytes", "Size of the store", bytes);
  const time = "whatsapp_webhook_store_oldest_timestamp_seconds";
  if (oldest !== undefined) gauge(time, "When the oldest delivery was received", oldest / 1000);
  const total = "whatsapp_webhook_store_pruned_total";
  counter(total, "Deliveries deleted because of their age or the size of the store", pruned.deliveries);
  const lost = "whatsapp_webhook_store_pruned_pending_total";
  counter(lost, "Forwards deleted with their delivery before the app accepted it", pruned.pending);
}

function writeState({ gauge }: Write, facts: Facts, version: string): void {
  const { tunnel, registered, certificateEnds, alarms } = facts;
  const { status } = healthOf(facts);
  const states = STATUSES.map((each): Sample => [{ status: each }, each === status ? 1 : 0]);
  gauge("whatsapp_webhook_health", "1 for the present state", states, ["status"]);
  const active = new Set(alarms.map(({ alarm }) => alarm));
  const isOn = ALARMS.map((alarm): Sample => [{ alarm }, active.has(alarm) ? 1 : 0]);
  gauge("whatsapp_webhook_alarm", "1 while the alarm is on", isOn, ["alarm"]);
  if (tunnel !== undefined) {
    gauge("whatsapp_webhook_tunnel_up", "Whether the public URL is connected", tunnel === "connected" ? 1 : 0);
  }
  if (registered !== undefined) {
    const { level } = registered;
    const isOurs: Sample = [{ level }, registered.active ? 1 : 0];
    gauge("whatsapp_webhook_registered", "Whether the registered callback is still ours", [isOurs], ["level"]);
  }
  if (certificateEnds !== undefined) {
    const name = "whatsapp_webhook_certificate_expiry_timestamp_seconds";
    gauge(name, "When the certificate of the public URL expires", certificateEnds / 1000);
  }
  const build: Sample = [{ version, node: process.version }, 1];
  gauge("wa_hook_build_info", "Always 1", [build], ["version", "node"]);
  gauge("process_resident_memory_bytes", "Resident memory", process.memoryUsage.rss());
  gauge("process_start_time_seconds", "When the process started", performance.timeOrigin / 1000);
}

function byName(label: string, counts: Iterable<readonly [string, number]>): Sample[] {
  return [...counts].map(([name, count]) => [{ [label]: name }, count]);
}

interface HistogramSamples {
  name: string;
  help: string;
  samples: readonly (readonly [Record<string, string>, Buckets])[];
}

/** prom-client's own histogram only accepts single observations, so the registry gets what it would have returned. */
function registerHistogram(registry: Registry, { name, help, samples }: HistogramSamples): void {
  const values = samples.flatMap(([labels, { counts, count, sumSeconds }]) => {
    let total = 0;
    const buckets = [...counts].map((each, index) => {
      total += each;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: BOUNDS[index] ?? "+Inf" }, value: total };
    });
    const sums = [
      { metricName: `${name}_sum`, labels, value: sumSeconds },
      { metricName: `${name}_count`, labels, value: count },
    ];
    return [...buckets, ...sums];
  });
  const histogram = { name, get: () => Promise.resolve({ name, help, type: "histogram", values }) };
  registry.registerMetric(histogram as unknown as Metric);
}
