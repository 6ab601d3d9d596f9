/** Counts results and groups failures by reason, in bounded memory. */
import { Timings } from "../timings.ts";
import { Evidence, type Diagnosis } from "../webhook/diagnosis.ts";
import type { Delivered } from "./deliver.ts";

/** Times in milliseconds. */
export interface Summary {
  passed: number;
  failed: number;
  /** Deliveries that a wa-hook listener acknowledged as duplicates and did not forward. */
  duplicates: number;
  p50: number;
  p95: number;
  max: number;
  perSecond: number;
  /** Each reason once, in the order of the first failure. */
  failures: Failure[];
  /** The cause of all failures, if passes and failures identify it. */
  diagnosis?: Diagnosis;
}

/** All failures with the same reason. */
export interface Failure {
  /** `Status: 401, expected 200` */
  reason: string;
  fix?: string;
  count: number;
  /** The names of the first fixtures. */
  fixtures: string[];
}

const NAMED_FIXTURES = 5;
/** Advice can contain text of the app, so the number of reasons is limited. */
const MAX_REASONS = 50;

export class Tally {
  passed = 0;
  failed = 0;
  duplicates = 0;
  readonly evidence = new Evidence();
  readonly #failures = new Map<string, Failure>();
  readonly #times = new Timings();
  readonly #started = performance.now();

  get done(): number {
    return this.passed + this.failed;
  }

  count(delivered: Delivered): void {
    if (delivered.ok) this.passed++;
    else this.failed++;
    if (delivered.verdict === "duplicate") this.duplicates++;
    this.evidence.add(delivered);
    this.#group(delivered);
    this.#times.record(delivered.ms);
  }

  /** `signed` means that the deliveries had valid signatures, so a rejection is a mistake of the app. */
  summary({ signed }: { signed: boolean }): Summary {
    const at = (share: number) => this.#times.percentile(share);
    const seconds = (performance.now() - this.#started) / 1000;
    const { passed, failed, duplicates, done } = this;
    const diagnosis = signed ? this.evidence.diagnose() : undefined;
    return {
      passed,
      failed,
      duplicates,
      p50: at(50),
      p95: at(95),
      max: at(100),
      perSecond: done / seconds,
      failures: [...this.#failures.values()],
      ...(diagnosis === undefined ? {} : { diagnosis }),
    };
  }

  #group({ fixture, findings }: Delivered): void {
    for (const { status, code, title, expected, got, fix } of findings) {
      if (status !== "fail") continue;
      // Response times differ each time.
      const reason = `${title}: ${code === "latency" ? "" : `${got}, `}expected ${expected}`;
      const key = `${reason} ${fix}`;
      const known = this.#failures.get(key);
      if (known === undefined && this.#failures.size >= MAX_REASONS) continue;
      const failure = known ?? { reason, ...(fix === undefined ? {} : { fix }), count: 0, fixtures: [] };
      failure.count++;
      const isNew = !failure.fixtures.includes(fixture);
      if (isNew && failure.fixtures.length < NAMED_FIXTURES) failure.fixtures.push(fixture);
      this.#failures.set(key, failure);
    }
  }
}
