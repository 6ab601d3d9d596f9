/** The index of events, by which recorded deliveries are found. It is derived from them, so it can always be built again. */
import type { Database, Statement } from "libsql";

import { eventRowsOf } from "../event-rows.ts";
import type { Delivery } from "../store.ts";
import { RowInserter } from "./row-inserter.ts";
import { isMalformed, type Malformed, type Rows } from "./rows.ts";
import { transact } from "./transact.ts";

/** To be increased when events are read or indexed in another way: the index is then built again. */
const READER = 1;

/** Limits of one step, which blocks the event loop and other writers. A single delivery can be larger. */
const STEP_DELIVERIES = 200;
const STEP_BYTES = 1024 * 1024;
const STEP_DELETED = 2000;
const MAX_NAME = 100;
/** Kinds come from outside; further ones share a row. */
const MAX_KINDS = 1000;
const OTHER = ["field", "other", "other"];
/** Before every id. */
const START = "-9223372036854775808";

const COLUMNS = ["delivery", "position", "kind", "customer", "outgoing", "search"];

interface State {
  reader: number;
  upto: string;
}

export class EventIndex {
  readonly #database: Database;
  readonly #rows: Rows;
  readonly #state: Statement;
  readonly #inserter: RowInserter;
  readonly #kindIds = new Map<string, number>();

  constructor(database: Database, rows: Rows) {
    this.#database = database;
    this.#rows = rows;
    this.#state = database.prepare("SELECT reader, CAST(upto AS TEXT) AS upto FROM indexed");
    this.#inserter = new RowInserter(database, "events", COLUMNS);
  }

  /** About how many deliveries are not in the index. */
  get behind(): number {
    const { reader, upto } = this.#read();
    const { behind } = this.#database
      .prepare("SELECT max(id) - max(?, min(id) - 1) AS behind FROM deliveries")
      .get([BigInt(reader === READER ? upto : START)]) as { behind: number | null };
    return behind ?? 0;
  }

  /** Adds some deliveries; returns whether there are more. Throws `SQLITE_BUSY` while another process writes. */
  more(): boolean {
    const { reader, upto } = this.#read();
    if (reader !== READER) return this.#emptySome(reader);
    const page = this.#page(upto);
    const last = page.at(-1);
    if (last === undefined) return false;
    // Before the transaction, which keeps others from writing.
    const rows = page.flatMap((row) => (isMalformed(row) ? [] : this.#rowsOf(row)));
    transact(this.#database, () => {
      const now = this.#read();
      // Another process was faster.
      if (now.reader !== READER || now.upto !== upto) return;
      if (rows.length > 0) this.#inserter.insert(rows);
      this.#database.prepare("UPDATE indexed SET upto = ?").run([last.id]);
    });
    return true;
  }

  #read(): State {
    return this.#state.get([]) as State;
  }

  /** The index of another version goes step by step. */
  #emptySome(reader: number): boolean {
    transact(this.#database, () => {
      if (reader !== 0) this.#database.prepare("UPDATE indexed SET reader = 0").run([]);
      const next = this.#database
        .prepare("SELECT CAST(delivery AS TEXT) AS key FROM events ORDER BY delivery, position LIMIT 1 OFFSET ?")
        .get([STEP_DELETED]) as { key: string } | undefined;
      if (next !== undefined) {
        this.#database.prepare("DELETE FROM events WHERE delivery <= ?").run([next.key]);
        return;
      }
      // Kinds stay: other processes know their ids.
      this.#database.exec("DELETE FROM events");
      this.#database.prepare("UPDATE indexed SET reader = ?, upto = ?").run([READER, START]);
    });
    return true;
  }

  #page(after: string): (Delivery | Malformed)[] {
    const page: (Delivery | Malformed)[] = [];
    let bytes = 0;
    for (const row of this.#rows.of({ after })) {
      page.push(row);
      if (!isMalformed(row)) bytes += row.body.length;
      if (page.length >= STEP_DELIVERIES || bytes >= STEP_BYTES) break;
    }
    return page;
  }

  #rowsOf(delivery: Delivery): unknown[] {
    return eventRowsOf(delivery).flatMap(({ kind, customer, outgoing, search }, position) => {
      const id = this.#kindId([kind.group, kind.kind, kind.field]);
      return [delivery.id, position, id, customer ?? null, outgoing ? 1 : 0, search];
    });
  }

  /** Outside the transaction of the caller, so that it holds even if that is rolled back. */
  #kindId(parts: readonly string[]): number {
    const names = (this.#kindIds.size < MAX_KINDS ? parts : OTHER).map((part) => part.slice(0, MAX_NAME));
    const known = this.#kindIds.get(names.join("\n"));
    if (known !== undefined) return known;
    this.#database.prepare("INSERT OR IGNORE INTO kinds (item, kind, field) VALUES (?, ?, ?)").run(names);
    const { id } = this.#database
      .prepare("SELECT id FROM kinds WHERE item = ? AND kind = ? AND field = ?")
      .get(names) as { id: number };
    this.#kindIds.set(names.join("\n"), id);
    return id;
  }
}
