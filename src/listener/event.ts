/** What a listener tells while it runs. */
import type { Verdict } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { Forwarded } from "./forward.ts";

/** Times of day in milliseconds since 1970; durations in milliseconds. */
export type ListenerEvent =
  | { type: "handshake"; at: number; ok: boolean; reason?: string }
  /** A signed delivery without any event: wa-hook itself looks whether the listener can be reached. It is not recorded. */
  | { type: "probe"; at: number }
  /** Recorded and acknowledged; `forwarding` tells that a `forwarded` will follow. */
  | ({ type: "delivery"; ackMs: number; verdict: Exclude<Verdict, "refused">; forwarding: boolean } & DeliveryEvents)
  /** The app takes its time. */
  | ({ type: "waiting"; ms: number } & DeliveryEvents)
  | ({ type: "forwarded" } & DeliveryEvents & Forwarded)
  /** Something befell the store, and recording goes on. */
  | { type: "store"; at: number; notice: string }
  | Refused;

interface DeliveryEvents {
  /** The delivery's id in the store. */
  delivery: string;
  receivedAt: number;
  events: WebhookEvent[];
}

/** A request that was not taken: a wrong signature, a wrong path, too large, or the disk is full. */
interface Refused {
  type: "refused";
  at: number;
  /** What was answered. */
  status: number;
  reason: string;
  /** The id in the store, when the delivery was kept for a look at it. */
  delivery?: string;
}
