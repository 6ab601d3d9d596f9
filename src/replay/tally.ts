/** Counts what was delivered, in fixed memory. */
import { Timings } from "../timings.ts";
import type { Delivered } from "./deliver.ts";

/** Times in milliseconds. */
export interface Summary {
  passed: number;
  failed: number;
  p50: number;
  p95: number;
  max: number;
  perSecond: number;
}

export class Tally {
  passed = 0;
  failed = 0;
  /** Failed because the app refused: the signature, most likely. */
  refusals = 0;
  readonly #times = new Timings();
  readonly #started = performance.now();

  get done(): number {
    return this.passed + this.failed;
  }

  count({ ok, status, ms }: Delivered): void {
    if (ok) this.passed++;
    else this.failed++;
    if (!ok && (status === 400 || status === 401 || status === 403)) this.refusals++;
    this.#times.record(ms);
  }

  summary(): Summary {
    const at = (share: number) => this.#times.percentile(share);
    const seconds = (performance.now() - this.#started) / 1000;
    const { passed, failed, done } = this;
    return { passed, failed, p50: at(50), p95: at(95), max: at(100), perSecond: done / seconds };
  }
}
