/** How long things took, counted in fixed memory. */
import { createHistogram } from "node:perf_hooks";

/** The histogram counts whole numbers of one and more, so it counts microseconds. */
const US_PER_MS = 1000;

/** Takes and gives milliseconds. */
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

  /** So many per cent took no longer; 0 when nothing was recorded. */
  percentile(share: number): number {
    return this.count === 0 ? 0 : this.#histogram.percentile(share) / US_PER_MS;
  }
}
