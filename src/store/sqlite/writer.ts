/** Writes to the SQLite store: what arrives together shares one transaction and one sync of the log. */
import { setTimeout as delay } from "node:timers/promises";

import type { Database } from "libsql";

import { UnavailableError } from "../../errors.ts";
import { Seen } from "../duplicates.ts";
import type { ForwardResult } from "../forward.ts";
import { gather, nextTurn } from "../gather.ts";
import { judge, REJECTED_KEPT, type Received, type Recorded } from "../store.ts";
import { BatchWriter, type Written } from "./batch.ts";
import { Checkpoints } from "./checkpoints.ts";
import { Log } from "./log.ts";
import { checkpoint } from "./retention.ts";
import { explainStore, isBusy } from "./store-error.ts";
import { StoreFile, type Loss } from "./store-file.ts";

/** How long a write waits for another process, in milliseconds; the sender waits as well and would time out soon after. */
const BUSY_TIMEOUT_MS = 8000;
const RETRY_MS = 50;

/** Longer than a log that `Checkpoints` copies in time. */
const LOG_PAGES = 8000;

/** Rows of seen keys that are read in one turn of the event loop: some milliseconds. */
const KEYS_AT_ONCE = 1000;

/** Limit for pending writes. Rejected deliveries have a smaller limit of their own, so that they cannot block accepted ones. */
const WAITING_BYTES = 64 * 1024 * 1024;

interface Waiting<Item, Outcome> {
  item: Item;
  since: number;
  /** Called after the commit, before it is durable. */
  written?: ((outcome: Outcome) => void) | undefined;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** What one transaction writes. */
interface Items {
  deliveries: readonly Received[];
  results: readonly ForwardResult[];
}

export interface Connection {
  /** Opens the database at the path of the store and creates it if needed. */
  open(): Database;
  /** Called when a new database replaces the one before; `loss` is what happened to its file, if that is why. */
  reopened(database: Database, loss: Loss | undefined): void;
}

/** The batch was written to a file that is no longer at its path. */
class LostError extends UnavailableError {
  constructor(file: string) {
    super(`${file} was deleted or replaced during a write`, { code: "store.lost" });
  }
}

/** What is open together. */
interface Open {
  database: Database;
  batches: BatchWriter;
  log: Log;
  checkpoints: Checkpoints;
}

export class Writer {
  readonly #connection: Connection;
  readonly #file: StoreFile;
  readonly #seen = new Seen();
  /** Missing after the file was lost or a sync failed. */
  #open: Open | undefined;
  #database: Database;
  /** The newest forward that was ever recorded here. */
  #lastForward = 0;
  /** Committed, and not durable because the sync failed; to be undone before the next write. */
  #unsynced: Written | undefined;
  #deliveries: Waiting<Received, Recorded>[] = [];
  #results: Waiting<ForwardResult, void>[] = [];
  #waitingBytes = { accepted: 0, rejected: 0 };
  #writing: Promise<void> | undefined;
  /** Whether deliveries come together. */
  #isBusy = false;

  /** The tables must exist. */
  constructor(database: Database, path: string, connection: Connection) {
    this.#connection = connection;
    this.#file = new StoreFile(path);
    this.#database = database;
    this.#open = this.#opened(database);
  }

  /** Loads the keys of seen events in advance, piece by piece; deliveries are written after it. */
  catchUp(): void {
    this.#writing ??= this.#catchUp().then(() => this.#writeAll());
  }

  async #catchUp(): Promise<void> {
    try {
      while (this.#open?.batches.catchUp(KEYS_AT_ONCE) === true) await nextTurn();
    } catch {
      // The next write reads what is left, and fails if that is impossible.
    }
  }

  isDuplicate(delivery: Received): boolean {
    this.#open?.batches.catchUp();
    return judge(delivery, (key) => !this.#seen.has(key, delivery.receivedAt)) === "duplicate";
  }

  record(delivery: Received, written?: (recorded: Recorded) => void): Promise<Recorded> {
    const { length } = delivery.body;
    const kind = kindOf(delivery);
    const limit = kind === "rejected" ? REJECTED_KEPT.bytes : WAITING_BYTES;
    if (this.#waitingBytes[kind] + length > limit) return Promise.reject(overloaded(this.#file.path));
    this.#waitingBytes[kind] += length;
    return this.#enqueue(this.#deliveries, delivery, written);
  }

  /** Resolves when the result is committed, without waiting for the disk. */
  settle(result: ForwardResult): Promise<void> {
    return this.#enqueue(this.#results, result);
  }

  #enqueue<Item, Outcome>(
    waiting: Waiting<Item, Outcome>[],
    item: Item,
    written?: (outcome: Outcome) => void,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      waiting.push({ item, since: performance.now(), written, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#deliveries.length > 0 || this.#results.length > 0) {
      if (this.#isBusy) await gather();
      await this.#open?.checkpoints.finish();
      this.#isBusy = this.#deliveries.length + this.#results.length > 1;
      await this.#write(this.#deliveries.splice(0), this.#results.splice(0));
    }
    this.#writing = undefined;
  }

  async #write(deliveries: Waiting<Received, Recorded>[], results: Waiting<ForwardResult, void>[]): Promise<void> {
    const all = [...deliveries, ...results];
    const items = { deliveries: deliveries.map(({ item }) => item), results: results.map(({ item }) => item) };
    try {
      const written = await this.#commit(items, all[0]?.since ?? 0);
      this.#open?.checkpoints.wrote(items.deliveries);
      for (const { resolve } of results) resolve();
      if (deliveries.length === 0) return;
      const synced = this.#sync(written);
      for (const [index, each] of deliveries.entries()) each.written?.(written.recorded[index] as Recorded);
      await synced;
      for (const [index, { resolve }] of deliveries.entries()) resolve(written.recorded[index] as Recorded);
    } catch (error) {
      const explained = explainStore(error, this.#file.path);
      for (const { reject } of all) reject(explained);
    } finally {
      for (const { item } of deliveries) this.#waitingBytes[kindOf(item)] -= item.body.length;
    }
  }

  /** Waits while another process is writing. `since` is when the first of the items arrived. */
  async #commit(items: Items, since: number): Promise<Written> {
    for (;;) {
      try {
        return this.#tryAll(items);
      } catch (error) {
        if (!isBusy(error) || performance.now() - since >= BUSY_TIMEOUT_MS) throw error;
      }
      await delay(RETRY_MS);
    }
  }

  /** Retries once when the file was lost: an acknowledged delivery must be in the file at the path. */
  #tryAll(items: Items): Written {
    try {
      return this.#tryOnce(items);
    } catch (error) {
      const loss = this.#file.loss();
      if (!(error instanceof LostError) && loss === undefined) throw error;
      this.#closeLog();
      return this.#tryOnce(items);
    }
  }

  #tryOnce({ deliveries, results }: Items): Written {
    const { batches } = this.#open ?? this.#openAgain();
    try {
      return batches.write(deliveries, results, () => {
        if (this.#file.loss() !== undefined) throw new LostError(this.#file.path);
      });
    } finally {
      this.#lastForward = Math.max(this.#lastForward, batches.lastForward);
    }
  }

  /** When it fails, the transaction is visible and may never be durable: it is undone before anything else is written. */
  async #sync(written: Written): Promise<void> {
    try {
      await this.#open?.log.sync();
    } catch (error) {
      for (const key of written.fresh) this.#seen.forget(key);
      this.#unsynced = written;
      this.#closeLog();
      throw error;
    }
  }

  #openAgain(): Open {
    const loss = this.#file.loss();
    if (loss !== undefined) this.#file.makeWay(loss);
    this.#closeDatabase(loss);
    this.#database = this.#connection.open();
    const open = this.#opened(this.#database);
    open.batches.continueAfter(this.#lastForward);
    if (loss === undefined && this.#unsynced !== undefined) {
      open.batches.takeBack(this.#unsynced);
      // A later sync of the log does not repeat what failed, and nothing behind a missing page counts: the log must start anew.
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    this.#unsynced = undefined;
    this.#open = open;
    this.#connection.reopened(this.#database, loss);
    return open;
  }

  /** A log that is not in its folder is known to this connection only: first, all of it is copied into the database. */
  #closeDatabase(loss: Loss | undefined): void {
    if (!this.#database.open) return;
    try {
      if (loss === undefined) this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // The disk fails, or somebody reads: closing it tries the same once more.
    }
    this.#database.close();
  }

  #opened(database: Database): Open {
    // The log is synced and copied here instead of by SQLite, which would block the event loop.
    database.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    this.#file.opened();
    const batches = new BatchWriter(database, this.#seen);
    this.#lastForward = Math.max(this.#lastForward, batches.lastForward);
    return { database, batches, log: new Log(this.#file.path), checkpoints: new Checkpoints(this.#file.path) };
  }

  #closeLog(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.log[Symbol.dispose]();
    open?.checkpoints[Symbol.dispose]();
  }

  /** Whether there are pending writes. */
  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  /** Runs synchronous work between two transactions; returns nothing when the file was lost or a sync failed. */
  between<Result>(work: (database: Database) => Result): Result | undefined {
    return this.#open === undefined ? undefined : work(this.#open.database);
  }

  /** Resolves when all writes are done. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** Call before closing the database. */
  async close(): Promise<void> {
    await this.flush();
    await this.#open?.checkpoints.settled();
    try {
      this.between(checkpoint);
    } catch {
      // What was acknowledged is in the log.
    }
    this.#closeLog();
  }
}

function kindOf({ reason }: Received): "accepted" | "rejected" {
  return reason === undefined ? "accepted" : "rejected";
}

function overloaded(file: string): UnavailableError {
  return new UnavailableError(`too many pending writes to ${file}`, {
    code: "store.behind",
    hint: "check for another program that locks the file, and for a slow disk",
  });
}
