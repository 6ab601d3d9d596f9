/** Attempts to deliver and to forward, so that repeated ones are seen as such. */
import { Bounded } from "../emulator/bounded.ts";
import type { Timeline } from "./api.ts";

type Attempt = Timeline["lanes"][number]["attempts"][number];

/** Of all lanes, the oldest are dropped. */
const MAX_ATTEMPTS = 10_000;
/** What a page can draw. */
const MAX_SHOWN = 2000;
const MAX_LANES = 20;
const MAX_KEYS = 10_000;

export class Attempts {
  #attempts: { lane: string; attempt: Attempt }[] = [];
  /** How often each delivery was attempted. */
  readonly #times = new Bounded<number>(MAX_KEYS);

  add(lane: string, attempt: Attempt): void {
    this.#attempts.push({ lane, attempt });
    if (this.#attempts.length > 2 * MAX_ATTEMPTS) this.#attempts = this.#attempts.slice(-MAX_ATTEMPTS);
  }

  /** The number of this attempt at something that its sender does not count: 1 for the first time. */
  times(key: string): number {
    const times = (this.#times.get(key) ?? 0) + 1;
    this.#times.delete(key);
    this.#times.set(key, times);
    return times;
  }

  timeline(since: number): Timeline {
    const lanes = new Map<string, Attempt[]>();
    for (const { lane, attempt } of this.#attempts) {
      if (attempt.at < since) continue;
      const attempts = lanes.get(lane) ?? [];
      if (lanes.size < MAX_LANES || lanes.has(lane)) lanes.set(lane, attempts);
      attempts.push(attempt);
    }
    return { lanes: [...lanes].map(([label, attempts]) => ({ label, attempts: attempts.slice(-MAX_SHOWN) })) };
  }
}
