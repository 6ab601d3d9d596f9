/** Events of a running emulator. Times are milliseconds since 1970 on the emulator's clock; durations are milliseconds. */

/** A Graph API request and its result. Secrets are replaced by `…`. */
export interface EmulatedRequest {
  at: number;
  method: string;
  /** Without the version and the query: `/106540352242922/messages`. */
  path: string;
  /** The requested version or the default, such as `v25.0`. */
  version: string;
  query: Record<string, string>;
  /** The parsed body, or the fields of a form; the size as text when it is larger than 64 KB. */
  body?: unknown;
  status: number;
  /** Of a message: its kind and a one-line summary. */
  kind?: string;
  summary?: string;
  /** The id of the accepted message. */
  messageId?: string;
  /** The error of the response. */
  error?: { code: number; subcode?: number; message: string; details?: string };
  /** Query parameters, and paths in the body, that the emulator does not know and ignored. */
  ignored?: string[];
}

/** A message that a customer sent. */
export interface ReceivedMessage {
  at: number;
  /** The message id. */
  id: string;
  /** The number (digits only) or, when it is hidden, the business-scoped user id. */
  from: string;
  name: string;
  /** In Meta's format, without id, sender and time. */
  message: { type: string } & Readonly<Record<string, unknown>>;
}

/** What happens in a running emulator: a request to the Graph API, a message of a customer, a webhook to the app, a handshake or a warning. */
export type EmulatorEvent =
  | ({ type: "request" } & EmulatedRequest)
  /** A customer sent a message. */
  | { type: "received"; at: number; id: string; from: string; name: string; kind: string; summary: string }
  | WebhookAttempt
  | FlowExchange
  /** The verification of a callback URL succeeded or failed. */
  | { type: "handshake"; at: number; url: string; ok: boolean; reason?: string }
  /** A problem outside a single request, such as dropped deliveries or a missing callback URL. */
  | { type: "warning"; at: number; message: string };

/** One request to the endpoint of a Flow that a customer has open. */
interface FlowExchange {
  type: "flow";
  at: number;
  url: string;
  /** `INIT`, `data_exchange` or `BACK`. */
  action: string;
  /** The screen before the request. */
  screen?: string;
  /** The screen of the response. */
  next?: string;
  /** The HTTP status; missing when there was no response. */
  status?: number;
  /** Until the response. */
  ms: number;
  /** Why the response cannot be used. */
  problem?: string;
  /** What to do about it. */
  fix?: string;
}

/** One delivery attempt of a webhook to the app. */
interface WebhookAttempt {
  type: "webhook";
  at: number;
  url: string;
  group: "message" | "status" | "field";
  /** The message type, the status or the field, such as `text`, `delivered` or `message_template_status_update`. */
  kind: string;
  /** The message id, or an id of the change. */
  id: string;
  /** Of a field other than `messages`: what changed, in one line. */
  summary?: string;
  /** In a batch: the number of updates in the POST; `group`, `kind` and `id` are those of the first. */
  updates?: number;
  /** The name of the app that got it, when it is not the account's own. */
  app?: string;
  /** Counted from 1. */
  attempt: number;
  /** The app's HTTP status; only 200 is success. Missing when there was no response. */
  status?: number;
  /** Until the response. */
  ms: number;
  /** How to fix a failed delivery. */
  advice?: string;
  /** After a failed attempt: the delay until the next one. Missing after the last attempt. */
  retryInMs?: number;
}
