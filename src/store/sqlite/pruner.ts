/** Prunes the store of a running listener: a small step at a time, between its writes. */
import type { Database } from "libsql";

import { systemCode } from "../../errors.ts";
import { added, NOTHING_PRUNED, type Keep, type Pruned } from "../retention.ts";
import { checkpoint, forgetSeen, limitsOf, pruneStep, shrinkStep, STEP_ROWS } from "./retention.ts";

export interface Pace {
  /** How often it is checked whether there is something to delete, in milliseconds. */
  checkMs: number;
  /** Between steps, in milliseconds. */
  stepMs: number;
  /** A step no longer waits for a pause of the writes after this time, in milliseconds. */
  maxDeferMs: number;
}

const PACE: Pace = { checkMs: 10_000, stepMs: 25, maxDeferMs: 250 };

/** A step that took longer is followed by a smaller one, in milliseconds. */
const STEP_TARGET_MS = 4;
const MIN_ROWS = 10;
/** With less given back, the file becomes smaller when the log is full anyway. */
const CHECKPOINT_PAGES = 256;

/** What does the writing, so that a step comes between two of its transactions. */
export interface WriterTurn {
  readonly isWriting: boolean;
  /** Runs the work at once; returns nothing when the database is not open now. */
  between<Result>(work: (database: Database) => Result): Result | undefined;
}

export class Pruner {
  readonly #turn: WriterTurn;
  readonly #keep: Keep;
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | undefined;
  #rows = STEP_ROWS;
  #lastStep = performance.now();
  #closed = false;
  #pruned = NOTHING_PRUNED;
  /** Pages that are free in the file until the next checkpoint. */
  #givenBack = 0;
  /** Forwards that were deleted and not reported yet. */
  #unreported = 0;
  readonly #lost: (forwards: number) => void;

  /** Calls `lost` with the number of forwards that were deleted before they were sent, once all that is old is deleted. */
  constructor(turn: WriterTurn, keep: Keep, { pace = PACE, lost }: { pace?: Pace; lost(forwards: number): void }) {
    this.#turn = turn;
    this.#keep = keep;
    this.#pace = pace;
    this.#lost = lost;
    this.#next(pace.stepMs);
  }

  /** What was deleted so far. */
  get pruned(): Pruned {
    return this.#pruned;
  }

  #next(ms: number): void {
    if (!this.#closed) this.#timer = setTimeout(() => this.#run(), ms).unref();
  }

  #run(): void {
    const { checkMs, stepMs, maxDeferMs } = this.#pace;
    const waited = performance.now() - this.#lastStep;
    if (this.#turn.isWriting && waited < maxDeferMs) return this.#next(stepMs);
    const isMore = this.#step();
    this.#lastStep = performance.now();
    this.#next(isMore ? stepMs : checkMs);
  }

  /** Returns whether there is more to do. */
  #step(): boolean {
    try {
      return this.#turn.between((database) => this.#work(database)) ?? false;
    } catch (error) {
      // Another process is writing, or the disk is full: the next check tries again. Recording reports lasting problems.
      if (systemCode(error)?.startsWith("SQLITE_") === true) return false;
      throw error;
    }
  }

  #work(database: Database): boolean {
    const started = performance.now();
    const now = Date.now();
    const pruned = pruneStep(database, limitsOf(this.#keep, now), this.#rows);
    const tookMs = performance.now() - started;
    this.#rows = tookMs > STEP_TARGET_MS ? Math.max(MIN_ROWS, this.#rows >> 1) : Math.min(STEP_ROWS, this.#rows * 2);
    if (pruned.deliveries > 0) {
      this.#pruned = added(this.#pruned, pruned);
      this.#unreported += pruned.pending;
      return true;
    }
    if (this.#unreported > 0) this.#lost(this.#unreported);
    this.#unreported = 0;
    return forgetSeen(database, now) || this.#shrink(database);
  }

  #shrink(database: Database): boolean {
    const pages = shrinkStep(database);
    this.#givenBack += pages;
    if (pages > 0) return true;
    if (this.#givenBack >= CHECKPOINT_PAGES) {
      checkpoint(database);
      this.#givenBack = 0;
    }
    return false;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
