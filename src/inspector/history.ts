/** Finds recorded deliveries, newest first: through the index of a store on disk, or one by one in memory. */
import type { Query } from "../store/query.ts";
import { isMalformed } from "../store/sqlite/rows.ts";
import type { ReadableStore } from "../store/sqlite/sqlite-store.ts";
import type { Delivery, Store } from "../store/store.ts";
import { eventFilter } from "../webhook/filter.ts";
import { partiesOf } from "../webhook/parties.ts";

/** A query with the list of kinds as typed: `text,failed,account_*`. */
export interface HistoryQuery extends Omit<Query, "kinds" | "newest" | "after"> {
  kind?: string;
}

/** Counting further takes longer than a page is worth. */
const MAX_COUNT = 10_000;
/** How long a request may index what was recorded meanwhile, in milliseconds. */
const INDEXING_MS = 50;

export class History {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  get(id: string): Delivery | undefined {
    // Ids of the store are whole numbers.
    return /^\d{1,19}$/.test(id) ? this.store.get(id) : undefined;
  }

  /** Up to `limit` deliveries. Throws a `UsageError` for a kind that does not exist. */
  find(query: HistoryQuery, limit: number): Delivery[] {
    const { store } = this;
    if (!isReadable(store)) return inMemory(store, query, limit);
    this.#index(store, query);
    const found = [...store.matching({ ...resolved(query, store), newest: limit })];
    return found.filter((row): row is Delivery => !isMalformed(row)).toReversed();
  }

  /** Like `find`, and whether there are more before the last. */
  page(query: HistoryQuery, limit: number): { deliveries: Delivery[]; next?: string } {
    const deliveries = this.find(query, limit + 1);
    if (deliveries.length <= limit) return { deliveries };
    const page = deliveries.slice(0, limit);
    return { deliveries: page, next: page.at(-1)?.id ?? "" };
  }

  /** The number of all that match, whatever `before` is. */
  count(page: HistoryQuery): { value: number; atLeast: boolean } {
    const { store } = this;
    const { before: _, ...query } = page;
    if (!isReadable(store)) return { value: inMemory(store, query, Infinity).length, atLeast: false };
    const value = store.count(resolved(query, store), MAX_COUNT);
    return { value, atLeast: value === MAX_COUNT };
  }

  /** The customers of the newest events, newest first, each with the id of the newest delivery. */
  customers(limit: number): { customer: string; last: string }[] {
    const { store } = this;
    if (isReadable(store)) {
      this.#index(store, { search: "" });
      return store.recentCustomers(limit);
    }
    const found = new Map<string, string>();
    for (const { id, events } of [...store.deliveries()].toReversed()) {
      for (const event of events) {
        const { customer } = partiesOf(event);
        if (customer !== undefined && found.size < limit && !found.has(customer)) found.set(customer, id);
      }
    }
    return [...found].map(([customer, last]) => ({ customer, last }));
  }

  /** What was recorded since the listener was last idle. */
  #index(store: ReadableStore, { kind, customer, search }: HistoryQuery): void {
    if ([kind, customer, search].every((each) => each === undefined)) return;
    const end = performance.now() + INDEXING_MS;
    while (store.indexMore?.() === true && performance.now() < end);
  }
}

function isReadable(store: Store): store is ReadableStore {
  return "matching" in store;
}

function resolved({ kind, ...query }: HistoryQuery, store: ReadableStore): Query {
  return kind === undefined ? query : { ...query, kinds: eventFilter(kind, store.kinds()) };
}

function inMemory(store: Store, query: HistoryQuery, limit: number): Delivery[] {
  const { kind, before, ...rest } = query;
  const kinds = kind === undefined ? undefined : filterOf(kind, store);
  const matches = (delivery: Delivery) =>
    isMatch(delivery, { ...rest, ...(kinds === undefined ? {} : { kinds }) }, store);
  const found: Delivery[] = [];
  for (const delivery of [...store.deliveries()].toReversed()) {
    if (before !== undefined && Number(delivery.id) >= Number(before)) continue;
    if (found.length >= limit) break;
    if (matches(delivery)) found.push(delivery);
  }
  return found;
}

function filterOf(kind: string, store: Store): Query["kinds"] {
  const events = [...store.deliveries()].flatMap((delivery) => delivery.events);
  return eventFilter(kind, events);
}

function isMatch(delivery: Delivery, query: Query, store: Store): boolean {
  const { since, until, status, kinds, customer, direction, search } = query;
  if (since !== undefined && delivery.receivedAt < since) return false;
  if (until !== undefined && delivery.receivedAt >= until) return false;
  if (status !== undefined && delivery.verdict !== status) {
    if (!store.forwardsOf(delivery.id).some(({ state }) => state === status)) return false;
  }
  if ([kinds, customer, search].every((each) => each === undefined)) return true;
  const text = search?.toLowerCase();
  if (delivery.verdict === "rejected") {
    return kinds === undefined && customer === undefined && (delivery.reason ?? "").toLowerCase().includes(text ?? "");
  }
  return delivery.events.some((event) => {
    const parties = partiesOf(event);
    const { summary, name, id, from, to } = event;
    return (
      (kinds === undefined || kinds(event)) &&
      (customer === undefined || parties.customer === customer) &&
      (direction === undefined || parties.outgoing === (direction === "to")) &&
      (text === undefined || [summary, name, id, from, to].some((part) => part?.toLowerCase().includes(text)))
    );
  });
}
