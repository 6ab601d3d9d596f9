/** A latency histogram with a fixed memory footprint. */
import { createHistogram } from "node:perf_hooks";

/** Node's histogram accepts integers from 1, so values are stored in microseconds. */
const US_PER_MS = 1000;

/** Records and reports durations in milliseconds. */
export class Timings {
  readonly #histogram = createHistogram();

  record(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * US_PER_MS)));
  }

  get count(): number {
    return this.#histogram.count;
  }

  get max(): number {
    return this.#histogram.max / US_PER_MS;
  }

  /** The duration at a percentile from 0 to 100; 0 if nothing was recorded. */
  percentile(share: number): number {
    return this.count === 0 ? 0 : this.#histogram.percentile(share) / US_PER_MS;
  }
}
