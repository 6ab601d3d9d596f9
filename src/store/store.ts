/** The contract of a store: deliveries exactly as received, and whether each is a duplicate. */
import type { WebhookEvent } from "../webhook/event.ts";

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
  events: WebhookEvent[];
  /** Only deliveries of the same scope are duplicates of each other. */
  scope?: string;
  /** Why it was rejected; missing for accepted deliveries. */
  reason?: string;
}

/** A recorded delivery. */
export interface Delivery extends Received {
  /** Short and unique in its store. */
  id: string;
  verdict: Verdict;
}

export interface Recorded {
  id: string;
  verdict: Verdict;
}

export interface Store {
  /** Resolves once the delivery is durable: a crash or power failure cannot lose it after that. */
  record(delivery: Received): Promise<Recorded>;
  /** Throws a `UsageError` when the row with this id is malformed. */
  get(id: string): Delivery | undefined;
  /** The newest delivery. */
  last(): Delivery | undefined;
  /** Oldest first; `newest` limits the result to that many of the newest. Deliveries recorded during the iteration are not included. */
  deliveries(newest?: number): IterableIterator<Delivery>;
  /** From now on, calls `notify` with one line per problem of the store, such as a deleted file that was recreated. */
  onNotice?(notify: (notice: string) => void): void;
  /** Resolves when everything is recorded. */
  close(): Promise<void>;
}

/**
 * The verdict on a delivery. `see` marks a key as seen and returns whether it is new; an event without a key is always new.
 */
export function judge({ events, reason, scope = "" }: Received, see: (key: string) => boolean): Verdict {
  if (reason !== undefined) return "rejected";
  const fresh = events.filter(({ key }) => key === undefined || see(`${scope}${key}`));
  return events.length > 0 && fresh.length === 0 ? "duplicate" : "accepted";
}
