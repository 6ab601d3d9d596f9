/** Reads deliveries out of the SQLite store a page at a time, and tells of a row that is none instead of stopping at it. */
import { isArrayBuffer, isUint8Array } from "node:util/types";

import type { Database, Statement } from "libsql";

import type { Delivery, Verdict } from "./store.ts";

/** A row that somebody else wrote or damaged. */
export interface Malformed {
  id: string;
  /** What is wrong with it, for the end of a sentence: `its headers are not JSON`. */
  malformed: string;
}

/** Which deliveries, the oldest first. */
export interface Range {
  /** So many of the newest. */
  newest?: number;
  /** What came after that id. */
  after?: string;
}

/** A page holds no more rows, and (but for a single larger row) no more bytes. */
const PAGE_ROWS = 64;
const PAGE_BYTES = 1024 * 1024;

const VERDICTS: ReadonlySet<unknown> = new Set<Verdict>(["accepted", "duplicate", "refused"]);
/** The last millisecond that a `Date` knows. */
const LAST_TIME = 8.64e15;

// As text, because a number of JavaScript does not hold every id.
const COLUMNS = "CAST(id AS TEXT) AS key, received_at, headers, body, verdict, refusal, events";

/** As it comes from the file: nothing about it is certain. */
interface Row {
  key: string;
  received_at: unknown;
  headers: unknown;
  body: unknown;
  verdict: unknown;
  refusal: unknown;
  events: unknown;
}

/** Each query is over before its page is handed on, so that a reader who takes hours holds no snapshot of the database. */
export class Rows {
  readonly #database: Database;
  readonly #fitting: Statement;
  readonly #page: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#fitting = database.prepare(
      `SELECT count(*) AS fitting FROM (SELECT sum(size) OVER (ORDER BY id) AS total FROM
       (SELECT id, octet_length(headers) + octet_length(body) + octet_length(events) AS size
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

  /** What is there now; what comes while it is read is not among it. */
  *of({ newest, after }: Range): IterableIterator<Delivery | Malformed> {
    const end = this.lastId();
    if (end === undefined) return;
    // SQLite's smallest id, so that every row is after it.
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

  /** The id of the row before so many of the newest. */
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

function read({ key: id, received_at: receivedAt, body, verdict, refusal, ...texts }: Row): Delivery | Malformed {
  const [headers, events, bytes] = [listIn(texts.headers), listIn(texts.events), bytesIn(body)];
  if (headers === undefined || !headers.every(isHeader)) return { id, malformed: "its headers are not a list in JSON" };
  if (events === undefined || !events.every(isEvent)) return { id, malformed: "its events are not a list in JSON" };
  if (bytes === undefined) return { id, malformed: "its body is not a row of bytes" };
  if (!VERDICTS.has(verdict)) return { id, malformed: "its verdict is none that wa-hook knows" };
  if (refusal !== null && typeof refusal !== "string") return { id, malformed: "its refusal is not text" };
  if (typeof receivedAt !== "number" || Math.abs(receivedAt) > LAST_TIME) {
    return { id, malformed: "its time is none" };
  }
  return {
    id,
    receivedAt,
    headers: headers as Delivery["headers"],
    body: bytes,
    verdict: verdict as Verdict,
    events: events as Delivery["events"],
    ...(refusal === null ? {} : { refusal }),
  };
}

/** libsql gives a blob as bytes when it is asked for one row, and as their buffer when for several. */
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

const WORDS = ["group", "kind", "field", "path", "summary"];
const MORE_WORDS = ["fix", "id", "from", "to", "name", "key"];

function isEvent(event: unknown): boolean {
  if (typeof event !== "object" || event === null) return false;
  const parts = event as Record<string, unknown>;
  return (
    WORDS.every((key) => typeof parts[key] === "string") &&
    MORE_WORDS.every((key) => parts[key] === undefined || typeof parts[key] === "string")
  );
}
