/** Opens the database of a store, after checking that the file is this user's own and a store of this version. */
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

import type Database from "libsql";

import { UnavailableError, UsageError } from "../../errors.ts";
import { requireOwn } from "../../owned-file.ts";
import { FOLDER } from "../folder.ts";
import { prepareSchema } from "./schema.ts";
import { explainStore } from "./store-error.ts";

/** How long a reader waits for another process, in milliseconds. */
export const BUSY_MS = 5000;
/** Longer than a log that `Checkpoints` copies in time. */
const LOG_PAGES = 8000;

/** Throws a `UsageError` when nothing is recorded in the file. */
export function requireExisting(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) {
    throw new UsageError(`no deliveries recorded yet: ${file} does not exist`, {
      code: "store.missing",
      hint: "start wa-hook listen to record deliveries, or set another file with --store",
    });
  }
}

/** Opens a connection; `timeout` is how long it waits for other processes, in milliseconds. */
export type Connect = (timeout: number) => Database.Database;

/** A database of a store with its tables, for work beside a listener. Throws a `UsageError` when there is none. */
export async function openDatabase(file: string): Promise<Database.Database> {
  requireExisting(file);
  const connect = await connector(file);
  try {
    return connect(BUSY_MS);
  } catch (error) {
    throw explainStore(error, file);
  }
}

/** `tidy` is called with each new connection. */
export async function connector(file: string, tidy?: (database: Database.Database) => void): Promise<Connect> {
  const { default: Libsql } = await loadLibsql();
  return (timeout) => {
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
}

/** A database of a store as it is, also one of another version. Throws the errors of SQLite when it is damaged. */
export async function openUnchanged(file: string): Promise<Database.Database> {
  requireExisting(file);
  requireOwnStore(file);
  const { default: Libsql } = await loadLibsql();
  const database = new Libsql(file, { timeout: BUSY_MS });
  database.exec("PRAGMA query_only = ON");
  return database;
}

/** Checks the folder `.wa-hook`, the file, and the files that SQLite adds. Any other folder can belong to anyone. */
function requireOwnStore(file: string): void {
  const folder = dirname(resolve(file));
  if (basename(folder) === FOLDER) requireOwn(folder);
  for (const suffix of ["", "-wal", "-shm", "-journal"]) requireOwn(`${file}${suffix}`);
}

function prepare(database: Database.Database, file: string): void {
  prepareSchema(database, file);
  database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${LOG_PAGES};`);
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
