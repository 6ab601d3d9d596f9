/** What the commands about recorded deliveries read, from a file or from a shared store, where each answer takes a moment. */
import type { Forward } from "./forward.ts";
import type { Customer, Kinded, Query, Retry } from "./query.ts";
import type { Malformed, Range } from "./sqlite/rows.ts";
import type { Delivery } from "./store.ts";

/** What may have to be waited for. */
export type Soon<Value> = Value | Promise<Value>;
type Rows = Iterable<Delivery | Malformed> | AsyncIterable<Delivery | Malformed>;

/** As in `ReadableStore`, with answers that may have to be waited for. */
export interface RecordedStore {
  get(id: string): Soon<Delivery | undefined>;
  last(): Soon<Delivery | undefined>;
  lastId(): Soon<string | undefined>;
  forwardsOf(delivery: string): Soon<Forward[]>;
  rows(range: Range): Rows;
  matching(query: Query): Rows;
  count(query: Query, atMost?: number): Soon<number>;
  customers(limit: number): Soon<Customer[]>;
  kinds(): Soon<Kinded[]>;
  readonly unindexed: number;
  index(signal: AbortSignal): Promise<void>;
  requeue(deliveries: readonly string[], retry: Retry): Promise<string[]>;
  readonly version: Soon<number>;
  close(): Promise<void>;
}
