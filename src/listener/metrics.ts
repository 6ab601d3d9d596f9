/** What a listener has seen so far, in fixed memory. */
import { Timings } from "../timings.ts";

/** Times in milliseconds. */
interface Latency {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface ListenerSummary {
  /** Deliveries with the right signature, duplicates among them. */
  deliveries: number;
  duplicates: number;
  refused: number;
  /** Deliveries that could not be recorded and were answered 500. */
  unrecorded: number;
  /** How many events of each kind. */
  events: Record<string, number>;
  /** From a delivery's arrival to its acknowledgement. */
  ack?: Latency;
  /** From forwarding a delivery to the app's answer. */
  app?: Latency;
  /** Deliveries that the app did not answer with 200. */
  notForwarded: number;
}

export class Metrics {
  deliveries = 0;
  duplicates = 0;
  refused = 0;
  unrecorded = 0;
  notForwarded = 0;
  readonly #events = new Map<string, number>();
  readonly #ack = new Timings();
  readonly #app = new Timings();

  countEvent(kind: string): void {
    // Kinds come from outside, so their number has an end.
    const known = this.#events.size < 500 || this.#events.has(kind) ? kind : "(other)";
    this.#events.set(known, (this.#events.get(known) ?? 0) + 1);
  }

  acknowledged(ms: number): void {
    this.#ack.record(ms);
  }

  answered(ms: number): void {
    this.#app.record(ms);
  }

  summary(): ListenerSummary {
    const { deliveries, duplicates, refused, unrecorded, notForwarded } = this;
    const [ack, app] = [latencyOf(this.#ack), latencyOf(this.#app)];
    return {
      deliveries,
      duplicates,
      refused,
      unrecorded,
      events: Object.fromEntries([...this.#events].toSorted(([a], [b]) => a.localeCompare(b))),
      ...(ack === undefined ? {} : { ack }),
      ...(app === undefined ? {} : { app }),
      notForwarded,
    };
  }
}

function latencyOf(timings: Timings): Latency | undefined {
  if (timings.count === 0) return undefined;
  const { max } = timings;
  return { p50: timings.percentile(50), p95: timings.percentile(95), p99: timings.percentile(99), max };
}
