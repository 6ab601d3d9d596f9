/** The store on disk: one SQLite file in WAL mode. Deliveries that arrive together share one fsync. */
import { closeSync, existsSync, openSync, statSync } from "node:fs";

import type Database from "libsql";

import { reasonOf, systemCode, UnavailableError, UsageError } from "../errors.ts";
import { judge, SEEN_FOR_MS, type Delivery, type Received, type Recorded, type Store, type Verdict } from "./store.ts";

/** `waHk` in ASCII: the mark by which a file is known to be ours. */
const APPLICATION_ID = 0x7761486b;
const VERSION = 1;
/** Anyone may send refused deliveries, so only the newest are kept. */
const REFUSED_KEPT = 200;
const BUSY_MS = 5000;

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
  CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/** The headers that could carry somebody's secret; Meta sends none of them. */
const SECRET_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

interface Row {
  id: number;
  received_at: number;
  headers: string;
  body: Uint8Array;
  verdict: Verdict;
  refusal: string | null;
  events: string;
}

interface Waiting {
  delivery: Received;
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

/**
 * Opens the store in `file` and makes it first when it does not exist (mode 0600).
 * Throws a `UsageError` for a file that is no store, is damaged, was made by a newer wa-hook or cannot be written; the file stays as it is.
 */
export async function openStore(file: string): Promise<Store> {
  const { default: Libsql } = await loadLibsql();
  try {
    closeSync(openSync(file, "a", 0o600));
    const database = new Libsql(file, { timeout: BUSY_MS });
    try {
      prepare(database, file);
      return new SqliteStore(database, file);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw explain(error, file);
  }
}

/** Opens a store that must be there already. */
export async function openExistingStore(file: string): Promise<Store> {
  if (!existsSync(file) || statSync(file).size === 0) {
    throw new UsageError(`nothing is recorded yet: ${file} does not exist`, {
      code: "store.missing",
      hint: "start wa-hook listen, which records what it receives, or name another file with --store",
    });
  }
  return openStore(file);
}

function prepare(database: Database.Database, file: string): void {
  // Tables first: another process that is just making them marks the file in the same transaction.
  const count = database.prepare("SELECT count(*) AS tables FROM sqlite_master").get([]);
  const { tables } = count as { tables: number };
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  if (tables > 0 && application !== APPLICATION_ID) {
    throw new UsageError(`${file} is a database of another program`, {
      code: "store.foreign",
      hint: "name another file with --store; this one was left as it is",
    });
  }
  if (version > VERSION) {
    throw new UsageError(`${file} was made by a newer wa-hook (store version ${version}, this one knows ${VERSION})`, {
      code: "store.newer",
      hint: "update with npm install wa-hook@latest, or name another file with --store; this one was left as it is",
    });
  }
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  if (tables === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
  database.prepare("DELETE FROM seen WHERE at < ?").run([Date.now() - SEEN_FOR_MS]);
}

function pragma(database: Database.Database, name: string): number {
  return Number((database.prepare(`PRAGMA ${name}`).get([]) as Record<string, number>)[name]);
}

class SqliteStore implements Store {
  readonly #database: Database.Database;
  readonly #file: string;
  readonly #insert: Database.Statement;
  readonly #see: Database.Statement;
  readonly #forget: Database.Statement;
  #waiting: Waiting[] = [];
  #flushed: Promise<void> | undefined;

  constructor(database: Database.Database, file: string) {
    this.#database = database;
    this.#file = file;
    // Parameters always go in an array: libsql takes a lone object for named ones and aborts the process when they are not.
    this.#insert = database.prepare(
      "INSERT INTO deliveries (received_at, headers, body, verdict, refusal, events) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#see = database.prepare(
      `INSERT INTO seen (key, at) VALUES (?, ?)
       ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE at < excluded.at - ${SEEN_FOR_MS}`,
    );
    this.#forget = database.prepare(
      `DELETE FROM deliveries WHERE verdict = 'refused' AND id <=
       (SELECT id FROM deliveries WHERE verdict = 'refused' ORDER BY id DESC LIMIT 1 OFFSET ${REFUSED_KEPT})`,
    );
  }

  record(delivery: Received): Promise<Recorded> {
    this.#flushed ??= new Promise((done) => {
      // After the requests that are already readable: they all go into one transaction, with one fsync.
      setImmediate(() => {
        this.#flush();
        done();
      });
    });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ delivery, resolve, reject });
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#flushed = undefined;
    const recorded: Recorded[] = [];
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const { delivery } of batch) recorded.push(this.#write(delivery));
      if (batch.some(({ delivery }) => delivery.refusal !== undefined)) this.#forget.run([]);
      this.#database.exec("COMMIT");
    } catch (error) {
      // A full disk has rolled back by itself.
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      const explained = explain(error, this.#file);
      for (const { reject } of batch) reject(explained);
      return;
    }
    for (const [index, { resolve }] of batch.entries()) resolve(recorded[index] as Recorded);
  }

  #write(delivery: Received): Recorded {
    const { receivedAt, headers, body, refusal, events } = delivery;
    const verdict = judge(delivery, (key) => this.#see.run([key, receivedAt]).changes > 0);
    const kept = headers.map(([name, value]) => [name, SECRET_HEADERS.has(name.toLowerCase()) ? "(not kept)" : value]);
    const row = [receivedAt, JSON.stringify(kept), body, verdict, refusal ?? null, JSON.stringify(events)];
    return { id: String(this.#insert.run(row).lastInsertRowid), verdict };
  }

  get(id: string): Delivery | undefined {
    return this.#one("SELECT * FROM deliveries WHERE id = ?", [id]);
  }

  last(): Delivery | undefined {
    return this.#one("SELECT * FROM deliveries ORDER BY id DESC LIMIT 1", []);
  }

  *deliveries(newest = -1): IterableIterator<Delivery> {
    const query = "SELECT id FROM deliveries ORDER BY id DESC LIMIT ?";
    const ids = (this.#read(() => this.#database.prepare(query).all([newest])) as { id: number }[]).toReversed();
    for (const { id } of ids) {
      const delivery = this.get(String(id));
      if (delivery !== undefined) yield delivery;
    }
  }

  #one(query: string, parameters: unknown[]): Delivery | undefined {
    const row = this.#read(() => this.#database.prepare(query).get(parameters)) as Row | undefined;
    return row === undefined ? undefined : fromRow(row);
  }

  #read<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw explain(error, this.#file);
    }
  }

  async close(): Promise<void> {
    await this.#flushed;
    this.#database.close();
  }
}

function fromRow({ id, received_at, headers, body, verdict, refusal, events }: Row): Delivery {
  return {
    id: String(id),
    receivedAt: received_at,
    headers: JSON.parse(headers) as Delivery["headers"],
    body,
    verdict,
    events: JSON.parse(events) as Delivery["events"],
    ...(refusal === null ? {} : { refusal }),
  };
}

async function loadLibsql(): Promise<{ default: typeof Database }> {
  try {
    return await import("libsql");
  } catch (cause) {
    throw new UnavailableError(`the store's native part is not installed for ${process.platform}-${process.arch}`, {
      code: "store.native",
      hint: "install again without --omit=optional, or listen with --no-record",
      cause,
    });
  }
}

/** What SQLite or the system refused, in words; anything unknown stays what it was. */
function explain(error: unknown, file: string): unknown {
  const code = systemCode(error) ?? "";
  const text = reasonOf(error);
  const usage = (message: string, name: string, hint: string) =>
    new UsageError(message, { code: `store.${name}`, hint, cause: error });
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) {
    const hint = "move it away or name another file with --store; it was left as it is";
    return usage(`${file} is damaged or is not a wa-hook store`, "corrupt", hint);
  }
  if (code === "SQLITE_FULL" || code.startsWith("SQLITE_IOERR")) {
    return usage(
      `${file} cannot be written: ${text}`,
      "full",
      "free some space on that disk, or name another file with --store",
    );
  }
  if (code.startsWith("SQLITE_BUSY")) {
    return usage(`${file} is locked by another program`, "busy", "end that program, or name another file with --store");
  }
  if (["EACCES", "EPERM", "EROFS"].includes(code) || code.startsWith("SQLITE_READONLY")) {
    return usage(`${file} is read-only`, "read-only", "make it writable, or name another file with --store");
  }
  if (["ENOENT", "ENOTDIR", "EISDIR"].includes(code) || /unable to open/i.test(text)) {
    return usage(`${file} cannot be opened: ${text}`, "unopenable", "name a file in a folder that exists with --store");
  }
  return error;
}
