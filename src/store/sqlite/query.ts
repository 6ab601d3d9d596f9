/** Finds deliveries in the SQLite store: each query walks one index in the order of ids, so that its first page costs little. */
import type { Database } from "libsql";

import type { Customer, Kinded, Query } from "../query.ts";
import type { Delivery } from "../store.ts";
import type { Malformed, Rows } from "./rows.ts";

const PAGE = 64;
/** More kinds are not merged from the index of kinds; all events are read then. */
const MAX_MERGED = 50;
const MOST = Number.MAX_SAFE_INTEGER;
const [FIRST, LAST] = ["-9223372036854775808", "9223372036854775807"];

/** A statement that selects ids of deliveries, in any order, each once. */
export interface Selection {
  sql: string;
  parameters: unknown[];
}

/** Ids that come into question: after `after`, up to `end`. */
interface Bounds {
  after: string;
  end: string;
}

/** A query with the kinds as the index has them. */
export type Resolved = Omit<Query, "kinds" | "after" | "before" | "newest"> & { kinds?: readonly number[] };

export class Queries {
  readonly #database: Database;
  readonly #rows: Rows;

  constructor(database: Database, rows: Rows) {
    this.#database = database;
    this.#rows = rows;
  }

  /** Oldest first. Deliveries recorded during the iteration are not included. */
  *find(query: Query): IterableIterator<Delivery | Malformed> {
    const { newest, after } = query;
    if (isUnconditional(query)) {
      yield* this.#rows.of({ ...(newest === undefined ? {} : { newest }), ...(after === undefined ? {} : { after }) });
      return;
    }
    const bounds = this.#bounds(query);
    const resolved = this.#resolve(query);
    if (bounds === undefined || resolved === undefined) return;
    let at = newest === undefined ? bounds.after : (this.#idBefore(newest, resolved, bounds) ?? bounds.after);
    for (;;) {
      const page = this.#ids(resolved, { ...bounds, after: at });
      for (const id of page) {
        const row = this.#rows.one(id);
        if (row !== undefined) yield row;
      }
      const last = page.at(-1);
      if (last === undefined) return;
      at = last;
    }
  }

  /** The number of deliveries, whatever `newest` is. Stops counting at `atMost` where each has to be looked at. */
  count(query: Query, atMost = MOST): number {
    const { status, since, until, newest: _, ...others } = query;
    const isByTime = others.after === undefined && isUnconditional(others);
    if (isByTime && status === undefined) {
      if (since === undefined && until === undefined) return this.#total(COUNT, []);
      return this.#total(COUNT_BY_TIME, [lower(since), upper(until)]);
    }
    // The rest, because it is far more than those.
    if (isByTime && status === "accepted") {
      const { status: _accepted, ...all } = query;
      return [
        { ...query, status: "rejected" as const },
        { ...query, status: "duplicate" as const },
      ].reduce((rest, each) => rest - this.count(each), this.count(all));
    }
    const bounds = this.#bounds(query);
    const resolved = this.#resolve(query);
    if (bounds === undefined || resolved === undefined) return 0;
    const { sql, parameters } = countOf(resolved, bounds);
    return this.#total(sql, [...parameters, atMost]);
  }

  /** The customers with the newest events, newest first. */
  customers(limit: number): Customer[] {
    return this.#database.prepare(CUSTOMERS).all([limit]) as Customer[];
  }

  /** The customers of the newest 20 000 events, newest first. */
  recentCustomers(limit: number): Pick<Customer, "customer" | "last">[] {
    return this.#database.prepare(RECENT_CUSTOMERS).all([limit]) as Pick<Customer, "customer" | "last">[];
  }

  /** The kinds of all events that were ever recorded. */
  kinds(): Kinded[] {
    return this.#kinds().map(({ group, kind, field }) => ({ group, kind, field }));
  }

  #kinds(): (Kinded & { id: number })[] {
    const rows = this.#database.prepare("SELECT id, item, kind, field FROM kinds").all([]);
    return (rows as { id: number; item: Kinded["group"]; kind: string; field: string }[]).map(({ item, ...rest }) => ({
      group: item,
      ...rest,
    }));
  }

  /** Nothing when no event can meet the conditions. */
  #resolve({ kinds: wanted, ...query }: Query): Resolved | undefined {
    if (wanted === undefined) return query;
    const kinds = this.#kinds()
      .filter(wanted)
      .map(({ id }) => id);
    return kinds.length === 0 ? undefined : { ...query, kinds };
  }

  /** Clocks are set back and old deliveries are imported: ids are not always in the order of time. */
  #bounds({ after = FIRST, before, since, until }: Query): Bounds | undefined {
    const upTo = before === undefined ? undefined : BigInt(before) - 1n;
    const earlier = (end: string) => (upTo !== undefined && upTo < BigInt(end) ? String(upTo) : end);
    if (since === undefined && until === undefined) {
      const end = this.#rows.lastId();
      return end === undefined ? undefined : { after, end: earlier(end) };
    }
    const { first, last } = this.#database.prepare(ID_BOUNDS).get([lower(since), upper(until)]) as {
      first: string | null;
      last: string | null;
    };
    if (first === null || last === null) return undefined;
    const start = String(BigInt(first) - 1n);
    return { after: BigInt(start) > BigInt(after) ? start : after, end: earlier(last) };
  }

  #idBefore(newest: number, query: Resolved, bounds: Bounds): string | undefined {
    const { sql, parameters } = pageOf(query, bounds, "DESC");
    const row = this.#database.prepare(sql).get([...parameters, 1, newest]) as { key: string } | undefined;
    return row?.key;
  }

  #ids(query: Resolved, bounds: Bounds): string[] {
    const { sql, parameters } = pageOf(query, bounds, "ASC");
    return (this.#database.prepare(sql).all([...parameters, PAGE, 0]) as { key: string }[]).map(({ key }) => key);
  }

  #total(sql: string, parameters: unknown[]): number {
    return (this.#database.prepare(sql).get(parameters) as { total: number }).total;
  }
}

const COUNT = "SELECT count(*) AS total FROM deliveries";

export const COUNT_BY_TIME = `SELECT count(*) AS total FROM deliveries INDEXED BY deliveries_time
  WHERE received_at >= ? AND received_at < ?`;

export const ID_BOUNDS = `SELECT CAST(min(id) AS TEXT) AS first, CAST(max(id) AS TEXT) AS last
  FROM deliveries INDEXED BY deliveries_time WHERE received_at >= ? AND received_at < ?`;

/** Of the newest events only, so that a large store takes no longer. */
export const RECENT_CUSTOMERS = `SELECT customer, CAST(max(delivery) AS TEXT) AS last FROM
  (SELECT customer, delivery FROM events NOT INDEXED WHERE delivery > ${FIRST} ORDER BY delivery DESC LIMIT 20000)
  WHERE customer IS NOT NULL GROUP BY customer ORDER BY max(delivery) DESC LIMIT ?`;

/** The largest id of a group is that of its newest delivery. */
export const CUSTOMERS = `SELECT customer, sum(outgoing = 0) AS incoming, count(*) AS events,
  CAST(max(delivery) AS TEXT) AS last FROM events INDEXED BY events_customer WHERE customer IS NOT NULL
  GROUP BY customer ORDER BY max(delivery) DESC LIMIT ?`;

/** A page of ids; a limit and an offset follow the parameters. */
export function pageOf(query: Resolved, bounds: Bounds, order: "ASC" | "DESC"): Selection {
  const { sql, parameters } = select(query, bounds);
  return { sql: `SELECT CAST(id AS TEXT) AS key FROM (${sql} ORDER BY id ${order} LIMIT ? OFFSET ?)`, parameters };
}

/** The number of ids; the number at which counting stops follows the parameters. */
export function countOf(query: Resolved, bounds: Bounds): Selection {
  const { sql, parameters } = select(query, bounds);
  return { sql: `SELECT count(*) AS total FROM (${sql} ORDER BY id LIMIT ?)`, parameters };
}

/** The condition that fewest deliveries meet chooses the index; the others are checked for each of its rows. */
function select(query: Resolved, bounds: Bounds): Selection {
  const { status, kinds, customer, search } = query;
  const range = [bounds.after, bounds.end];
  if (status === "rejected" || status === "duplicate") {
    const rest = all(receivedIn("d.", query), someEvent("d.id", query));
    // As text, so that SQLite knows that the partial index fits.
    const from = `deliveries AS d INDEXED BY deliveries_${status} WHERE d.verdict = '${status}'`;
    return {
      sql: `SELECT d.id AS id FROM ${from} AND d.id > ? AND d.id <= ?${rest.sql}`,
      parameters: [...range, ...rest.parameters],
    };
  }
  if (status === "failed") return byForward("forwards_failed", query, range);
  if (customer !== undefined) return grouped(byEvent("INDEXED BY events_customer", query, range));
  if (kinds !== undefined && kinds.length <= MAX_MERGED) {
    const [first, ...more] = kinds.map((kind) => byEvent("INDEXED BY events_kind", { ...query, kinds: [kind] }, range));
    if (first !== undefined) return more.length === 0 ? grouped(first) : more.reduce(union, first);
  }
  if (kinds !== undefined || search !== undefined)
    return grouped(byEvent("INDEXED BY sqlite_autoindex_events_1", query, range));
  if (status === "pending" || status === "delivered") return byForward("forwards_delivery", query, range);
  const rest = receivedIn("d.", query);
  return {
    sql: `SELECT d.id AS id FROM deliveries AS d NOT INDEXED WHERE d.id > ? AND d.id <= ?${all(rest).sql}`,
    parameters: [...range, ...rest.parameters],
  };
}

function byForward(index: string, query: Resolved, range: string[]): Selection {
  const rest = all(delivered("f.delivery", query), someEvent("f.delivery", query));
  const from = `forwards AS f INDEXED BY ${index} WHERE f.state = '${query.status}'`;
  return {
    sql: `SELECT f.delivery AS id FROM ${from} AND f.delivery > ? AND f.delivery <= ?${rest.sql} GROUP BY f.delivery`,
    parameters: [...range, ...rest.parameters],
  };
}

/** Once for each event. */
function byEvent(index: string, query: Resolved, range: string[]): Selection {
  const rest = all(eventIs(query), delivered("e.delivery", query), someForward("e.delivery", query));
  return {
    sql: `SELECT e.delivery AS id FROM events AS e ${index} WHERE e.delivery > ? AND e.delivery <= ?${rest.sql}`,
    parameters: [...range, ...rest.parameters],
  };
}

/** Unlike `DISTINCT`, it needs no memory for what was found before. */
function grouped({ sql, parameters }: Selection): Selection {
  return { sql: `${sql} GROUP BY e.delivery`, parameters };
}

/** Ordered selections are merged without sorting. */
function union(one: Selection, other: Selection): Selection {
  return { sql: `${one.sql} UNION ${other.sql}`, parameters: [...one.parameters, ...other.parameters] };
}

/** Conditions on one row, each with `AND` before it. */
function all(...conditions: Selection[]): Selection {
  const some = conditions.filter(({ sql }) => sql !== "");
  return {
    sql: some.map(({ sql }) => ` AND ${sql}`).join(""),
    parameters: some.flatMap(({ parameters }) => parameters),
  };
}

const NONE: Selection = { sql: "", parameters: [] };

function eventIs({ kinds, customer, direction, search }: Resolved): Selection {
  const list = kinds?.map(() => "?").join(", ");
  const { sql, parameters } = all(
    customer === undefined ? NONE : { sql: "e.customer = ?", parameters: [customer] },
    direction === undefined ? NONE : { sql: "e.outgoing = ?", parameters: [direction === "to" ? 1 : 0] },
    kinds === undefined
      ? NONE
      : { sql: kinds.length === 1 ? "e.kind = ?" : `e.kind IN (${list})`, parameters: [...kinds] },
    search === undefined ? NONE : { sql: "instr(e.search, ?) > 0", parameters: [search.toLowerCase()] },
  );
  return { sql: sql.replace(" AND ", ""), parameters };
}

function someEvent(id: string, query: Resolved): Selection {
  const { sql, parameters } = eventIs(query);
  if (sql === "") return NONE;
  return { sql: `EXISTS (SELECT 1 FROM events AS e NOT INDEXED WHERE e.delivery = ${id} AND ${sql})`, parameters };
}

function someForward(id: string, { status }: Resolved): Selection {
  if (status !== "pending" && status !== "failed" && status !== "delivered") return NONE;
  return { sql: `EXISTS (SELECT 1 FROM forwards AS f WHERE f.delivery = ${id} AND f.state = ?)`, parameters: [status] };
}

/** What the delivery itself has to be like, where another table is walked. */
function delivered(id: string, query: Resolved): Selection {
  const { sql, parameters } = receivedIn("d.", query);
  if (sql === "") return NONE;
  return { sql: `EXISTS (SELECT 1 FROM deliveries AS d WHERE d.id = ${id} AND ${sql})`, parameters };
}

function receivedIn(table: string, { status, since, until }: Resolved): Selection {
  const isVerdict = status === "accepted" || status === "rejected" || status === "duplicate";
  const { sql, parameters } = all(
    since === undefined ? NONE : { sql: `${table}received_at >= ?`, parameters: [since] },
    until === undefined ? NONE : { sql: `${table}received_at < ?`, parameters: [until] },
    isVerdict ? { sql: `${table}verdict = ?`, parameters: [status] } : NONE,
  );
  return { sql: sql.replace(" AND ", ""), parameters };
}

function lower(time: number | undefined): string | number {
  return time ?? FIRST;
}

function upper(time: number | undefined): string | number {
  return time ?? LAST;
}

function isUnconditional({ kinds, customer, direction, since, until, before, status, search }: Query): boolean {
  return [kinds, customer, direction, since, until, before, status, search].every((each) => each === undefined);
}
