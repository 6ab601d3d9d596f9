/** What happened in each second of the last hour and in each minute of the last day, in constant memory. */
import { Buckets } from "../buckets.ts";
import type { Overview } from "./api.ts";

export type Counted = "accepted" | "duplicates" | "rejected" | "failed";

const SECOND = { ms: 1000, buckets: 3600 };
const MINUTE = { ms: 60_000, buckets: 1440 };
const COUNTED: readonly Counted[] = ["accepted", "duplicates", "rejected", "failed"];
export const MAX_MINUTES = MINUTE.buckets;

interface Bucket {
  /** The number of this second or minute since 1970. */
  number: number;
  counts: Record<Counted, number>;
  ack: Buckets;
  app: Buckets;
}

/** Times are milliseconds since 1970, durations milliseconds. */
export class Series {
  readonly #seconds = new Ring(SECOND);
  readonly #minutes = new Ring(MINUTE);

  count(at: number, what: Counted): void {
    for (const ring of [this.#seconds, this.#minutes]) ring.at(at).counts[what]++;
  }

  acknowledged(at: number, ms: number): void {
    for (const ring of [this.#seconds, this.#minutes]) ring.at(at).ack.record(ms);
  }

  responded(at: number, ms: number): void {
    for (const ring of [this.#seconds, this.#minutes]) ring.at(at).app.record(ms);
  }

  /** The last minutes until `now`: a bucket a second, or a minute beyond an hour. */
  overview(now: number, minutes: number): Overview {
    const ring = minutes > 60 ? this.#minutes : this.#seconds;
    const length = Math.min(ring.size, Math.ceil((minutes * 60_000) / ring.ms));
    const last = Math.floor(now / ring.ms);
    const overview: Overview = {
      at: [],
      accepted: [],
      duplicates: [],
      rejected: [],
      failed: [],
      ackP95: [],
      appP95: [],
    };
    for (let number = last - length + 1; number <= last; number++) {
      const bucket = ring.find(number);
      overview.at.push((number * ring.ms) / 1000);
      for (const what of COUNTED) overview[what].push(bucket?.counts[what] ?? 0);
      overview.ackP95.push(p95(bucket?.ack));
      overview.appP95.push(p95(bucket?.app));
    }
    return overview;
  }
}

/** The upper bound of the bucket; `null` without a value. */
function p95(buckets: Buckets | undefined): number | null {
  if (buckets === undefined || buckets.count === 0) return null;
  const ms = buckets.atMostMs(0.95);
  return Number.isFinite(ms) ? ms : null;
}

class Ring {
  readonly ms: number;
  readonly size: number;
  readonly #buckets: (Bucket | undefined)[];

  constructor({ ms, buckets }: typeof SECOND) {
    this.ms = ms;
    this.size = buckets;
    this.#buckets = Array.from({ length: buckets });
  }

  find(number: number): Bucket | undefined {
    const bucket = this.#buckets[number % this.size];
    return bucket?.number === number ? bucket : undefined;
  }

  at(time: number): Bucket {
    const number = Math.floor(time / this.ms);
    const found = this.find(number);
    if (found !== undefined) return found;
    const counts = { accepted: 0, duplicates: 0, rejected: 0, failed: 0 };
    const bucket = { number, counts, ack: new Buckets(), app: new Buckets() };
    // What comes too late for its place is not counted.
    if ((this.#buckets[number % this.size]?.number ?? 0) < number) this.#buckets[number % this.size] = bucket;
    return bucket;
  }
}
