/** The events that a listener emits. */
import type { Verdict } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { Forwarded } from "./forward.ts";

/** Times of day in milliseconds since 1970; durations in milliseconds. */
export type ListenerEvent =
  /** A GET request to verify the callback URL, and whether it got the challenge. */
  | { type: "handshake"; at: number; ok: boolean; reason?: string }
  /** The signed delivery without events that a self-check sends. It is not recorded. */
  | { type: "probe"; at: number }
  /** A delivery with a wrong signature has arrived. A `rejected` event of the same `request` follows, once the reason is known. */
  | { type: "mismatch"; at: number; request: number }
  /** Recorded and acknowledged. With `forwarding`, a `forwarded` event follows. */
  | ({ type: "delivery"; ackMs: number; verdict: Exclude<Verdict, "rejected">; forwarding: boolean } & DeliveryEvents)
  /** The app has not responded for `ms`. */
  | ({ type: "waiting"; ms: number } & DeliveryEvents & Replayed)
  /** One attempt to forward a delivery. */
  | ({ type: "forwarded" } & DeliveryEvents & Replayed & Attempt)
  /** The app cannot be reached, so all forwards wait and are tried again, the first time after `retryInMs`. */
  | { type: "app"; at: number; state: "unreachable"; to: string; advice: string; retryInMs: number }
  /** The app can be reached again; `waiting` deliveries are on their way to it. */
  | { type: "app"; at: number; state: "reachable"; to: string; waiting: number }
  /** At the start: deliveries from before that wait for the app. There can be more in the store. */
  | { type: "resumed"; at: number; to: string; deliveries: number }
  /** Closing waits up to `timeoutMs` for `pending` responses of the app. */
  | { type: "closing"; at: number; pending: number; timeoutMs: number }
  /** The store recovered from a problem, such as a deleted file; recording continues. */
  | { type: "store"; at: number; notice: string }
  | Rejected;

/** An attempt to forward a delivery. */
interface Attempt extends Omit<Forwarded, "outcome" | "retryAfterMs"> {
  /** When it ended. */
  at: number;
  /** The endpoint of the app. */
  to: string;
  /** Counted from 1. */
  attempt: number;
  /** Until the next attempt, after a failed one. */
  retryInMs?: number;
  /** This was the last attempt. */
  gaveUp?: boolean;
}

interface DeliveryEvents {
  /** The delivery's id in the store. */
  delivery: string;
  /** When it arrived. */
  receivedAt: number;
  /** Its messages, statuses and field changes. */
  events: WebhookEvent[];
}

interface Replayed {
  /** When it was forwarded again; missing for the first time. */
  replayedAt?: number;
}

/** A request that was not accepted: wrong signature, wrong path, body too large, or disk full. */
interface Rejected {
  type: "rejected";
  /** When it was rejected. */
  at: number;
  /** As in the `mismatch` event before. */
  request?: number;
  /** The HTTP status of the response. */
  status: number;
  /** Why it was rejected. */
  reason: string;
  /** The id in the store, if the delivery was saved for inspection. */
  delivery?: string;
}
