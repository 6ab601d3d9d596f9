/** A lock held by one process. The system releases it when the process ends, even after a crash. */
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type Database from "libsql";

import { reasonOf, systemCode, UsageError } from "../errors.ts";

const ATTEMPTS = 5;
const PAUSE_MS = 40;

export class Lock implements Disposable {
  #database: Database.Database | undefined;

  private constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Returns `undefined` when it is held already. Creates the file if needed; it is never deleted. */
  static async acquire(file: string): Promise<Lock | undefined> {
    create(file);
    // `isHeld` in another process blocks this for a moment.
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await sleep(PAUSE_MS);
      const database = await begin(file, "BEGIN EXCLUSIVE");
      if (database !== undefined) return new Lock(database);
    }
    return undefined;
  }

  /** Whether any process holds it. */
  static async isHeld(file: string): Promise<boolean> {
    create(file);
    const database = await begin(file, "BEGIN; SELECT count(*) FROM sqlite_master");
    database?.close();
    return database === undefined;
  }

  release(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** Opens the file only to create it: closing any descriptor of it would release this process's own lock. */
function create(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw unlockable(error, file);
  }
}

/** Uses the file locks of SQLite, which work on every platform; the database itself stays empty. */
async function begin(file: string, statement: string): Promise<Database.Database | undefined> {
  const { default: Sqlite } = await import("libsql");
  const database = new Sqlite(file, { timeout: 0 });
  try {
    // A killed process would leave a rollback journal on disk.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec(statement);
    return database;
  } catch (error) {
    database.close();
    if (systemCode(error) === "SQLITE_BUSY") return undefined;
    throw unlockable(error, file);
  }
}

function unlockable(error: unknown, file: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new UsageError(`cannot lock ${file}: ${reasonOf(error)}`, {
    code: "store.unlockable",
    hint: "run wa-hook in a writable folder on a file system that supports locks",
    cause: error,
  });
}
