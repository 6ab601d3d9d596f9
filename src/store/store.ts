/** The contract of a store: deliveries exactly as received, whether each is a duplicate, and what became of forwarding it. */
import type { WebhookEvent } from "../webhook/event.ts";
import { readBody } from "../webhook/payload.ts";
import type { Forward, ForwardResult, PendingRange } from "./forward.ts";
import type { StoreStats } from "./retention.ts";

/** Anyone can send deliveries that are rejected, so only the newest are kept, limited by number and bytes. */
export const REJECTED_KEPT = { deliveries: 200, bytes: 16 * 1024 * 1024 };

/** The verdict on a delivery: accepted, accepted before, or rejected because its signature is invalid. */
export type Verdict = "accepted" | "duplicate" | "rejected";

/** A delivery as received. */
export interface Received {
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** Names and values in their original order and case. */
  headers: [name: string, value: string][];
  /** The bytes of the body, unchanged. */
  body: Uint8Array;
  /** The identity of each event (`WebhookEvent.key`); `undefined` for an event without one. */
  keys: readonly (string | undefined)[];
  /** Only deliveries of the same scope are duplicates of each other. */
  scope?: string;
  /** Why it was rejected; missing for accepted deliveries. */
  reason?: string;
  /** The endpoints that it is forwarded to if it is accepted. */
  forwardTo?: readonly string[];
  /** The result at the first of them, if it has the delivery already. */
  answered?: Omit<ForwardResult, "id">;
}

/** A recorded delivery. Its events are read from the body when they are asked for, by this version of wa-hook. */
export class Delivery {
  /** Short and unique in its store. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Names and values in their original order and case. */
  readonly headers: [name: string, value: string][];
  readonly body: Uint8Array;
  /** Accepted, accepted before, or rejected because its signature is invalid. */
  readonly verdict: Verdict;
  /** Why it was rejected; missing for accepted deliveries. */
  declare readonly reason?: string;
  #events: WebhookEvent[] | undefined;

  constructor({ id, receivedAt, headers, body, verdict, reason }: Omit<Delivery, "events">) {
    this.id = id;
    this.receivedAt = receivedAt;
    this.headers = headers;
    this.body = body;
    this.verdict = verdict;
    if (reason !== undefined) this.reason = reason;
  }

  /** Empty for a rejected delivery: nobody vouches for its content. */
  get events(): WebhookEvent[] {
    this.#events ??= this.verdict === "rejected" ? [] : readBody(this.body);
    return this.#events;
  }
}

/** What became of a delivery in the store. */
export interface Recorded {
  id: string;
  verdict: Verdict;
  /** The ids of its forwards, in the order of `forwardTo`; empty unless it was accepted. */
  forwards: readonly string[];
}

/** Where a listener records deliveries before it acknowledges them. */
export interface Store {
  /**
   * Resolves once the delivery and its forwards are durable: a crash or power failure cannot lose them after that. `written` is called
   * earlier, when only a power failure or a failing disk can; after the latter, `record` rejects.
   */
  record(delivery: Received, written?: (recorded: Recorded) => void): Promise<Recorded>;
  /** Whether `record` would call it a duplicate now. Marks nothing as seen. */
  isDuplicate(delivery: Received): boolean | Promise<boolean>;
  /** Saves the result of an attempt. Resolves when it is written, which a power failure can undo. */
  settle(result: ForwardResult): Promise<void>;
  /** The forwards of a delivery, oldest first. */
  forwardsOf(delivery: string): Forward[];
  /** Pending forwards, oldest first. */
  pending(range: PendingRange): Forward[];
  /** Throws a `UsageError` when the row with this id is malformed. */
  get(id: string): Delivery | undefined;
  /** The newest delivery. */
  last(): Delivery | undefined;
  /** Oldest first; `newest` limits the result to that many of the newest. Deliveries recorded during the iteration are not included. */
  deliveries(newest?: number): IterableIterator<Delivery>;
  /** What the store holds. It takes milliseconds for a million deliveries. */
  stats(): StoreStats;
  /** From now on, calls `notify` with one line per problem of the store, such as a deleted file that was recreated. */
  onNotice?(notify: (notice: string) => void): void;
  /**
   * Reserves forwarding to an endpoint until the result is disposed or the process ends. Resolves with nothing when another listener has
   * reserved it: both would forward every delivery of the store. Missing where no other process has the store.
   */
  reserve?(to: string): Promise<Disposable | undefined>;
  /**
   * From now on, calls `notify` when there are more pending forwards to an endpoint; `all` when they can be older than known ones. Missing
   * where only `record` adds them.
   */
  onPending?(to: string, notify: (all: boolean) => void): void;
  /** Whether a pending forward may be attempted now; missing where nobody else could. */
  mayForward?(id: string): boolean;
  /** Adds some deliveries to the index of events; returns whether there are more. Call it when nothing else is to do. */
  indexMore?(): boolean;
  /** Resolves when everything is recorded. */
  close(): Promise<void>;
}

/** What forwarding needs of a store. */
export type ForwardStore = Pick<Store, "settle" | "pending" | "get" | "onPending" | "mayForward">;

/**
 * The verdict on a delivery. `see` marks a key as seen and returns whether it is new; an event without a key is always new.
 */
export function judge({ keys, reason, scope = "" }: Received, see: (key: string) => boolean): Verdict {
  if (reason !== undefined) return "rejected";
  let fresh = keys.length === 0;
  // Every key is marked, also after the first new one.
  for (const key of keys) if (key === undefined || see(`${scope}${key}`)) fresh = true;
  return fresh ? "accepted" : "duplicate";
}
