/** The tables of the SQLite store, and the way from older versions to this one. */
import type { Database } from "libsql";

import { UsageError } from "../../errors.ts";
import { transact } from "./transact.ts";

/** `waHk` in ASCII: identifies a file as a wa-hook store. */
export const APPLICATION_ID = 0x7761486b;
export const VERSION = 2;

const DELIVERIES = `
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT
  ) STRICT;`;

/** Each index is appended to at its end, so that it costs little however large the store is. */
const REST = `
  CREATE INDEX deliveries_time ON deliveries (received_at);
  CREATE INDEX deliveries_rejected ON deliveries (id) WHERE verdict = 'rejected';
  CREATE INDEX deliveries_duplicate ON deliveries (id) WHERE verdict = 'duplicate';
  CREATE TABLE forwards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery INTEGER NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    at INTEGER,
    status INTEGER,
    ms REAL,
    response TEXT,
    next_at INTEGER
  ) STRICT;
  CREATE INDEX forwards_delivery ON forwards (delivery, state);
  CREATE INDEX forwards_pending ON forwards (target, id) WHERE state = 'pending';
  CREATE INDEX forwards_failed ON forwards (delivery) WHERE state = 'failed';`;

/**
 * The index of events, which is derived from the deliveries and never written while one is acknowledged. `reader` is 0 until it has been
 * emptied for this version; `upto` is the last delivery in it.
 */
const EVENTS = `
  CREATE TABLE kinds (
    id INTEGER PRIMARY KEY,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    UNIQUE (item, kind, field)
  ) STRICT;
  CREATE TABLE events (
    delivery INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    customer TEXT,
    outgoing INTEGER NOT NULL,
    search TEXT NOT NULL,
    PRIMARY KEY (delivery, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_kind ON events (kind, delivery);
  CREATE INDEX events_customer ON events (customer, delivery, outgoing, kind) WHERE customer IS NOT NULL;
  CREATE TABLE indexed (reader INTEGER NOT NULL, upto INTEGER NOT NULL) STRICT;
  INSERT INTO indexed (reader, upto) VALUES (0, 0);
  CREATE TRIGGER forget_events AFTER DELETE ON deliveries BEGIN DELETE FROM events WHERE delivery = old.id; END;`;

const SEEN = `
  CREATE TABLE seen (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, keys TEXT NOT NULL) STRICT;`;

const STAMP = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION};`;

/** By the version that each starts from. Each runs in one transaction: a crash or a full disk leaves the older version whole. */
const MIGRATIONS: ReadonlyMap<number, string> = new Map([
  [
    1,
    `DROP INDEX refused;
     ALTER TABLE deliveries RENAME COLUMN refusal TO reason;
     ALTER TABLE deliveries DROP COLUMN events;
     UPDATE deliveries SET verdict = 'rejected' WHERE verdict = 'refused';
     ${REST} ${EVENTS}`,
  ],
]);

/**
 * Creates the tables in an empty file, or brings those of an older version to this one. Throws a `UsageError` for the file of another
 * program or of a newer version, and leaves it unchanged.
 */
export function prepareSchema(database: Database, file: string): void {
  // Tables first: a process that creates them sets the application id in the same transaction.
  const tables = count(database);
  const version = pragma(database, "user_version");
  if (tables > 0 && pragma(database, "application_id") !== APPLICATION_ID) {
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
  // Only before the first table: it lets pruning give space back to the disk.
  if (tables === 0) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  database.exec("PRAGMA journal_mode = WAL");
  if (tables === 0 || version < VERSION) transact(database, () => upgrade(database));
}

/** Asks again inside the transaction, because another process may have been faster. */
function upgrade(database: Database): void {
  if (count(database) === 0) database.exec(`${DELIVERIES} ${REST} ${EVENTS} ${SEEN} ${STAMP}`);
  for (let version = pragma(database, "user_version"); version < VERSION; version++) {
    database.exec(MIGRATIONS.get(version) ?? "");
    database.exec(`PRAGMA user_version = ${version + 1}`);
  }
}

function count(database: Database): number {
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_master").get([]) as { tables: number };
  return tables;
}

export function pragma(database: Database, name: string): number {
  return Number((database.prepare(`PRAGMA ${name}`).get([]) as Record<string, number>)[name]);
}
