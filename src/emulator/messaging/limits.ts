/** How much the business may send: so much a second in all, and so much to one customer. */
import type { Clock } from "../clock.ts";
import { DEFAULTS, type SendingLimits } from "../options.ts";

/** What is left of an allowance, and when that was reckoned. */
interface Bucket {
  left: number;
  at: number;
}

/** One message to the same customer every six seconds, once the burst is used up. */
const PAIR_MS = 6000;
const MAX_PAIRS = 10_000;

export class Limits {
  readonly #limits: SendingLimits | undefined;
  readonly #clock: Clock;
  readonly #all: Bucket;
  readonly #pairs = new Map<string, Bucket>();

  constructor(limits: Partial<SendingLimits> | false, clock: Clock) {
    this.#limits = limits === false ? undefined : { ...DEFAULTS.limits, ...limits };
    this.#clock = clock;
    this.#all = { left: this.#limits?.throughput ?? 0, at: clock.elapsed() };
  }

  /** Counts one message of the business; whether it may go out. */
  takeAny(): boolean {
    if (this.#limits === undefined) return true;
    const { throughput } = this.#limits;
    return take(this.#all, { size: throughput, perMs: throughput / 1000, now: this.#clock.elapsed() });
  }

  /** Counts one message to this customer; whether it may go out. */
  takePair(customer: string): boolean {
    if (this.#limits === undefined) return true;
    const [size, now] = [this.#limits.pairBurst, this.#clock.elapsed()];
    const bucket = this.#pairs.get(customer) ?? { left: size, at: now };
    // The pairs stay in the order of their last message, so that the first one is the one to forget.
    this.#pairs.delete(customer);
    this.#pairs.set(customer, bucket);
    if (this.#pairs.size > MAX_PAIRS) this.#pairs.delete(this.#pairs.keys().next().value as string);
    return take(bucket, { size, perMs: 1 / PAIR_MS, now });
  }
}

function take(bucket: Bucket, { size, perMs, now }: { size: number; perMs: number; now: number }): boolean {
  bucket.left = Math.min(size, bucket.left + (now - bucket.at) * perMs);
  bucket.at = now;
  if (bucket.left < 1) return false;
  bucket.left--;
  return true;
}
