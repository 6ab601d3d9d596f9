/** One transaction: a batch of deliveries, judged and inserted, through the prepared statements of one open database. */
import type { Database, Statement } from "libsql";

import type { Seen } from "./seen.ts";
import { judge, type Received, type Recorded } from "./store.ts";

/** Anyone may send refused deliveries, so only the newest are kept: so many, and so many bytes. */
const REFUSED_KEPT = 200;
export const REFUSED_BYTES_KEPT = 16 * 1024 * 1024;

/** Writing waits this long for another process inside SQLite, which stops everything else meanwhile; in milliseconds. */
export const BUSY_MS = 20;

/** The headers that could carry somebody's secret; Meta sends none of them. */
const SECRET_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

export class BatchWriter {
  readonly #database: Database;
  readonly #seen: Seen;
  readonly #begin: Statement;
  readonly #insert: Statement;
  readonly #forget: Statement;
  readonly #see: Statement;
  readonly #seenSince: Statement;
  readonly #commit: Statement;
  /** Up to this row of the table `seen`, `#seen` has what it holds. */
  #lastSeen = 0;
  #waitsLess = false;

  /** The tables must be there. */
  constructor(database: Database, seen: Seen) {
    this.#database = database;
    this.#seen = seen;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#insert = database.prepare(
      "INSERT INTO deliveries (received_at, headers, body, verdict, refusal, events) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#forget = database.prepare(
      `DELETE FROM deliveries WHERE verdict = 'refused' AND id <=
       (SELECT max(id) FROM
        (SELECT id, row_number() OVER newest AS place, sum(length(body) + length(headers)) OVER newest AS bytes
         FROM deliveries WHERE verdict = 'refused' WINDOW newest AS (ORDER BY id DESC))
        WHERE place > ${REFUSED_KEPT} OR bytes > ${REFUSED_BYTES_KEPT})`,
    );
    this.#see = database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)");
    this.#seenSince = database.prepare("SELECT id, at, keys FROM seen WHERE id > ? ORDER BY id");
    this.#commit = database.prepare("COMMIT");
  }

  /**
   * Throws what SQLite throws, and then nothing has happened. `confirm` is called when the batch is on disk, and may throw too; the
   * events are as if they had not been seen then.
   */
  write(batch: readonly Received[], confirm: () => void): Recorded[] {
    const fresh: string[] = [];
    try {
      // Parameters always go in an array: libsql takes a lone object for named ones and aborts the process when they are not.
      this.#waitLess();
      this.#begin.run([]);
      this.catchUp();
      const recorded = batch.map((delivery) => this.#insertOne(delivery, fresh));
      if (recorded.some(({ verdict }) => verdict === "refused")) this.#forget.run([]);
      const seen = fresh.length > 0 ? this.#see.run([Date.now(), JSON.stringify(fresh)]) : undefined;
      this.#commit.run([]);
      confirm();
      // Not before: a number that was rolled back may be another process's next.
      if (seen !== undefined) this.#lastSeen = Number(seen.lastInsertRowid);
      return recorded;
    } catch (error) {
      for (const key of fresh) this.#seen.forget(key);
      // A full disk has rolled back by itself.
      if (this.#database.open && this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Who only reads may wait longer. */
  #waitLess(): void {
    if (this.#waitsLess) return;
    this.#database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    this.#waitsLess = true;
  }

  /** Reads what is new in the table `seen`: everything at first, which takes a while, then what other processes have added. */
  catchUp(): void {
    const rows = this.#seenSince.iterate([this.#lastSeen]) as IterableIterator<{
      id: number;
      at: number;
      keys: string;
    }>;
    for (const { id, at, keys } of rows) {
      for (const key of readKeys(keys)) this.#seen.see(key, at);
      this.#lastSeen = id;
    }
  }

  /** Adds to `fresh` the keys that had not been seen. */
  #insertOne(delivery: Received, fresh: string[]): Recorded {
    const { receivedAt, headers, body, refusal, events } = delivery;
    const verdict = judge(delivery, (key) => {
      const isNew = this.#seen.see(key, receivedAt);
      if (isNew) fresh.push(key);
      return isNew;
    });
    const row = [
      receivedAt,
      JSON.stringify(withoutSecrets(headers)),
      body,
      verdict,
      refusal ?? null,
      JSON.stringify(events),
    ];
    return { id: String(this.#insert.run(row).lastInsertRowid), verdict };
  }
}

/** The keys of a row; none of a row that somebody else wrote: at worst, a duplicate is then taken for new. */
function readKeys(json: string): string[] {
  try {
    const keys: unknown = JSON.parse(json);
    return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}

function withoutSecrets(headers: Received["headers"]): Received["headers"] {
  if (!headers.some(isSecret)) return headers;
  return headers.map((header) => (isSecret(header) ? [header[0], "(not kept)"] : header));
}

function isSecret([name]: [name: string, value: string]): boolean {
  return SECRET_HEADERS.has(name.toLowerCase());
}
