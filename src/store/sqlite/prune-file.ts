/** Prunes the file of a store on request, also while a listener writes to it. */
import { statfsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { Database } from "libsql";

import { systemCode } from "../../errors.ts";
import {
  added,
  NOTHING_PRUNED,
  pruneInterrupted,
  type Pruned,
  type PrunePlan,
  type PruneRequest,
  type PruneResult,
  type StorePruner,
} from "../retention.ts";
import { openDatabase } from "./connection.ts";
import { canShrink, checkpoint, pruneStep, shrinkStep, usedBytes } from "./retention.ts";
import { explainStore } from "./store-error.ts";

/** A listener gives up a write after 8 s, so a longer rebuild of the file would make it answer 500. */
const MAX_VACUUM_BYTES = 256 * 1024 * 1024;
const RETRY_MS = 20;
const BUSY_MS = 10_000;

export class FilePruner implements StorePruner, Disposable {
  readonly #database: Database;
  readonly #file: string;

  private constructor(database: Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** Throws a `UsageError` when there is no store in the file. */
  static async open(file: string): Promise<FilePruner> {
    return new FilePruner(await openDatabase(file), file);
  }

  /** What would be deleted; of a limit by size an estimate. */
  plan({ before = -Infinity, bytes = Infinity }: PruneRequest): PrunePlan {
    const excess = usedBytes(this.#database) - bytes;
    const size = "coalesce(octet_length(headers) + octet_length(body), 0)";
    const sized = `SELECT received_at, ${size} AS size, sum(${size}) OVER (ORDER BY received_at, id ROWS UNBOUNDED PRECEDING) AS total
       FROM deliveries`;
    const plan = this.#database
      .prepare(
        `SELECT count(*) AS deliveries, coalesce(sum(size), 0) AS bytes FROM (${sized})
         WHERE received_at < ? OR total - size < ?`,
      )
      .get([finite(before), finite(excess)]) as PrunePlan;
    return { deliveries: plan.deliveries, bytes: plan.bytes };
  }

  /** Yields the sum so far after each step, and returns the result. Throws an `InterruptedError` when `signal` aborts. */
  async *prune(request: PruneRequest, signal: AbortSignal): AsyncGenerator<Pruned, PruneResult, void> {
    const before = this.#fileBytes();
    let pruned = NOTHING_PRUNED;
    for (;;) {
      const step = await this.#patiently(() => pruneStep(this.#database, request), signal);
      if (step.deliveries === 0) break;
      pruned = added(pruned, step);
      yield pruned;
    }
    if (request.all === true) await this.#patiently(() => this.#database.exec("DELETE FROM seen"), signal);
    await this.#shrink(signal);
    const free = Number(this.#pragma("freelist_count")) * Number(this.#pragma("page_size"));
    return { ...pruned, freed: Math.max(0, before - this.#fileBytes()), reusable: free };
  }

  async #shrink(signal: AbortSignal): Promise<void> {
    const vacuum = () => this.#database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
    if (!canShrink(this.#database) && this.#canVacuum()) await this.#patiently(vacuum, signal);
    while ((await this.#patiently(() => shrinkStep(this.#database), signal)) > 0);
    await this.#patiently(() => checkpoint(this.#database), signal);
  }

  /** It needs room for a copy in the log, and one among the temporary files. */
  #canVacuum(): boolean {
    const used = usedBytes(this.#database);
    const { bavail, bsize } = statfsSync(this.#file);
    return used <= MAX_VACUUM_BYTES && bavail * bsize > 3 * used;
  }

  #pragma(name: string): unknown {
    return (this.#database.prepare(`PRAGMA ${name}`).get([]) as Record<string, unknown>)[name];
  }

  #fileBytes(): number {
    return statSync(this.#file).size;
  }

  /** Waits while another process is writing, and lets it write in between. */
  async #patiently<Result>(work: () => Result, signal: AbortSignal): Promise<Result> {
    const started = performance.now();
    for (;;) {
      await sleep(1);
      if (signal.aborted) throw pruneInterrupted();
      try {
        return work();
      } catch (error) {
        const isBusy = systemCode(error)?.startsWith("SQLITE_BUSY") === true;
        if (!isBusy || performance.now() - started > BUSY_MS) throw explainStore(error, this.#file);
      }
      await sleep(RETRY_MS);
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** SQLite has no infinity among its integers. */
function finite(value: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
}
