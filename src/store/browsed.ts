/** What the page reads of the recorded deliveries; without an index, they are looked through from the newest back. */
import { partiesOf } from "../webhook/parties.ts";
import type { Forward } from "./forward.ts";
import { isMatch } from "./match.ts";
import type { Customer, Kinded, Query } from "./query.ts";
import type { RecordedStore, Soon } from "./readable.ts";
import type { Delivery } from "./store.ts";

/** Deliveries whose forwards are asked for together. */
const AT_ONCE = 100;

/** The same for every store, whether it answers at once or a moment later. */
export interface Browsed extends Pick<RecordedStore, "get" | "lastId" | "forwardsOf" | "matching" | "count" | "kinds"> {
  /** The customers of the newest events, newest first. */
  recentCustomers(limit: number): Soon<Pick<Customer, "customer" | "last">[]>;
  /** Adds some deliveries to the index of events; returns whether there are more. Missing without an index. */
  indexMore?(): boolean;
  /** Whether older deliveries are left out of what is found. */
  readonly isPartial?: boolean;
}

/** A store without an index. */
export interface Scanned extends Pick<Browsed, "get" | "lastId" | "isPartial"> {
  forwardsOf(delivery: string): Soon<Forward[]>;
  /** What is looked through, newest first; the same list as long as nothing has changed, where that is known. */
  newestFirst(): Soon<readonly Delivery[]>;
}

export class Scan implements Browsed {
  readonly #scanned: Scanned;
  /** Of the list that was looked through last. */
  #byCustomer: { newest: readonly Delivery[]; found: ReadonlyMap<string, Delivery[]> } | undefined;

  constructor(scanned: Scanned) {
    this.#scanned = scanned;
  }

  get isPartial(): boolean {
    return this.#scanned.isPartial ?? false;
  }

  get(id: string): Soon<Delivery | undefined> {
    return this.#scanned.get(id);
  }

  lastId(): Soon<string | undefined> {
    return this.#scanned.lastId();
  }

  forwardsOf(delivery: string): Soon<Forward[]> {
    return this.#scanned.forwardsOf(delivery);
  }

  /** Oldest first. */
  async *matching(query: Query): AsyncGenerator<Delivery, void, void> {
    const found: Delivery[] = [];
    for await (const delivery of this.#backwards(query)) if (found.push(delivery) === query.newest) break;
    yield* found.toReversed();
  }

  async count(query: Query, atMost = Infinity): Promise<number> {
    let count = 0;
    for await (const _ of this.#backwards(query)) if (++count >= atMost) break;
    return count;
  }

  async kinds(): Promise<Kinded[]> {
    const found = new Map<string, Kinded>();
    for (const { events } of await this.#scanned.newestFirst()) {
      for (const { group, kind, field } of events) found.set(`${group} ${kind} ${field}`, { group, kind, field });
    }
    return [...found.values()];
  }

  async recentCustomers(limit: number): Promise<Pick<Customer, "customer" | "last">[]> {
    const found = new Map<string, string>();
    for (const { id, events } of await this.#scanned.newestFirst()) {
      for (const event of events) {
        const { customer } = partiesOf(event);
        if (customer !== undefined && found.size < limit && !found.has(customer)) found.set(customer, id);
      }
      if (found.size >= limit) break;
    }
    return [...found].map(([customer, last]) => ({ customer, last }));
  }

  async *#backwards(query: Query): AsyncGenerator<Delivery, void, void> {
    const [after, before] = [Number(query.after ?? "0"), Number(query.before ?? Infinity)];
    const isAsked = ({ id }: Delivery) => Number(id) > after && Number(id) < before;
    const newest = await this.#scanned.newestFirst();
    const all = (query.customer === undefined ? newest : this.#of(query.customer, newest)).filter(isAsked);
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      const matches = await Promise.all(
        some.map(async (each) => isMatch(each, query, (id) => this.#scanned.forwardsOf(id))),
      );
      for (const [index, delivery] of some.entries()) if (matches[index] === true) yield delivery;
    }
  }
  /** The page asks about each customer of its list. */
  #of(customer: string, newest: readonly Delivery[]): readonly Delivery[] {
    if (this.#byCustomer?.newest !== newest) this.#byCustomer = { newest, found: byCustomer(newest) };
    return this.#byCustomer.found.get(customer) ?? [];
  }
}

/** Each customer's deliveries, in the same order. */
function byCustomer(deliveries: readonly Delivery[]): ReadonlyMap<string, Delivery[]> {
  const found = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const customers = new Set(delivery.events.flatMap((event) => partiesOf(event).customer ?? []));
    for (const customer of customers) {
      const own = found.get(customer) ?? [];
      found.set(customer, own);
      own.push(delivery);
    }
  }
  return found;
}
