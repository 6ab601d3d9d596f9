/** Writes deliveries into the SQLite store: those that arrive together go into one transaction and share its fsync. */
import type { Database, Statement } from "libsql";

import { Seen } from "./seen.ts";
import { explainStore } from "./store-error.ts";
import { judge, type Received, type Recorded } from "./store.ts";

/** Anyone may send refused deliveries, so only the newest are kept. */
const REFUSED_KEPT = 200;

/** The headers that could carry somebody's secret; Meta sends none of them. */
const SECRET_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

interface Waiting {
  delivery: Received;
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

export class Writer {
  readonly #database: Database;
  readonly #file: string;
  readonly #begin: Statement;
  readonly #insert: Statement;
  readonly #forget: Statement;
  readonly #see: Statement;
  readonly #seenSince: Statement;
  readonly #commit: Statement;
  /** What the table `seen` holds, up to its row `#lastSeen`. */
  readonly #seen = new Seen();
  #lastSeen = 0;
  #waiting: Waiting[] = [];
  #flushed: Promise<void> | undefined;

  /** The tables must be there. */
  constructor(database: Database, file: string) {
    this.#database = database;
    this.#file = file;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#insert = database.prepare(
      "INSERT INTO deliveries (received_at, headers, body, verdict, refusal, events) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#forget = database.prepare(
      `DELETE FROM deliveries WHERE verdict = 'refused' AND id <=
       (SELECT id FROM deliveries WHERE verdict = 'refused' ORDER BY id DESC LIMIT 1 OFFSET ${REFUSED_KEPT})`,
    );
    this.#see = database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)");
    this.#seenSince = database.prepare("SELECT id, at, keys FROM seen WHERE id > ? ORDER BY id");
    this.#commit = database.prepare("COMMIT");
  }

  record(delivery: Received): Promise<Recorded> {
    this.#flushed ??= this.#flushSoon();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ delivery, resolve, reject });
    });
  }

  /** After the requests that are readable already, so that they come along. */
  async #flushSoon(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#flushed = undefined;
    this.#flush(this.#waiting.splice(0));
  }

  #flush(batch: readonly Waiting[]): void {
    const fresh: string[] = [];
    try {
      // Parameters always go in an array: libsql takes a lone object for named ones and aborts the process when they are not.
      this.#begin.run([]);
      this.#catchUp();
      const recorded = batch.map(({ delivery }) => this.#insertOne(delivery, fresh));
      if (recorded.some(({ verdict }) => verdict === "refused")) this.#forget.run([]);
      const seen = fresh.length > 0 ? this.#see.run([Date.now(), JSON.stringify(fresh)]) : undefined;
      this.#commit.run([]);
      // Not before: a number that was rolled back may be another process's next.
      if (seen !== undefined) this.#lastSeen = Number(seen.lastInsertRowid);
      for (const [index, { resolve }] of batch.entries()) resolve(recorded[index] as Recorded);
    } catch (error) {
      // A full disk has rolled back by itself.
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      for (const key of fresh) this.#seen.forget(key);
      const explained = explainStore(error, this.#file);
      for (const { reject } of batch) reject(explained);
    }
  }

  /** Reads what is new in the table `seen`: everything at first, then what other processes have added. */
  #catchUp(): void {
    const rows = this.#seenSince.all([this.#lastSeen]) as { id: number; at: number; keys: string }[];
    for (const { id, at, keys } of rows) {
      for (const key of JSON.parse(keys) as string[]) this.#seen.see(key, at);
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

  /** Resolves when nothing is waiting any more. */
  async flush(): Promise<void> {
    await this.#flushed;
  }
}

function withoutSecrets(headers: Received["headers"]): Received["headers"] {
  if (!headers.some(isSecret)) return headers;
  return headers.map((header) => (isSecret(header) ? [header[0], "(not kept)"] : header));
}

function isSecret([name]: [name: string, value: string]): boolean {
  return SECRET_HEADERS.has(name.toLowerCase());
}
