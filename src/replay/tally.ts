/** Counts results and groups failures by reason, in bounded memory. */
import { Recap, type FailureGroup } from "../report/recap.ts";
import { Timings } from "../timings.ts";
import type { ChaosKind } from "../webhook/chaos.ts";
import { Evidence, type Diagnosis } from "../webhook/diagnosis.ts";
import type { Delivered } from "./deliver.ts";

/** Times in milliseconds. */
/** Emitted last: the results of all deliveries. */
export interface Summary {
  /** Deliveries that met every expectation. */
  passed: number;
  /** Deliveries that missed an expectation. */
  failed: number;
  /** Deliveries that a wa-hook listener acknowledged as duplicates and did not forward. */
  duplicates: number;
  /** The median time until the response, in milliseconds. */
  p50: number;
  /** The 95th percentile, in milliseconds. */
  p95: number;
  /** In milliseconds. */
  max: number;
  /** Deliveries per second. */
  perSecond: number;
  /** Each reason once, in the order of the first failure. */
  failures: Failure[];
  /** The cause of all failures, if passes and failures identify it. */
  diagnosis?: Diagnosis;
}

/** All failures with the same reason. */
interface Failure {
  /** `Status: 401, expected 200` */
  reason: string;
  /** What to do about it. */
  fix?: string;
  /** How many deliveries failed with it. */
  count: number;
  /** The names of the first fixtures. */
  fixtures: string[];
}

/** What the app did with one kind of chaos. */
export interface ChaosCounts {
  kind: ChaosKind;
  deliveries: number;
  /** With 200, in the end. */
  accepted: number;
  rejected: number;
  /** Without a response. */
  unanswered: number;
  /** How many times deliveries were repeated. */
  retries: number;
}

function noCounts(kind: ChaosKind): ChaosCounts {
  return { kind, deliveries: 0, accepted: 0, rejected: 0, unanswered: 0, retries: 0 };
}

export class Tally {
  passed = 0;
  failed = 0;
  duplicates = 0;
  readonly evidence = new Evidence();
  readonly #recap = new Recap();
  readonly #chaos = new Map<ChaosKind, ChaosCounts>();
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
    this.#recap.add(delivered.fixture, delivered.findings);
    this.#countChaos(delivered);
    this.#times.record(delivered.ms);
  }

  /** What the app did with each kind of chaos, in the order of the kinds. */
  chaos(kinds: readonly ChaosKind[]): ChaosCounts[] {
    return kinds.map((kind) => this.#chaos.get(kind) ?? noCounts(kind));
  }

  #countChaos({ chaos, status }: Delivered): void {
    for (const kind of chaos?.kinds ?? []) {
      const counts = this.#chaos.get(kind) ?? noCounts(kind);
      counts.deliveries++;
      if (status === 200) counts.accepted++;
      else if (status === undefined) counts.unanswered++;
      else counts.rejected++;
      counts.retries += (chaos?.attempts ?? 1) - 1;
      this.#chaos.set(kind, counts);
    }
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
      failures: this.#recap.groups.map(failureOf),
      ...(diagnosis === undefined ? {} : { diagnosis }),
    };
  }
}

function failureOf({ reason, fix, count, names }: FailureGroup): Failure {
  return { reason, ...(fix === undefined ? {} : { fix }), count, fixtures: names };
}
