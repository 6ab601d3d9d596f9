/** Counters and latencies of a listener, in constant memory. */
import { Timings } from "../timings.ts";

/** Times in milliseconds. */
interface Latency {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface ListenerSummary {
  /** Deliveries with a valid signature, including duplicates. */
  deliveries: number;
  duplicates: number;
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

export class Metrics {
  deliveries = 0;
  duplicates = 0;
  rejected = 0;
  unrecorded = 0;
  forwardFailures = 0;
  readonly #events = new Map<string, number>();
  readonly #ack = new Timings();
  readonly #app = new Timings();

  countEvent(kind: string): void {
    // Kinds come from the network, so their number is limited.
    const known = this.#events.size < 500 || this.#events.has(kind) ? kind : "(other)";
    this.#events.set(known, (this.#events.get(known) ?? 0) + 1);
  }

  acknowledged(ms: number): void {
    this.#ack.record(ms);
  }

  responded(ms: number): void {
    this.#app.record(ms);
  }

  /** `waiting`: the number of deliveries that wait for the app. */
  summary(waiting: number): ListenerSummary {
    const { deliveries, duplicates, rejected, unrecorded, forwardFailures } = this;
    const [ack, app] = [latencyOf(this.#ack), latencyOf(this.#app)];
    return {
      deliveries,
      duplicates,
      rejected,
      unrecorded,
      events: Object.fromEntries([...this.#events].toSorted(([a], [b]) => a.localeCompare(b))),
      ...(ack === undefined ? {} : { ack }),
      ...(app === undefined ? {} : { app }),
      forwardFailures,
      waiting,
    };
  }
}

function latencyOf(timings: Timings): Latency | undefined {
  if (timings.count === 0) return undefined;
  const { max } = timings;
  return { p50: timings.percentile(50), p95: timings.percentile(95), p99: timings.percentile(99), max };
}
