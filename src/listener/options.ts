/** What a listener takes. */
import type { ServerLimits } from "../http/server.ts";
import type { Store } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { Secret } from "./explain.ts";
import type { Forwarding } from "./forward.ts";
import { MAX_BYTES } from "./receive.ts";

export interface ListenerOptions {
  /** Deliveries must be signed with this. */
  appSecret: string;
  /** The handshake must bring this. */
  verifyToken: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** Default: `/webhook`. */
  path?: string;
  /** Where deliveries are recorded; by default in memory. It is closed with the listener. */
  store?: Store;
  /** The app that each accepted delivery is handed on to. */
  forward?: Forwarding;
  /** Which events are told and forwarded; everything is recorded. Default: all. */
  wanted?: (event: WebhookEvent) => boolean;
  /** Tried, and named, when a signature does not match. */
  otherSecrets?: readonly Secret[];
  limits?: Partial<Limits>;
}

/** What a sender may take of us. */
export interface Limits extends ServerLimits {
  bodyBytes: number;
  /** What all bodies together may hold until their signatures are compared. */
  unverifiedBytes: number;
  /** When closing, what is in flight may take this long, and then what is being forwarded, in milliseconds. */
  closingMs: number;
  /** More deliveries than this are not held for an app that does not keep up; they stay in the store. */
  forwarding: number;
}

export const LIMITS: Limits = {
  bodyBytes: MAX_BYTES,
  unverifiedBytes: 64 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  connections: 1000,
  closingMs: 5000,
  forwarding: 5000,
};
