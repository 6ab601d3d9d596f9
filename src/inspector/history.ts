/** Finds recorded deliveries, newest first: in a file, in a shared store or in memory. */
import { Scan, type Browsed } from "../store/browsed.ts";
import type { Forward } from "../store/forward.ts";
import type { Query } from "../store/query.ts";
import { isMalformed } from "../store/sqlite/rows.ts";
import type { Delivery, Store } from "../store/store.ts";
import { eventFilter } from "../webhook/filter.ts";

/** A query with the list of kinds as typed: `text,failed,account_*`. */
export interface HistoryQuery extends Omit<Query, "kinds" | "newest" | "after"> {
  kind?: string;
}

/** Counting further takes longer than a page is worth. */
const MAX_COUNT = 10_000;
/** How long a request may index what was recorded meanwhile, in milliseconds. */
const INDEXING_MS = 50;

/** What the page reads where a listener records: in memory, deliveries are looked through one by one. */
export function browsedOf(store: Store): Browsed {
  if ("matching" in store) return store as Store & Browsed;
  return new Scan({
    get: (id) => store.get(id),
    lastId: () => store.last()?.id,
    forwardsOf: (delivery) => store.forwardsOf(delivery),
    newestFirst: () => [...store.deliveries()].toReversed(),
  });
}

export class History {
  readonly #store: Browsed;

  constructor(store: Browsed) {
    this.#store = store;
  }

  async get(id: string): Promise<Delivery | undefined> {
    // Ids of the store are whole numbers.
    return /^\d{1,19}$/.test(id) ? this.#store.get(id) : undefined;
  }

  /** The id of the newest delivery, whoever recorded it. */
  async lastId(): Promise<string | undefined> {
    return this.#store.lastId();
  }

  async forwardsOf(delivery: string): Promise<Forward[]> {
    return this.#store.forwardsOf(delivery);
  }

  /** Up to `limit` deliveries. Throws a `UsageError` for a kind that does not exist. */
  async find(query: HistoryQuery, limit: number): Promise<Delivery[]> {
    this.#index(query);
    const found: Delivery[] = [];
    for await (const row of this.#store.matching({ ...(await this.#resolved(query)), newest: limit })) {
      if (!isMalformed(row)) found.push(row);
    }
    return found.toReversed();
  }

  /** Like `find`, and whether there are more before the last. */
  async page(query: HistoryQuery, limit: number): Promise<{ deliveries: Delivery[]; next?: string }> {
    const deliveries = await this.find(query, limit + 1);
    if (deliveries.length <= limit) return { deliveries };
    const page = deliveries.slice(0, limit);
    return { deliveries: page, next: page.at(-1)?.id ?? "" };
  }

  /** The number of all that match, whatever `before` is. */
  async count(page: HistoryQuery): Promise<{ value: number; atLeast: boolean }> {
    const { before: _, ...query } = page;
    const value = await this.#store.count(await this.#resolved(query), MAX_COUNT);
    return { value, atLeast: value === MAX_COUNT || this.#store.isPartial === true };
  }

  /** The customers of the newest events, newest first, each with the id of the newest delivery. */
  async customers(limit: number): Promise<{ customer: string; last: string }[]> {
    this.#index({ search: "" });
    return this.#store.recentCustomers(limit);
  }

  /** What was recorded since the listener was last idle. */
  #index({ kind, customer, search }: HistoryQuery): void {
    if ([kind, customer, search].every((each) => each === undefined)) return;
    const end = performance.now() + INDEXING_MS;
    while (this.#store.indexMore?.() === true && performance.now() < end);
  }

  async #resolved({ kind, ...query }: HistoryQuery): Promise<Query> {
    return kind === undefined ? query : { ...query, kinds: eventFilter(kind, await this.#store.kinds()) };
  }
}
