/** Writes a batch of deliveries in one transaction, through the prepared statements of one open database. */
import type { Database, Statement } from "libsql";

import type { Seen } from "../seen.ts";
import { judge, REJECTED_KEPT, type Received, type Recorded, type Verdict } from "../store.ts";

/** A write waits this long for another process inside SQLite, which blocks the event loop; in milliseconds. */
export const BUSY_MS = 20;

/** Headers that could contain a secret; Meta sends none of them. */
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
  /** The last row of the table `seen` that `#seen` contains. */
  #lastSeen = 0;
  #waitsLess = false;

  /** The tables must exist. */
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
        WHERE place > ${REJECTED_KEPT.deliveries} OR bytes > ${REJECTED_KEPT.bytes})`,
    );
    this.#see = database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)");
    this.#seenSince = database.prepare("SELECT id, at, keys FROM seen WHERE id > ? ORDER BY id");
    this.#commit = database.prepare("COMMIT");
  }

  /**
   * Throws the errors of SQLite and rolls back. `confirm` is called when the batch is on disk and can throw too; the events then count
   * as not seen.
   */
  write(batch: readonly Received[], confirm: () => void): Recorded[] {
    const fresh: string[] = [];
    try {
      // Parameters always go in an array: libsql takes a lone object for named ones and aborts the process when they are not.
      this.#waitLess();
      this.#begin.run([]);
      this.catchUp();
      const recorded = batch.map((delivery) => this.#insertOne(delivery, fresh));
      if (recorded.some(({ verdict }) => verdict === "rejected")) this.#forget.run([]);
      const seen = fresh.length > 0 ? this.#see.run([Date.now(), JSON.stringify(fresh)]) : undefined;
      this.#commit.run([]);
      confirm();
      // Only after the commit: another process can reuse an id that was rolled back.
      if (seen !== undefined) this.#lastSeen = Number(seen.lastInsertRowid);
      return recorded;
    } catch (error) {
      for (const key of fresh) this.#seen.forget(key);
      // SQLite rolls back by itself when the disk is full.
      if (this.#database.open && this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Readers can wait longer than writers. */
  #waitLess(): void {
    if (this.#waitsLess) return;
    this.#database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    this.#waitsLess = true;
  }

  /** Reads the new rows of the table `seen`: all of them at first, then those that other processes added. */
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

  /** Adds the keys that are new to `fresh`. */
  #insertOne(delivery: Received, fresh: string[]): Recorded {
    const { receivedAt, headers, body, reason, events } = delivery;
    const verdict = judge(delivery, (key) => {
      const isNew = this.#seen.see(key, receivedAt);
      if (isNew) fresh.push(key);
      return isNew;
    });
    const row = [
      receivedAt,
      JSON.stringify(withoutSecrets(headers)),
      body,
      storedVerdict(verdict),
      reason ?? null,
      JSON.stringify(events),
    ];
    return { id: String(this.#insert.run(row).lastInsertRowid), verdict };
  }
}

/** Version 1 of the store calls a rejected delivery `refused`. */
function storedVerdict(verdict: Verdict): string {
  return verdict === "rejected" ? "refused" : verdict;
}

/** The keys of a row; empty for a malformed row, which at worst makes a duplicate count as new. */
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
  return headers.map((header) => (isSecret(header) ? [header[0], "(redacted)"] : header));
}

function isSecret([name]: [name: string, value: string]): boolean {
  return SECRET_HEADERS.has(name.toLowerCase());
}
