/** Writes deliveries to the SQLite store: concurrent ones share one transaction and its fsync. */
import { setTimeout as delay } from "node:timers/promises";

import type { Database } from "libsql";

import { systemCode, UnavailableError } from "../../errors.ts";
import { BatchWriter } from "./batch.ts";
import { Seen } from "../seen.ts";
import { explainStore } from "./store-error.ts";
import { StoreFile, type Loss } from "./store-file.ts";
import { REJECTED_KEPT, type Received, type Recorded } from "../store.ts";

/** How long a write waits for another process, in milliseconds; the sender waits as well and would time out soon after. */
const BUSY_TIMEOUT_MS = 8000;
const RETRY_MS = 50;

/** Limit for pending writes. Rejected deliveries have a smaller limit of their own, so that they cannot block accepted ones. */
const WAITING_BYTES = 64 * 1024 * 1024;

interface Waiting {
  delivery: Received;
  since: number;
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

export interface Connection {
  /** Opens the database at the path of the store and creates it if needed. */
  open(): Database;
  /** Called when a new database replaces one whose file was lost. */
  lost(loss: Loss, database: Database): void;
}

/** The batch was written to a file that is no longer at its path. */
class LostError extends UnavailableError {
  constructor(file: string) {
    super(`${file} was deleted or replaced during a write`, { code: "store.lost" });
  }
}

export class Writer {
  readonly #connection: Connection;
  readonly #file: StoreFile;
  readonly #seen = new Seen();
  #database: Database;
  /** Missing while the file is lost. */
  #batches: BatchWriter | undefined;
  #waiting: Waiting[] = [];
  #waitingBytes = { accepted: 0, rejected: 0 };
  #writing: Promise<void> | undefined;

  /** The tables must exist. */
  constructor(database: Database, path: string, connection: Connection) {
    this.#connection = connection;
    this.#file = new StoreFile(path);
    this.#database = database;
    this.#file.opened();
    this.#batches = new BatchWriter(database, this.#seen);
  }

  /** Loads the keys of seen events in advance, so that the first delivery does not wait for it. */
  catchUp(): void {
    this.#batches?.catchUp();
  }

  async record(delivery: Received): Promise<Recorded> {
    const { length } = delivery.body;
    const kind = delivery.reason === undefined ? "accepted" : "rejected";
    const limit = kind === "rejected" ? REJECTED_KEPT.bytes : WAITING_BYTES;
    if (this.#waitingBytes[kind] + length > limit) throw overloaded(this.#file.path);
    this.#waitingBytes[kind] += length;
    try {
      return await new Promise<Recorded>((resolve, reject) => {
        this.#waiting.push({ delivery, since: performance.now(), resolve, reject });
        this.#writing ??= this.#writeAll();
      });
    } finally {
      this.#waitingBytes[kind] -= length;
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      // After the requests that are readable already, so that they come along.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#write(this.#waiting.splice(0));
    }
    this.#writing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    while (!this.#settle(batch)) await delay(RETRY_MS);
  }

  /** False when another process is writing and the timeout has not passed. */
  #settle(batch: readonly Waiting[]): boolean {
    try {
      const recorded = this.#tryAll(batch.map(({ delivery }) => delivery));
      for (const [index, { resolve }] of batch.entries()) resolve(recorded[index] as Recorded);
    } catch (error) {
      const waited = performance.now() - (batch[0]?.since ?? 0);
      if (isBusy(error) && waited < BUSY_TIMEOUT_MS) return false;
      const explained = explainStore(error, this.#file.path);
      for (const { reject } of batch) reject(explained);
    }
    return true;
  }

  /** Retries once when the file was lost: an acknowledged delivery must be in the file at the path. */
  #tryAll(batch: readonly Received[]): Recorded[] {
    try {
      return this.#tryOnce(batch);
    } catch (error) {
      if (!(error instanceof LostError) && this.#file.loss() === undefined) throw error;
      this.#batches = undefined;
      return this.#tryOnce(batch);
    }
  }

  #tryOnce(batch: readonly Received[]): Recorded[] {
    const batches = this.#batches ?? this.#openAgain();
    return batches.write(batch, () => {
      if (this.#file.loss() !== undefined) throw new LostError(this.#file.path);
    });
  }

  #openAgain(): BatchWriter {
    const loss = this.#file.loss() ?? "replaced";
    this.#file.makeWay(loss);
    if (this.#database.open) this.#database.close();
    this.#database = this.#connection.open();
    this.#file.opened();
    this.#batches = new BatchWriter(this.#database, this.#seen);
    this.#connection.lost(loss, this.#database);
    return this.#batches;
  }

  /** Resolves when all writes are done. */
  async flush(): Promise<void> {
    await this.#writing;
  }
}

function isBusy(error: unknown): boolean {
  return systemCode(error)?.startsWith("SQLITE_BUSY") === true;
}

function overloaded(file: string): UnavailableError {
  return new UnavailableError(`too many pending writes to ${file}`, {
    code: "store.behind",
    hint: "check for another program that locks the file, and for a slow disk",
  });
}
