/** Writes deliveries into the SQLite store: those that arrive together go into one transaction and share its fsync. */
import { setTimeout as delay } from "node:timers/promises";

import type { Database } from "libsql";

import { systemCode, UnavailableError } from "../errors.ts";
import { BatchWriter, REFUSED_BYTES_KEPT } from "./batch.ts";
import { Seen } from "./seen.ts";
import { explainStore } from "./store-error.ts";
import { StoreFile, type Loss } from "./store-file.ts";
import type { Received, Recorded } from "./store.ts";

/** For so long a delivery waits for another process that writes; its sender waits too, and would not much longer. In milliseconds. */
const PATIENCE_MS = 8000;
const RETRY_MS = 50;

/** What may wait. Refused deliveries have a smaller place, so that they keep no accepted one out. */
const WAITING_BYTES = 64 * 1024 * 1024;

interface Waiting {
  delivery: Received;
  since: number;
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

export interface Connection {
  /** Opens the database at the store's path, and makes it first when there is none. */
  open(): Database;
  /** The database is another one from now on, because of what became of the file of the one before. */
  lost(loss: Loss, database: Database): void;
}

/** The batch was written into a file that is no longer at its path. */
class LostError extends UnavailableError {
  constructor(file: string) {
    super(`${file} was deleted or replaced while it was written to`, { code: "store.lost" });
  }
}

export class Writer {
  readonly #connection: Connection;
  readonly #file: StoreFile;
  readonly #seen = new Seen();
  #database: Database;
  /** Nothing while the database is lost. */
  #batches: BatchWriter | undefined;
  #waiting: Waiting[] = [];
  #waitingBytes = { accepted: 0, refused: 0 };
  #writing: Promise<void> | undefined;

  /** The tables must be there. */
  constructor(database: Database, path: string, connection: Connection) {
    this.#connection = connection;
    this.#file = new StoreFile(path);
    this.#database = database;
    this.#file.opened();
    this.#batches = new BatchWriter(database, this.#seen);
  }

  /** Reads which events were seen before, so that the first delivery need not wait for it. */
  catchUp(): void {
    this.#batches?.catchUp();
  }

  async record(delivery: Received): Promise<Recorded> {
    const { length } = delivery.body;
    const kind = delivery.refusal === undefined ? "accepted" : "refused";
    const most = kind === "refused" ? REFUSED_BYTES_KEPT : WAITING_BYTES;
    if (this.#waitingBytes[kind] + length > most) throw tooMuch(this.#file.path);
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

  /** False when another process is writing and there is still time to wait for it. */
  #settle(batch: readonly Waiting[]): boolean {
    try {
      const recorded = this.#tryAll(batch.map(({ delivery }) => delivery));
      for (const [index, { resolve }] of batch.entries()) resolve(recorded[index] as Recorded);
    } catch (error) {
      const waited = performance.now() - (batch[0]?.since ?? 0);
      if (isBusy(error) && waited < PATIENCE_MS) return false;
      const explained = explainStore(error, this.#file.path);
      for (const { reject } of batch) reject(explained);
    }
    return true;
  }

  /** Once more when the file was lost meanwhile: what is acknowledged must be found at its path. */
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

  /** Resolves when nothing is waiting any more. */
  async flush(): Promise<void> {
    await this.#writing;
  }
}

function isBusy(error: unknown): boolean {
  return systemCode(error)?.startsWith("SQLITE_BUSY") === true;
}

function tooMuch(file: string): UnavailableError {
  return new UnavailableError(`too much is waiting to be written to ${file}`, {
    code: "store.behind",
    hint: "another program may hold a lock on it, or the disk is slow",
  });
}
