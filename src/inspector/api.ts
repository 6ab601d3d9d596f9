/** What the page and its server say to each other, as JSON. Times are milliseconds since 1970, durations milliseconds; sizes bytes. */
import type { ActionResult, CustomerAction } from "../emulator/customer-action.ts";
import type { EmulatedRequest, EmulatorEvent } from "../emulator/event.ts";
import type { Failure, StatusDelays } from "../emulator/options.ts";
import type { ListenerEvent } from "../listener/event.ts";
import type { Alarm } from "../listener/monitor/alarms.ts";
import type { Health } from "../listener/monitor/health.ts";
import type { MessageState } from "../messages/statuses/ladder.ts";
import type { Forward } from "../store/forward.ts";
import type { Verdict } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";

/** The header of every request that changes something: the token that the page was served with. */
export const TOKEN_HEADER = "x-wa-hook-token";

/** `GET /api/state`: what does not change while the program runs, and what does, at this moment. */
export interface State {
  /** The command that serves the page. */
  command: "dev" | "listen" | "emulate";
  version: string;
  /** Meta's part is played by the emulator, so that one can write as the customer. */
  emulated: boolean;
  listener?: {
    url: string;
    publicUrl?: string;
    forwardTo: string[];
    /** The path of the store; missing when nothing is recorded. */
    store?: string;
    health: Health;
    alarms: Alarm[];
    tunnel?: string;
    registration?: string;
    /** When the access token expires; `null`: never. Missing when it is not known. */
    tokenExpires?: number | null;
  };
  emulator?: { url: string; now: number; statuses: StatusDelays; failures: Failure[]; phoneNumberId: string };
  /** The built-in response in place of an app; missing when there is an app. */
  standIn?: StandIn;
  /** The app that `dev` runs. */
  app?: { command: string; state: "starting" | "running" | "restarting" | "stopped"; restarts: number };
}

/** `PUT /api/stand-in`: the response to deliveries while there is no app. */
export interface StandIn {
  status: number;
  body: string;
  delayMs: number;
}

/** One line of the table of deliveries. */
export interface DeliveryRow {
  id: string;
  receivedAt: number;
  verdict: Verdict;
  /** Why it was rejected. */
  reason?: string;
  bytes: number;
  events: EventRow[];
  /** The number of events beyond those in `events`. */
  more: number;
  forwards: ForwardRow[];
}

export type EventRow = Pick<
  WebhookEvent,
  "group" | "kind" | "field" | "summary" | "id" | "from" | "to" | "name" | "fix" | "code" | "unknown"
>;

export type ForwardRow = Omit<Forward, "id" | "delivery">;

/** `GET /api/deliveries?before=ID&limit=100&kind=&from=&status=&search=&since=&until=`: newest first. */
export interface DeliveryPage {
  rows: DeliveryRow[];
  /** For `before` of the next page; missing on the last one. */
  next?: string;
  /** Of all pages; `atLeast` when counting stopped early. */
  count: { value: number; atLeast: boolean };
}

/** `GET /api/deliveries/ID` */
export interface DeliveryDetail extends DeliveryRow {
  headers: [name: string, value: string][];
  /** The bytes as received. */
  bodyBase64: string;
  /** Indented; missing when the body is not JSON. */
  json?: string;
  /** Ways to send it again, to copy: a `curl` command, a fixture and a test. */
  copies: { curl: string; fixture: string; test: string };
  /** A note of the person, and whether it is pinned. */
  note?: string;
  pinned: boolean;
  trace?: Trace;
}

/** `GET /api/deliveries/ID/diff/OTHER` */
export interface Difference {
  path: string;
  /** JSON text; missing where there is nothing. */
  left?: string;
  right?: string;
}

/** `POST /api/deliveries/ID/replay` with `{ json?, to? }`; with `json`, the edited payload is encoded as Meta does and signed again. */
export interface ReplayResult {
  to: string;
  status?: number;
  ms: number;
  /** The beginning of the response. */
  response?: string;
  /** Why there was no response, or what to do about the status. */
  advice?: string;
}

/** `POST /api/deliveries/ID/secret` with `{ secret }`: whether the signature of a rejected delivery fits. Nothing is stored. */
export interface SecretResult {
  fits: boolean;
  explanation: string;
}

/** `GET /api/conversations?search=`: people, the newest first. */
export interface Person {
  /** A phone number (digits only) or a business-scoped user id. */
  customer: string;
  name?: string;
  last: { at: number; text: string; outgoing: boolean };
  /** Messages since the conversation was last asked for, by any page, or since the start. */
  unread: number;
  /** When the 24-hour window closes, on the emulator's clock if there is one. */
  windowEnds?: number;
}

/**
 * `GET /api/conversations/CUSTOMER?before=&limit=100`: oldest first. A page can have more or fewer bubbles than `limit`, because a message
 * has several deliveries; a message whose statuses are on two pages is on both: bubbles with the same `id` are one.
 */
export interface ConversationPage {
  customer: string;
  name?: string;
  windowEnds?: number;
  bubbles: Bubble[];
  next?: string;
}

export interface Bubble {
  id?: string;
  /** The delivery in which it arrived; missing for what the app sent through the emulator and is only known by its request. */
  delivery?: string;
  at: number;
  outgoing: boolean;
  kind: string;
  /** Lines of text. */
  lines: string[];
  /** Header, footer and what can be pressed. */
  header?: string;
  footer?: string;
  choices?: Choice[];
  media?: { kind: string; mime?: string; filename?: string; url?: string };
  quoted?: { id: string; text?: string };
  reactions?: string[];
  state?: MessageState;
  /** Why it failed, and what to do. */
  reason?: string;
  remedy?: string;
  /** From the delivery to the app's request. */
  answeredAfterMs?: number;
}

/** A button or a row of a list. `message`: what the customer sends by pressing it, for `POST /api/customer/messages`. */
export interface Choice {
  label: string;
  description?: string;
  url?: string;
  message?: object;
}

/** `GET /api/requests?before=&limit=`: what the app asked of the Graph API, newest first. */
export interface RequestPage {
  rows: (EmulatedRequest & { index: number })[];
  next?: string;
}

/** `POST /api/customer/messages`; the answer is `{ id, userId }`. Files are at `GET /api/media/ID`, the `url` of a bubble's media. */
export interface CustomerMessage {
  message: string | object;
  from?: { number?: string; name?: string; username?: string; hideNumber?: boolean };
}

/** `POST /api/customer/actions` has a `CustomerAction`; the response is an `ActionResult`. */
export type { ActionResult, CustomerAction };

/** `GET /api/kinds`: what a customer can send, for the form. */
export interface ComposableKind {
  kind: string;
  /** Examples by name, in the form of `CustomerMessage.message`. */
  examples: { name: string; message: object }[];
}

/** `GET /api/overview?minutes=15`: one bucket a second, or a minute beyond an hour. */
export interface Overview {
  /** Seconds since 1970 of each bucket. */
  at: number[];
  accepted: number[];
  duplicates: number[];
  rejected: number[];
  failed: number[];
  ackP95: (number | null)[];
  appP95: (number | null)[];
}

/**
 * From one delivery to what the app asked of the Graph API to the statuses of what it sent, in the order of time. The id is the
 * delivery's.
 */
export interface Trace {
  id: string;
  steps: TraceStep[];
}

export interface TraceStep {
  at: number;
  /** Since the first step. */
  afterMs: number;
  step: "received" | "acknowledged" | "forwarded" | "request" | "status";
  text: string;
  ok: boolean;
  /** The message id that a request created or a status is about. */
  message?: string;
}

/** `GET /api/timeline?minutes=60`: attempts to deliver and to forward, so that repeated ones are seen as such. */
export interface Timeline {
  lanes: { label: string; attempts: { at: number; status?: number; attempt: number; delivery?: string }[] }[];
}

/** `PUT /api/emulator`: changes what is given. */
export interface EmulatorChange {
  /** Advances the clock. */
  advanceMs?: number;
  fail?: Failure;
  /** Removes all injected failures. */
  clearFailures?: boolean;
  statuses?: Partial<StatusDelays>;
  latencyMs?: number;
  window?: "open" | "closed";
}

/** `GET /api/scenarios`, `PUT /api/scenarios/NAME`, `DELETE …`; `POST /api/scenarios/NAME/play`. Kept in `.wa-hook/scenarios/`. */
export interface Scenario {
  name: string;
  steps: ({ message: CustomerMessage } | { action: CustomerAction } | { waitMs: number } | { delivery: string })[];
  last?: ScenarioResult;
}

export interface ScenarioResult {
  at: number;
  ok: boolean;
  /** Against the time before. */
  verdict?: "fixed" | "regressed" | "still failing" | "still passing";
  results: { text: string; ok: boolean; got: string }[];
}

/** `PUT /api/deliveries/ID/note` */
export interface Note {
  note?: string;
  pinned?: boolean;
}

/** `GET /api/events` as server-sent events: `data:` is one of these, `id:` its number; `Last-Event-ID` continues. */
export type Live =
  | { source: "listener"; event: ListenerEvent; row?: DeliveryRow }
  | { source: "emulator"; event: EmulatorEvent }
  | { source: "app"; event: { type: "output"; at: number; line: string; stream: "stdout" | "stderr" } }
  | { source: "app"; event: { type: "state"; at: number; state: NonNullable<State["app"]>["state"] } }
  /** The state has changed: ask for it again. */
  | { source: "state" }
  /** Events were lost because the page was slow: load everything again. */
  | { source: "lost" };

/** Every error: a status of 4xx or 5xx with this body. */
export interface Problem {
  error: string;
  hint?: string;
}
