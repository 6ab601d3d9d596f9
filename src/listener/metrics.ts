/** Counters and latencies of a listener, in constant memory. */
import { Buckets } from "../buckets.ts";
import { Timings } from "../timings.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { Forwarded } from "./forward.ts";
import { SlidingWindow, type Clock, type Recent } from "./window.ts";

/** Times in milliseconds. */
/** Percentiles and the maximum, in milliseconds. */
interface Latency {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface ListenerSummary {
  /** Deliveries with a valid signature, including duplicates. */
  deliveries: number;
  /** Deliveries whose events had all been received before. */
  duplicates: number;
  /** Requests that were not accepted. */
  rejected: number;
  /** Deliveries that could not be recorded and got status 500. */
  unrecorded: number;
  /** Number of events by kind. */
  events: Record<string, number>;
  /** From a delivery's arrival to its acknowledgement. */
  ack?: Latency;
  /** From forwarding a delivery to the app's response. */
  app?: Latency;
  /** Attempts to forward a delivery that failed. */
  forwardFailures: number;
  /** Deliveries that wait for the app; in a store on disk, they are forwarded after the next start. */
  waiting: number;
}

/** Why a request was not acknowledged. */
export type RejectReason =
  | "body"
  | "signature"
  | "path"
  | "method"
  | "timeout"
  | "too_large"
  | "headers"
  | "not_recorded"
  | "overload"
  | "app";

const REASONS: ReadonlyMap<number, RejectReason> = new Map([
  [401, "signature"],
  [404, "path"],
  [405, "method"],
  [408, "timeout"],
  [413, "too_large"],
  [431, "headers"],
  [500, "not_recorded"],
  [503, "overload"],
]);
/** Nobody lost a delivery by these: anyone who finds the address can send such requests. */
const NO_DELIVERY = new Set<RejectReason>(["path", "method", "headers"]);

/** `success` when the app responded with 200, `error` for another status; the others as in `Forwarded`. */
type AttemptOutcome = "success" | "error" | "interrupted" | "unreachable";

/** The forwards to one app. */
export interface ForwardNumbers {
  to: string;
  attempts: Record<AttemptOutcome, number>;
  latency: Buckets;
}

/** Everything that is counted, since the start. */
export interface Numbers {
  requests: { status: "success" | "error"; type: string; count: number }[];
  ack: Buckets;
  events: ReadonlyMap<string, number>;
  duplicates: number;
  rejected: ReadonlyMap<RejectReason, number>;
  handshakes: { success: number; error: number };
  forwards: ForwardNumbers[];
  /** Whether the newest delivery could not be recorded. */
  isUnrecordable: boolean;
  /** The last five minutes. */
  recent: Recent;
}

/** For metrics and health. */
export interface ListenerState extends Numbers {
  /** The apps that deliveries are forwarded to. */
  apps: { to: string; reachable: boolean }[];
}

/** A delivery that was recorded and acknowledged. */
interface Acknowledged {
  /** From its arrival to the response. */
  ms: number;
  verdict: "accepted" | "duplicate";
  events: readonly WebhookEvent[];
  /** The response of the app, whose status the sender got instead of 200. */
  answer?: Forwarded | undefined;
}

/** Names come from the network, so their number is limited. */
const MAX_NAMES = 500;

export class Metrics {
  #deliveries = 0;
  #duplicates = 0;
  #rejected = 0;
  #unrecorded = 0;
  #forwardFailures = 0;
  #isUnrecordable = false;
  readonly #requests = { success: new Map<string, number>(), error: new Map<string, number>() };
  // Each of them from the start, so that a first one is seen as an increase. `app` is for statuses that are the app's own.
  readonly #rejectedBy = new Map<RejectReason, number>(
    ["body" as const, "app" as const, ...REASONS.values()].map((reason) => [reason, 0]),
  );
  readonly #handshakes = { success: 0, error: 0 };
  readonly #events = new Map<string, number>();
  readonly #labels = new Map<string, number>();
  readonly #forwards = new Map<string, ForwardNumbers>();
  readonly #ack = new Timings();
  readonly #ackBuckets = new Buckets();
  readonly #app = new Timings();
  readonly #window: SlidingWindow;

  constructor(clock: Clock = () => performance.now()) {
    this.#window = new SlidingWindow(clock);
  }

  acknowledged({ ms, verdict, events, answer }: Acknowledged): void {
    const isRefused = answer !== undefined && answer.status !== 200;
    this.#deliveries++;
    this.#isUnrecordable = false;
    this.#ack.record(ms);
    this.#ackBuckets.record(ms);
    const { now } = this.#window;
    now.requests++;
    now.ack.record(ms);
    if (verdict === "duplicate") {
      this.#duplicates++;
      now.duplicates++;
    }
    for (const event of events) {
      increase(this.#events, event.kind);
      increase(this.#labels, labelOf(event));
    }
    increase(this.#requests[isRefused ? "error" : "success"], typeOf(events));
    if (!isRefused) return;
    increase(this.#rejectedBy, "app");
    now.errors++;
  }

  reject(status: number): void {
    const reason = REASONS.get(status) ?? "body";
    if (reason === "not_recorded") {
      this.#unrecorded++;
      this.#isUnrecordable = true;
    } else this.#rejected++;
    increase(this.#rejectedBy, reason);
    increase(this.#requests.error, "none");
    if (NO_DELIVERY.has(reason)) return;
    const { now } = this.#window;
    now.requests++;
    now.errors++;
  }

  handshake(ok: boolean): void {
    this.#handshakes[ok ? "success" : "error"]++;
  }

  /** One request to the app. */
  attempted(to: string, { outcome, status, ms }: Forwarded): void {
    const numbers = this.#forwards.get(to) ?? forwardsTo(to);
    this.#forwards.set(to, numbers);
    numbers.attempts[outcome === "responded" ? (status === 200 ? "success" : "error") : outcome]++;
    if (outcome !== "responded") return;
    numbers.latency.record(ms);
    this.#window.now.app.record(ms);
  }

  /** The result of an attempt that is reported. */
  forwarded({ status, ms }: Pick<Forwarded, "status" | "ms">): void {
    if (status === 200) this.#app.record(ms);
    else this.#forwardFailures++;
  }

  /** A snapshot of the counters; the maps and buckets are those that go on counting. */
  numbers(): Numbers {
    const requests = (["success", "error"] as const).flatMap((status) =>
      [...this.#requests[status]].map(([type, count]) => ({ status, type, count })),
    );
    return {
      requests,
      ack: this.#ackBuckets,
      events: this.#labels,
      duplicates: this.#duplicates,
      rejected: this.#rejectedBy,
      handshakes: this.#handshakes,
      forwards: [...this.#forwards.values()],
      isUnrecordable: this.#isUnrecordable,
      recent: this.#window.sum(),
    };
  }

  /** Deliveries with a valid signature since the start. */
  get deliveries(): number {
    return this.#deliveries;
  }

  /** `waiting`: the number of deliveries that wait for the app. */
  summary(waiting: number): ListenerSummary {
    const [ack, app] = [latencyOf(this.#ack), latencyOf(this.#app)];
    return {
      deliveries: this.#deliveries,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      unrecorded: this.#unrecorded,
      events: Object.fromEntries([...this.#events].toSorted(([a], [b]) => a.localeCompare(b))),
      ...(ack === undefined ? {} : { ack }),
      ...(app === undefined ? {} : { app }),
      forwardFailures: this.#forwardFailures,
      waiting,
    };
  }
}

function forwardsTo(to: string): ForwardNumbers {
  return { to, attempts: { success: 0, error: 0, interrupted: 0, unreachable: 0 }, latency: new Buckets() };
}

function increase<Name extends string>(counts: Map<Name | "(other)", number>, name: Name): void {
  const known = counts.size < MAX_NAMES || counts.has(name) ? name : "(other)";
  counts.set(known, (counts.get(known) ?? 0) + 1);
}

/** The kind of an event as a label: the name of an unknown one is outside text. */
function labelOf({ kind, unknown }: WebhookEvent): string {
  return unknown === true || !/^[\w.-]{1,64}$/.test(kind) ? "unknown" : kind;
}

/** The kind that all events of a delivery have in common. */
function typeOf(events: readonly WebhookEvent[]): string {
  const [first] = events;
  if (first === undefined) return "none";
  const label = labelOf(first);
  return events.every((event) => labelOf(event) === label) ? label : "mixed";
}

function latencyOf(timings: Timings): Latency | undefined {
  if (timings.count === 0) return undefined;
  const { max } = timings;
  return { p50: timings.percentile(50), p95: timings.percentile(95), p99: timings.percentile(99), max };
}
