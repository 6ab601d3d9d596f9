/** Reads deliveries from the SQLite store page by page. Malformed rows are returned as such instead of stopping the read. */
import { isArrayBuffer, isUint8Array } from "node:util/types";

import type { Database, Statement } from "libsql";

import { Delivery, type Verdict } from "../store.ts";

/** A row that another program wrote or damaged. */
export interface Malformed {
  /** The id of the delivery. */
  id: string;
  /** What is wrong: `headers are not a JSON list`. */
  malformed: string;
}

/** Selects deliveries; the result is oldest first. */
export interface Range {
  /** Only this many of the newest. */
  newest?: number;
  /** Only deliveries after this id. */
  after?: string;
}

/** Limits of a page. A single row can be larger. */
const PAGE_ROWS = 64;
const PAGE_BYTES = 1024 * 1024;

const VERDICTS: ReadonlySet<unknown> = new Set<Verdict>(["accepted", "duplicate", "rejected"]);
/** The last millisecond that a `Date` can represent. */
const LAST_TIME = 8.64e15;

// As text, because a JavaScript number cannot represent every id.
const COLUMNS = "CAST(id AS TEXT) AS key, received_at, headers, body, verdict, reason";

/** A row as read from the file, unchecked. */
interface Row {
  key: string;
  received_at: unknown;
  headers: unknown;
  body: unknown;
  verdict: unknown;
  reason: unknown;
}

/** Each query ends before its page is returned, so that a slow reader does not hold a snapshot of the database. */
export class Rows {
  readonly #database: Database;
  readonly #fitting: Statement;
  readonly #page: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#fitting = database.prepare(
      `SELECT count(*) AS fitting FROM (SELECT sum(size) OVER (ORDER BY id) AS total FROM
       (SELECT id, octet_length(headers) + octet_length(body) AS size
       FROM deliveries WHERE id > ? AND id <= ? ORDER BY id LIMIT ${PAGE_ROWS})) WHERE total <= ${PAGE_BYTES}`,
    );
    this.#page = database.prepare(`SELECT ${COLUMNS} FROM deliveries WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`);
  }

  one(id: string): Delivery | Malformed | undefined {
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM deliveries WHERE id = ?`).get([id]);
    return row === undefined ? undefined : read(row as Row);
  }

  /** The id of the newest row. */
  lastId(): string | undefined {
    return this.#id("SELECT CAST(id AS TEXT) AS key FROM deliveries ORDER BY id DESC LIMIT 1", []);
  }

  /** The number of rows, and when the oldest was received. */
  held(): { deliveries: number; oldest?: number } {
    const { deliveries } = this.#database.prepare("SELECT count(*) AS deliveries FROM deliveries").get([]) as {
      deliveries: number;
    };
    const first = this.#database.prepare("SELECT min(received_at) AS oldest FROM deliveries").get([]);
    const { oldest } = first as { oldest: number | null };
    return { deliveries, ...(oldest === null ? {} : { oldest }) };
  }

  /** The rows that exist now; rows added during the iteration are not included. */
  *of({ newest, after }: Range): IterableIterator<Delivery | Malformed> {
    const end = this.lastId();
    if (end === undefined) return;
    // The smallest id in SQLite, so that every row is after it.
    let at = after ?? this.#before(newest) ?? "-9223372036854775808";
    for (;;) {
      const { fitting } = this.#fitting.get([at, end]) as { fitting: number };
      const rows = this.#page.all([at, end, Math.max(1, fitting)]) as Row[];
      for (const row of rows) yield read(row);
      const last = rows.at(-1);
      if (last === undefined) return;
      at = last.key;
    }
  }

  /** The id of the row before the newest `newest` rows. */
  #before(newest: number | undefined): string | undefined {
    if (newest === undefined) return undefined;
    return this.#id("SELECT CAST(id AS TEXT) AS key FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET ?", [newest]);
  }

  #id(query: string, parameters: unknown[]): string | undefined {
    return (this.#database.prepare(query).get(parameters) as { key: string } | undefined)?.key;
  }
}

export function isMalformed(row: Delivery | Malformed): row is Malformed {
  return "malformed" in row;
}

function read({ key: id, received_at: receivedAt, body, reason, ...texts }: Row): Delivery | Malformed {
  const [headers, bytes] = [listIn(texts.headers), bytesIn(body)];
  if (headers === undefined || !headers.every(isHeader)) return { id, malformed: "headers are not a JSON list" };
  if (bytes === undefined) return { id, malformed: "body is not binary" };
  if (!VERDICTS.has(texts.verdict)) return { id, malformed: "verdict is unknown to this version" };
  if (reason !== null && typeof reason !== "string") return { id, malformed: "rejection reason is not text" };
  if (typeof receivedAt !== "number" || Math.abs(receivedAt) > LAST_TIME) {
    return { id, malformed: "time is invalid" };
  }
  return new Delivery({
    id,
    receivedAt,
    headers: headers as Delivery["headers"],
    body: bytes,
    verdict: texts.verdict as Verdict,
    ...(reason === null ? {} : { reason }),
  });
}

/** libsql returns a blob as `Uint8Array` for a single row and as `ArrayBuffer` for several. */
function bytesIn(body: unknown): Uint8Array | undefined {
  if (isUint8Array(body)) return body;
  return isArrayBuffer(body) ? Buffer.from(body) : undefined;
}

function listIn(text: unknown): unknown[] | undefined {
  try {
    const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(header: unknown): boolean {
  return Array.isArray(header) && typeof header[0] === "string" && typeof header[1] === "string";
}
