/** The options of a listener. */
import type { ServerLimits } from "../http/server.ts";
import type { Store } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { Secret } from "../webhook/signature-mismatch.ts";
import type { Forwarding } from "./forward.ts";
import { MAX_BYTES } from "./receive.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** How a listener starts. */
export interface ListenerOptions {
  /** The key of the signatures of deliveries. */
  appSecret: string;
  /** The token that a handshake must send. */
  verifyToken: string;
  /** Default: 0, any free port. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** Default: `/webhook`. */
  path?: string;
  /** Where deliveries are recorded; default: in memory. Closed together with the listener. */
  store?: Store;
  /** The apps that accepted deliveries are forwarded to. */
  forward?: Forwarding | readonly Forwarding[];
  /**
   * When the sender gets its response: as soon as the delivery is `recorded`, with 200 (default), or after the first `app`, with its
   * status; Meta then retries what the app does not accept.
   */
  ack?: "recorded" | "app";
  /** When a failed forward is repeated. */
  retry?: Partial<RetryPolicy>;
  /** Selects the events that are emitted and forwarded; everything is recorded. Default: all. */
  wanted?: (event: WebhookEvent) => boolean;
  /** Secrets to try when a signature does not match; the explanation names the one that fits. */
  otherSecrets?: readonly Secret[];
  limits?: Partial<Limits>;
}

/** Limits that protect the listener from its senders. */
export interface Limits extends ServerLimits {
  bodyBytes: number;
  /** Total bytes of bodies whose signatures are not checked yet. */
  unverifiedBytes: number;
  /** On close, requests in flight may take this long, and then forwarding as long again, in milliseconds. */
  closingMs: number;
}

export const LIMITS: Limits = {
  bodyBytes: MAX_BYTES,
  unverifiedBytes: 64 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  connections: 1000,
  closingMs: 5000,
};
