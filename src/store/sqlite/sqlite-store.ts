/** The store on disk: one SQLite file in WAL mode. Concurrent deliveries share one fsync. */
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

import type Database from "libsql";

import { UnavailableError, UsageError } from "../../errors.ts";
import { requireOwn } from "../../owned-file.ts";
import { BUSY_MS as HASTY_MS } from "./batch.ts";
import { FOLDER } from "../folder.ts";
import { isMalformed, Rows, type Malformed, type Range } from "./rows.ts";
import { SEEN_FOR_MS } from "../seen.ts";
import { explainStore } from "./store-error.ts";
import type { Delivery, Received, Recorded, Store } from "../store.ts";
import { Writer } from "./writer.ts";

/** `waHk` in ASCII: identifies a file as a wa-hook store. */
const APPLICATION_ID = 0x7761486b;
const VERSION = 1;
const BUSY_MS = 5000;
const LOG_PAGES = 4000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    verdict TEXT NOT NULL,
    refusal TEXT,
    events TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS refused ON deliveries (id) WHERE verdict = 'refused';
  CREATE TABLE IF NOT EXISTS seen (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, keys TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/** A store that can also return malformed rows. */
export interface ReadableStore extends Store {
  /** Like `deliveries`, including malformed rows. */
  rows(range: Range): IterableIterator<Delivery | Malformed>;
  /** The id of the newest row, even if it is malformed. */
  lastId(): string | undefined;
}

/**
 * Opens the store in `file` and creates it (mode 0600) if needed.
 * Throws a `UsageError` for a file that is not a store, is damaged, is from a newer version or cannot be written; the file is not changed.
 */
export async function openStore(file: string): Promise<Store> {
  return open(file, prune);
}

/** Opens an existing store for reading. */
export async function openExistingStore(file: string): Promise<ReadableStore> {
  if (!existsSync(file) || statSync(file).size === 0) {
    throw new UsageError(`no deliveries recorded yet: ${file} does not exist`, {
      code: "store.missing",
      hint: "start wa-hook listen to record deliveries, or set another file with --store",
    });
  }
  return open(file);
}

async function open(file: string, tidy?: (database: Database.Database) => void): Promise<ReadableStore> {
  const { default: Libsql } = await loadLibsql();
  const connect = (timeout: number): Database.Database => {
    requireOwnStore(file);
    closeSync(openSync(file, "a", 0o600));
    const database = new Libsql(file, { timeout });
    try {
      prepare(database, file);
      tidy?.(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  try {
    const store = new SqliteStore(connect, file);
    if (tidy !== undefined) store.catchUp();
    return store;
  } catch (error) {
    throw explainStore(error, file);
  }
}

/** Checks the folder `.wa-hook`, the file, and the files that SQLite adds. Any other folder can belong to anyone. */
function requireOwnStore(file: string): void {
  const folder = dirname(resolve(file));
  if (basename(folder) === FOLDER) requireOwn(folder);
  for (const suffix of ["", "-wal", "-shm", "-journal"]) requireOwn(`${file}${suffix}`);
}

function prepare(database: Database.Database, file: string): void {
  // Tables first: a process that creates them sets the application id in the same transaction.
  const count = database.prepare("SELECT count(*) AS tables FROM sqlite_master").get([]);
  const { tables } = count as { tables: number };
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  if (tables > 0 && application !== APPLICATION_ID) {
    throw new UsageError(`${file} belongs to another program`, {
      code: "store.foreign",
      hint: "set another file with --store; this one was not changed",
    });
  }
  if (version > VERSION) {
    throw new UsageError(
      `${file} is from a newer version of wa-hook (store version ${version}; supported: ${VERSION})`,
      {
        code: "store.newer",
        hint: "run npm install wa-hook@latest, or set another file with --store; this one was not changed",
      },
    );
  }
  // A longer log is copied into the database less often.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${LOG_PAGES};`);
  if (tables === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
}

/** Deletes keys that are too old to make a delivery a duplicate. */
function prune(database: Database.Database): void {
  // Rows are ordered by time, so this stops at the first recent one.
  const recent = "SELECT id FROM seen WHERE at >= ? ORDER BY id LIMIT 1";
  database.prepare(`DELETE FROM seen WHERE id < coalesce((${recent}), 9e18)`).run([Date.now() - SEEN_FOR_MS]);
}

function pragma(database: Database.Database, name: string): number {
  return Number((database.prepare(`PRAGMA ${name}`).get([]) as Record<string, number>)[name]);
}

class SqliteStore implements ReadableStore {
  #database: Database.Database;
  readonly #writer: Writer;
  #rows: Rows;
  readonly #file: string;
  #notify: (notice: string) => void = () => {};

  constructor(connect: (timeout: number) => Database.Database, file: string) {
    this.#database = connect(BUSY_MS);
    this.#rows = new Rows(this.#database);
    this.#file = file;
    this.#writer = new Writer(this.#database, file, {
      open: () => connect(HASTY_MS),
      lost: (loss, database) => {
        this.#database = database;
        this.#rows = new Rows(database);
        this.#notify(`${file} was ${loss} while in use; recording continues in a new file`);
      },
    });
  }

  /** Loads the keys of seen events before recording starts. */
  catchUp(): void {
    this.#writer.catchUp();
  }

  onNotice(notify: (notice: string) => void): void {
    this.#notify = notify;
  }

  record(delivery: Received): Promise<Recorded> {
    return this.#writer.record(delivery);
  }

  get(id: string): Delivery | undefined {
    const row = this.#read(() => this.#rows.one(id));
    if (row === undefined || !isMalformed(row)) return row;
    throw new UsageError(`delivery ${row.id} in ${this.#file} is malformed: ${row.malformed}`, {
      code: "store.malformed",
      hint: "it cannot be repaired; run wa-hook events list for the others",
      facts: { id: row.id },
    });
  }

  last(): Delivery | undefined {
    const id = this.lastId();
    return id === undefined ? undefined : this.get(id);
  }

  lastId(): string | undefined {
    return this.#read(() => this.#rows.lastId());
  }

  *deliveries(newest?: number): IterableIterator<Delivery> {
    for (const row of this.rows(newest === undefined ? {} : { newest })) if (!isMalformed(row)) yield row;
  }

  *rows(range: Range): IterableIterator<Delivery | Malformed> {
    const rows = this.#rows.of(range);
    for (;;) {
      const { done, value } = this.#read(() => rows.next());
      if (done === true) return;
      yield value;
    }
  }

  #read<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw explainStore(error, this.#file);
    }
  }

  async close(): Promise<void> {
    await this.#writer.flush();
    this.#database.close();
  }
}

async function loadLibsql(): Promise<{ default: typeof Database }> {
  try {
    return await import("libsql");
  } catch (cause) {
    throw new UnavailableError(`the native module libsql is not installed for ${process.platform}-${process.arch}`, {
      code: "store.native",
      hint: "reinstall without --omit=optional, or use wa-hook listen --no-record",
      cause,
    });
  }
}
