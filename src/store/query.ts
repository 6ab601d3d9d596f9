/** What to find among the recorded deliveries. */
import type { WebhookEvent } from "../webhook/event.ts";
import type { ForwardState } from "./forward.ts";
import type { Verdict } from "./store.ts";

/** The verdict on a delivery, or the state of one of its forwards. */
export const QUERY_STATUSES = ["accepted", "duplicate", "rejected", "pending", "failed", "delivered"] as const;

type QueryStatus = Verdict | ForwardState;

/** What distinguishes the kinds of events. */
export type Kinded = Pick<WebhookEvent, "group" | "kind" | "field">;

/** Selects deliveries that meet every condition; `kinds`, people and `search` are met by the same event. */
export interface Query {
  kinds?: (event: Kinded) => boolean;
  /** The customer at either end: a phone number (digits only) or a business-scoped user ID. */
  customer?: string;
  /** Whether the event is from the customer or to them. */
  direction?: "from" | "to";
  /** Received at this time or later, in milliseconds since 1970. */
  since?: number;
  /** Received before this time, in milliseconds since 1970. */
  until?: number;
  status?: QueryStatus;
  /** Part of the summary, the name or an ID of an event, in any case. */
  search?: string;
  /** Only deliveries after this id. */
  after?: string;
  /** Only deliveries before this id. */
  before?: string;
  /** Only this many of the newest. */
  newest?: number;
}

/** A sender or recipient of messages. */
export interface Customer {
  /** A phone number (digits only) or a business-scoped user ID. */
  customer: string;
  /** The number of events from them. */
  incoming: number;
  /** The number of all their events, statuses included. */
  events: number;
  /** The id of the newest delivery. */
  last: string;
}

/** Which apps to forward deliveries to once more. */
export interface Retry {
  /** This endpoint instead of those before. */
  to?: string;
  /** Only forwards that failed. */
  onlyFailed?: boolean;
}
