/** A lock that one process holds and that the system releases when the process ends, however it ends. */
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

  /** Nothing when another process holds it, or this one a second time. The file is made when it is missing, and stays. */
  static async acquire(file: string): Promise<Lock | undefined> {
    create(file);
    // Whoever asks whether it is held is in the way for a moment.
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await sleep(PAUSE_MS);
      const database = await begin(file, "BEGIN EXCLUSIVE");
      if (database !== undefined) return new Lock(database);
    }
    return undefined;
  }

  /** Whether a process holds it now. */
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

/** Opens only what is not there: closing a descriptor of the file would release this process's own lock on it. */
function create(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw unlockable(error, file);
  }
}

/** SQLite locks with the file locks of the system, on every platform; the database itself stays empty. */
async function begin(file: string, statement: string): Promise<Database.Database | undefined> {
  const { default: Sqlite } = await import("libsql");
  const database = new Sqlite(file, { timeout: 0 });
  try {
    // A rollback journal on the disk would be left behind by a kill.
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
  return new UsageError(`${file} cannot be locked: ${reasonOf(error)}`, {
    code: "registration.unlockable",
    hint: "run wa-hook in a folder that you may write to, on a file system with locks",
    cause: error,
  });
}
