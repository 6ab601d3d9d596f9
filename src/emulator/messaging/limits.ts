/** Rate limits of the business: messages per second, and messages to one customer. */
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";
import { DEFAULTS, type SendingLimits } from "../options.ts";

/** A token bucket. */
interface Bucket {
  left: number;
  refilledAt: number;
}

/** The interval between messages to one customer after the burst. */
const PAIR_MS = 6000;
const MAX_PAIRS = 10_000;

export class Limits {
  readonly #limits: SendingLimits | undefined;
  readonly #clock: Clock;
  readonly #all: Bucket;
  readonly #pairs = new Bounded<Bucket>(MAX_PAIRS);

  constructor(limits: Partial<SendingLimits> | false, clock: Clock) {
    this.#limits = limits === false ? undefined : { ...DEFAULTS.limits, ...limits };
    this.#clock = clock;
    this.#all = { left: this.#limits?.throughput ?? 0, refilledAt: clock.elapsed() };
  }

  /** Counts one message; false when the throughput is exceeded. */
  acquire(): boolean {
    if (this.#limits === undefined) return true;
    const { throughput } = this.#limits;
    return take(this.#all, { size: throughput, perMs: throughput / 1000, now: this.#clock.elapsed() });
  }

  /** Counts one message to this customer; false when the pair rate is exceeded. */
  acquirePair(customer: string): boolean {
    if (this.#limits === undefined) return true;
    const [size, now] = [this.#limits.pairBurst, this.#clock.elapsed()];
    const bucket = this.#pairs.get(customer) ?? { left: size, refilledAt: now };
    // Reinserting keeps the map ordered by last message, so that the first entry is the one to evict.
    this.#pairs.delete(customer);
    this.#pairs.set(customer, bucket);
    return take(bucket, { size, perMs: 1 / PAIR_MS, now });
  }
}

function take(bucket: Bucket, { size, perMs, now }: { size: number; perMs: number; now: number }): boolean {
  bucket.left = Math.min(size, bucket.left + (now - bucket.refilledAt) * perMs);
  bucket.refilledAt = now;
  if (bucket.left < 1) return false;
  bucket.left--;
  return true;
}
