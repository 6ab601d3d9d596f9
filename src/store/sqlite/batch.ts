/** Writes a batch of deliveries and results in one transaction, through the prepared statements of one open database. */
import type { Database, Statement } from "libsql";

import type { Seen } from "../duplicates.ts";
import type { ForwardResult } from "../forward.ts";
import { withoutSecrets } from "../secret-headers.ts";
import { judge, REJECTED_KEPT, type Received, type Recorded, type Verdict } from "../store.ts";
import { RowInserter } from "./row-inserter.ts";
import { transact } from "./transact.ts";

/** A write waits this long for another process inside SQLite, which blocks the event loop; in milliseconds. */
export const BUSY_MS = 20;

/** What a transaction has inserted, so that it can be undone when it does not become durable. */
export interface Written {
  recorded: Recorded[];
  /** The row of the table `seen`; missing when no event was new. */
  seen?: number;
  /** The new keys. */
  fresh: readonly string[];
}

export class BatchWriter {
  readonly #database: Database;
  readonly #seen: Seen;
  readonly #begin: Statement;
  readonly #deliveries: RowInserter;
  readonly #forwards: RowInserter;
  readonly #settle: Statement;
  readonly #forget: Statement;
  readonly #see: Statement;
  readonly #seenSince: Statement;
  readonly #commit: Statement;
  /** The last row of the table `seen` that `#seen` contains. */
  #lastSeen = 0;
  /** The newest forward of this database. */
  lastForward: number;

  /** The tables must exist. */
  constructor(database: Database, seen: Seen) {
    this.#database = database;
    this.#seen = seen;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#deliveries = new RowInserter(database, "deliveries", ["received_at", "headers", "body", "verdict", "reason"]);
    this.#forwards = new RowInserter(database, "forwards", ["delivery", "target"]);
    this.#settle = database.prepare(
      "UPDATE forwards SET state = ?, attempts = ?, at = ?, status = ?, ms = ?, response = ?, next_at = ? WHERE id = ?",
    );
    this.#forget = database.prepare(
      `DELETE FROM deliveries WHERE verdict = 'rejected' AND id <=
       (SELECT max(id) FROM
        (SELECT id, row_number() OVER newest AS place, sum(length(body) + length(headers)) OVER newest AS bytes
         FROM deliveries WHERE verdict = 'rejected' WINDOW newest AS (ORDER BY id DESC))
        WHERE place > ${REJECTED_KEPT.deliveries} OR bytes > ${REJECTED_KEPT.bytes})`,
    );
    this.#see = database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)");
    this.#seenSince = database.prepare("SELECT id, at, keys FROM seen WHERE id > ? ORDER BY id");
    this.#commit = database.prepare("COMMIT");
    const sequence = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'forwards'").get([]);
    this.lastForward = (sequence as { seq: number } | undefined)?.seq ?? 0;
    // Readers can wait longer than writers.
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }

  /**
   * Throws the errors of SQLite and rolls back. `confirm` is called after the commit and can throw too; the events then count as not
   * seen. The commit is visible to other processes, and durable after the next sync of the log.
   */
  write(deliveries: readonly Received[], results: readonly ForwardResult[], confirm: () => void): Written {
    const fresh: string[] = [];
    try {
      // Parameters always go in an array: libsql takes a lone object for named ones and aborts the process when they are not.
      this.#begin.run([]);
      const recorded = deliveries.length === 0 ? [] : this.#record(deliveries, fresh);
      for (const result of results) this.#settle.run(columnsOf(result));
      const seen = fresh.length > 0 ? this.#see.run([Date.now(), JSON.stringify(fresh)]).lastInsertRowid : undefined;
      this.#commit.run([]);
      confirm();
      if (seen === undefined) return { recorded, fresh };
      // Only after the commit: another process can reuse an id that was rolled back.
      this.#lastSeen = Number(seen);
      return { recorded, fresh, seen: this.#lastSeen };
    } catch (error) {
      for (const key of fresh) this.#seen.forget(key);
      // SQLite rolls back by itself when the disk is full.
      if (this.#database.open && this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Forwards get ids after this one: those in memory outlive a database that was lost. */
  continueAfter(forward: number): void {
    this.#begin.run([]);
    this.#database.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'forwards'").run([forward]);
    const missing = "WHERE NOT EXISTS (SELECT * FROM sqlite_sequence WHERE name = 'forwards')";
    this.#database.prepare(`INSERT INTO sqlite_sequence (name, seq) SELECT 'forwards', ? ${missing}`).run([forward]);
    this.#commit.run([]);
  }

  /** Deletes what a transaction has inserted. */
  takeBack({ recorded, seen }: Written): void {
    const remove = (table: string, id: string | number) =>
      this.#database.prepare(`DELETE FROM ${table} WHERE id = ?`).run([id]);
    transact(this.#database, () => {
      for (const { id, forwards } of recorded) {
        remove("deliveries", id);
        for (const forward of forwards) remove("forwards", forward);
      }
      if (seen !== undefined) remove("seen", seen);
    });
  }

  /**
   * Reads new rows of the table `seen`, at most so many: all of them at first, then those that other processes added. Returns whether
   * there may be more.
   */
  catchUp(most = Infinity): boolean {
    const rows = this.#seenSince.iterate([this.#lastSeen]) as IterableIterator<{
      id: number;
      at: number;
      keys: string;
    }>;
    let read = 0;
    for (const { id, at, keys } of rows) {
      for (const key of readKeys(keys)) this.#seen.see(key, at);
      this.#lastSeen = id;
      if (++read >= most) return true;
    }
    return false;
  }

  /** Adds the keys that are new to `fresh`. */
  #record(deliveries: readonly Received[], fresh: string[]): Recorded[] {
    this.catchUp();
    const rows: unknown[] = [];
    const verdicts = deliveries.map((delivery) => {
      const { receivedAt, headers, body, reason } = delivery;
      const verdict = judge(delivery, (key) => {
        const isNew = this.#seen.see(key, receivedAt);
        if (isNew) fresh.push(key);
        return isNew;
      });
      rows.push(receivedAt, JSON.stringify(withoutSecrets(headers)), body, verdict, reason ?? null);
      return verdict;
    });
    const first = this.#deliveries.insert(rows);
    if (verdicts.includes("rejected")) this.#forget.run([]);
    return this.#recordForwards(deliveries, verdicts, first);
  }

  #recordForwards(deliveries: readonly Received[], verdicts: readonly Verdict[], first: number): Recorded[] {
    const rows: unknown[] = [];
    for (const [index, { forwardTo = [] }] of deliveries.entries()) {
      if (verdicts[index] === "accepted") for (const target of forwardTo) rows.push(first + index, target);
    }
    let next = rows.length > 0 ? this.#forwards.insert(rows) : 0;
    this.lastForward = Math.max(this.lastForward, next + rows.length / 2 - 1);
    return deliveries.map(({ forwardTo = [], answered }, index) => {
      const verdict = verdicts[index] as Verdict;
      const forwards = verdict === "accepted" ? forwardTo.map(() => String(next++)) : [];
      const [given] = forwards;
      if (answered !== undefined && given !== undefined) this.#settle.run(columnsOf({ ...answered, id: given }));
      return { id: String(first + index), verdict, forwards };
    });
  }
}

function columnsOf({ id, state, attempts, at, status, ms, response, nextAt }: ForwardResult): unknown[] {
  return [state, attempts, at ?? null, status ?? null, ms ?? null, response ?? null, nextAt ?? null, id];
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
