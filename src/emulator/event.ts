/** What an emulator tells while it runs. Times are milliseconds since 1970 by the emulator's own clock; durations are milliseconds. */

/** A request to the Graph API, and how it was answered. Secrets in it are replaced by `…`. */
export interface EmulatedRequest {
  at: number;
  method: string;
  /** Without the version and the query: `/106540352242922/messages`. */
  path: string;
  /** `v25.0`; the default when the request named none. */
  version: string;
  query: Record<string, string>;
  /** The parsed body, when there was one; of a form, its fields. */
  body?: unknown;
  status: number;
  /** Of a message: its kind and what it says, in one line. */
  kind?: string;
  summary?: string;
  /** The id that the message was given. */
  messageId?: string;
  /** What was answered instead of success. */
  error?: { code: number; subcode?: number; message: string; details?: string };
  /** Query parameters that the emulator does not know, so they changed nothing. */
  ignored?: string[];
}

export type EmulatorEvent =
  | ({ type: "request" } & EmulatedRequest)
  /** A customer wrote. */
  | { type: "received"; at: number; id: string; from: string; name: string; kind: string; summary: string }
  | WebhookAttempt
  /** A callback URL was verified, or could not be. */
  | { type: "handshake"; at: number; url: string; ok: boolean; reason?: string }
  /** Something to know: a webhook has nowhere to go, deliveries were dropped. */
  | { type: "note"; at: number; message: string };

/** One attempt to deliver a webhook to the app. */
interface WebhookAttempt {
  type: "webhook";
  at: number;
  url: string;
  group: "message" | "status";
  /** `text`, `image` …, or `sent`, `delivered` …. */
  kind: string;
  /** The message's id. */
  id: string;
  /** The first is 1. */
  attempt: number;
  /** The app's answer; only 200 is success. Nothing when it gave none. */
  status?: number;
  /** Until the app had answered. */
  ms: number;
  /** What to do, when it was not 200. */
  advice?: string;
  /** When it was not 200: how long until the next attempt; nothing when there will be none. */
  next?: number;
}
