/** The contract of a store: what was received, exactly, and whether it had been seen before. */
import type { WebhookEvent } from "../webhook/event.ts";

/** What became of a delivery: taken, taken before, or turned away because its signature did not match. */
export type Verdict = "accepted" | "duplicate" | "refused";

/** A delivery as it arrived. */
export interface Received {
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** Names and values in the order and the case in which they came. */
  headers: [name: string, value: string][];
  /** The body's bytes, untouched. */
  body: Uint8Array;
  events: WebhookEvent[];
  /** Why it was refused; nothing when it was not. */
  refusal?: string;
}

/** A delivery as it is kept. */
export interface Delivery extends Received {
  /** Short, and never used twice in one store. */
  id: string;
  verdict: Verdict;
}

export interface Recorded {
  id: string;
  verdict: Verdict;
}

export interface Store {
  /** Resolves once the delivery is safe: after this, neither a crash nor a power cut loses it. */
  record(delivery: Received): Promise<Recorded>;
  /** Throws a `UsageError` when there is something of that id that is no delivery. */
  get(id: string): Delivery | undefined;
  /** The newest delivery. */
  last(): Delivery | undefined;
  /** From the oldest on, one at a time; `newest` limits it to that many of the newest. What comes meanwhile is not among them. */
  deliveries(newest?: number): IterableIterator<Delivery>;
  /** Calls `notify` from now on with what befalls the store, in one sentence each: its file was deleted and made again. */
  onNotice?(notify: (notice: string) => void): void;
  /** Waits for what is still being recorded. */
  close(): Promise<void>;
}

/**
 * The verdict on a delivery. `see` marks a key as seen and tells whether it is new; an event without a key always is.
 */
export function judge({ events, refusal }: Received, see: (key: string) => boolean): Verdict {
  if (refusal !== undefined) return "refused";
  const fresh = events.filter(({ key }) => key === undefined || see(key));
  return events.length > 0 && fresh.length === 0 ? "duplicate" : "accepted";
}
