/** Finds deliveries in a shared store, which has no index of events: it reads the stream from the newest back, page by page. */
import { eventRowsOf } from "../event-rows.ts";
import { isMatch } from "../match.ts";
import type { Customer, Kinded, Query } from "../query.ts";
import { isMalformed, type Malformed } from "../sqlite/rows.ts";
import type { Delivery } from "../store.ts";
import { isImported, START, type Entries } from "./entries.ts";
import type { Forwards } from "./forwards.ts";

/** What is read for customers and kinds; older ones are found by their filters. */
const LOOKED_AT = 20_000;
/** Replicas have clocks of their own, so that the stream is only nearly in the order of time. */
const CLOCKS_MS = 60_000;
/** Results that are read again at a time: only their ids are kept while the rest is found. */
const GROUP = 32;

export class Search {
  readonly #entries: Entries;
  readonly #forwards: Forwards;

  constructor(entries: Entries, forwards: Forwards) {
    this.#entries = entries;
    this.#forwards = forwards;
  }

  /** Oldest first. */
  async *find(query: Query): AsyncGenerator<Delivery | Malformed, void, void> {
    const { newest, after = START, before } = query;
    if (isUnconditional(query) && before === undefined) {
      yield* this.#entries.of({ after, ...(newest === undefined ? {} : { newest }) });
      return;
    }
    if (newest === undefined && query.since === undefined && before === undefined) {
      for await (const row of this.#entries.of({ after })) if (await this.#isMatch(row, query)) yield row;
      return;
    }
    const ids: string[] = [];
    for await (const { id } of this.#backwards(query)) if (ids.push(id) === newest) break;
    ids.reverse();
    for (let at = 0; at < ids.length; at += GROUP) {
      const rows = await Promise.all(ids.slice(at, at + GROUP).map((id) => this.#entries.one(id)));
      for (const row of rows) if (row !== undefined) yield row;
    }
  }

  /** Stops at `atMost`. */
  async count(query: Query, atMost = Infinity): Promise<number> {
    let count = 0;
    for await (const _ of this.#backwards(query)) if (++count >= atMost) break;
    return count;
  }

  /** Those of the newest deliveries, newest first. */
  async customers(limit: number): Promise<Customer[]> {
    const found = new Map<string, Customer>();
    for await (const row of this.#newest()) {
      for (const { customer, outgoing } of eventRowsOf(row)) {
        if (customer === undefined) continue;
        const known = found.get(customer) ?? { customer, incoming: 0, events: 0, last: row.id };
        found.set(customer, known);
        known.events++;
        if (!outgoing) known.incoming++;
      }
    }
    return [...found.values()].slice(0, limit);
  }

  /** Those of the newest deliveries. */
  async kinds(): Promise<Kinded[]> {
    const found = new Map<string, Kinded>();
    for await (const row of this.#newest()) {
      for (const { kind } of eventRowsOf(row)) found.set(`${kind.group} ${kind.kind} ${kind.field}`, kind);
    }
    return [...found.values()].map(({ group, kind, field }) => ({ group, kind, field }));
  }

  async *#newest(): AsyncGenerator<Delivery, void, void> {
    let count = 0;
    for await (const row of this.#entries.backwards({})) {
      if (!isMalformed(row)) yield row;
      if (++count === LOOKED_AT) return;
    }
  }

  /** What meets the conditions, newest first. */
  async *#backwards(query: Query): AsyncGenerator<Delivery | Malformed, void, void> {
    const { after = START, before, since = Number.NEGATIVE_INFINITY } = query;
    for await (const row of this.#entries.backwards({ after, ...(before === undefined ? {} : { before }) })) {
      if (!isMalformed(row) && !isImported(row) && row.receivedAt < since - CLOCKS_MS) return;
      if (await this.#isMatch(row, query)) yield row;
    }
  }

  async #isMatch(row: Delivery | Malformed, query: Query): Promise<boolean> {
    if (isUnconditional(query)) return true;
    return !isMalformed(row) && isMatch(row, query, (id) => this.#forwards.of(id));
  }
}

function isUnconditional({ kinds, customer, direction, since, until, status, search }: Query): boolean {
  return [kinds, customer, direction, since, until, status, search].every((each) => each === undefined);
}
