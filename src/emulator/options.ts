/** The options of an emulator, their defaults and their validation. */
import { UsageError } from "../errors.ts";
import { httpUrl, isLoopback } from "../http/url.ts";
import { MAX_BATCH } from "../webhook/batch.ts";
import { CHAOS_KINDS, RETRY_MS, type ChaosKind } from "../webhook/chaos.ts";
import { closest } from "../webhook/words.ts";
import { FIELDS } from "./webhooks/fields.ts";

/** How an emulator starts; all of it is optional. */
export interface EmulatorOptions {
  /** Default: 0, any free port. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** The app's callback URL, treated as already registered and verified. */
  webhook?: string | URL;
  /** The webhook fields that `webhook` and `otherApps` are subscribed to. Default: `messages` only. */
  fields?: readonly string[];
  /** Callback URLs of further apps that are subscribed to the account and to the same fields, each with an id and a secret of its own. */
  otherApps?: readonly (string | URL)[];
  /** The most updates in one webhook delivery, 1 to 1000. Default: 1. With more, updates wait up to 500 ms for others. */
  batch?: number;
  /**
   * Disturbs webhook deliveries without any failure: some are sent twice, after later ones, together, late, or all at once. The same
   * `seed` repeats the same chaos. `retry` changes nothing here: webhooks are always retried.
   */
  chaos?: readonly ChaosKind[];
  /** How many times as fast as Meta retries and chaos are. Default: 1. */
  timeScale?: number;
  /** Ids, secrets and numbers; missing ones are generated. */
  account?: Partial<Account>;
  /** Makes ids, tokens and times reproducible across runs and machines. Default: random at each start. */
  seed?: string;
  /** Makes only the account's ids and tokens reproducible. Default: `seed`. */
  accountSeed?: string;
  /**
   * Allowed callback URLs: this machine only (`localhost`, 127.0.0.0/8, `[::1]`) or any http(s) URL. Webhooks are signed with the app
   * secret, so webhooks signed with a real secret must not leave this machine. Default: `local` when `account.appSecret` is given,
   * `anywhere` when it is generated.
   */
  callbacks?: "local" | "anywhere";
  /** The delay of each status after a message is accepted, in milliseconds; `false`: never sent. */
  statuses?: Partial<StatusDelays>;
  /** The 24-hour windows at the start. `open`, the default: open for all allowed customers. `closed`: each opens when its customer writes. */
  window?: "open" | "closed";
  /** How the reviews of created and edited templates end. Default: approved after 1 s. */
  templates?: TemplateReviews;
  /** Rate limits; `false`: none. */
  limits?: Partial<SendingLimits> | false;
  /**
   * Whether the account's phone number is a real one rather than one of Meta's public test numbers: it can message everybody, and the
   * template `hello_world` is refused with 131058. Default: a test number. Numbers that are added are real ones.
   */
  realNumber?: boolean;
  /** Failures to inject. */
  fail?: readonly Failure[];
  /** Delay of every Graph API response, in milliseconds. */
  latencyMs?: number;
  /** The delays between delivery attempts of a webhook, in milliseconds. After the last one the webhook is dropped. */
  retryMs?: readonly number[];
  /** Whether requests require an `appsecret_proof`. Default: it is verified only when present. */
  requireProof?: boolean;
}

/** The emulated WhatsApp Business Account, including its secrets. */
export interface Account {
  appId: string;
  appSecret: string;
  verifyToken: string;
  /** A system user token that never expires and has all permissions. */
  accessToken: string;
  phoneNumberId: string;
  businessAccountId: string;
  /** The business's number, digits only. */
  displayNumber: string;
  verifiedName: string;
  /**
   * The default sender of `receive`; the number has digits only. Default: 16505551234, "Sheena". With `hideNumber`, the business sees
   * the username and the user id instead of the number.
   */
  customer: { number: string; name: string; username?: string; hideNumber?: boolean };
  /** The only numbers that can receive messages, as with Meta's test numbers. Default: the customer's. */
  allowedNumbers: string[];
}

/** Who sends a message to the business; the default is the account's customer. */
export interface Sender {
  /** With the country code. */
  number?: string;
  name?: string;
  /** Without `number`, and with a hidden number: another customer, known by this name only. */
  username?: string;
  /** Whether the number is hidden from the business. Default: unchanged; initially `account.customer.hideNumber`. */
  hideNumber?: boolean;
  /** The id of the phone number that gets the message. Default: the account's own. */
  to?: string;
}

/** The state of an access token. */
export type TokenName = (typeof TOKEN_NAMES)[number];

export const TOKEN_NAMES = [
  "permanent",
  "temporary",
  "sixtyDays",
  "expired",
  "loggedOut",
  "noMessagingScope",
  "otherApp",
  "otherBusiness",
  "app",
] as const;

/** The delay of each status after its message is accepted, in milliseconds; `false`: never sent. */
export interface StatusDelays {
  sent: number | false;
  delivered: number | false;
  read: number | false;
  /** Only of voice messages. */
  played: number | false;
}

/** How reviews of templates end. */
export interface TemplateReviews {
  /** `manual`: each by a request to `/_wa-hook/templates` or by `changeTemplate`. */
  decision: "approve" | "reject" | "manual";
  /** The time from submission to decision, in milliseconds. Default: 1000; with 0, the next request finds the decision. */
  afterMs?: number;
}

/** Meta's rate limits: what exceeds them is refused with 130429 or 131056. */
export interface SendingLimits {
  /** Messages per second. Default: 80. */
  throughput: number;
  /** Burst of messages to one customer; afterwards one message every 6 s. Default: 45. */
  pairBurst: number;
}

/** An injected failure: for all requests, every nth request, or a number of times. */
export interface Failure {
  /** One of Meta's error codes. */
  code: number;
  subcode?: number;
  /** Fail only every nth request. */
  every?: number;
  /** Fail this many times, then stop. Default: no limit. */
  times?: number;
  /** The requests that fail. Default: `messages`. */
  on?: "messages" | "media" | "all";
  /** `response`, the default: the request is refused. `status`: the message is accepted, and a `failed` status with the error follows. */
  as?: "response" | "status";
}

const SECOND = 1000;

export const DEFAULTS = {
  statuses: { sent: 50, delivered: 300, read: 1500, played: 3000 } satisfies StatusDelays,
  limits: { throughput: 80, pairBurst: 45 } satisfies SendingLimits,
  templates: { decision: "approve", afterMs: SECOND } satisfies TemplateReviews,
  retryMs: RETRY_MS,
};

/** Whether callback URLs are limited to this machine. */
export function isLocalOnly({ callbacks, account }: EmulatorOptions): boolean {
  return callbacks === undefined ? account?.appSecret !== undefined : callbacks === "local";
}

/** The reason for the limit, to follow a statement about a URL. */
export const LOCAL_ONLY_REASON = "webhooks signed with your own app secret are sent to this machine only";

/** Throws a `UsageError` for the first invalid option. */
export function checkOptions(options: EmulatorOptions): void {
  const { statuses = {}, limits, latencyMs = 0, retryMs = [], fail = [], batch = 1, chaos = [] } = options;
  for (const url of [...(options.webhook === undefined ? [] : [options.webhook]), ...(options.otherApps ?? [])]) {
    checkWebhook(url, isLocalOnly(options));
  }
  for (const field of options.fields ?? []) checkOneOf("webhook field", field, FIELDS);
  for (const kind of chaos) checkOneOf("kind of chaos", kind, CHAOS_KINDS);
  if (!Number.isSafeInteger(batch) || batch > MAX_BATCH) {
    throw new UsageError(`batch must be a whole number from 1 to ${MAX_BATCH}; got ${batch}`, {
      code: "emulate.option",
    });
  }
  checkNumber("batch", batch, 1);
  for (const [name, ms] of Object.entries(statuses)) if (ms !== false) checkNumber(`statuses.${name}`, ms, 0);
  for (const [name, count] of Object.entries(limits === false ? {} : (limits ?? {}))) {
    checkNumber(`limits.${name}`, count, 1);
  }
  checkNumber("latencyMs", latencyMs, 0);
  checkNumber("templates.afterMs", options.templates?.afterMs ?? 0, 0);
  for (const ms of retryMs) checkNumber("retryMs", ms, 0);
  checkNumber("timeScale", options.timeScale ?? 1, Number.MIN_VALUE);
  for (const failure of fail) checkFailure(failure);
}

/** Throws a `UsageError` when this is no URL, or one that webhooks must not be sent to. */
export function checkWebhook(webhook: string | URL, localOnly: boolean): void {
  const url = httpUrl(String(webhook));
  if (url === undefined) {
    throw new UsageError(`the webhook must be a URL; got ${String(webhook)}`, {
      code: "emulate.webhook",
      hint: "for example http://localhost:8000/webhook",
    });
  }
  if (localOnly && !isLoopback(url)) {
    throw new UsageError(`the webhook ${String(webhook)} is not on this machine; ${LOCAL_ONLY_REASON}`, {
      code: "emulate.webhook-elsewhere",
      hint: "use localhost, 127.0.0.1 or [::1], or unset the app secret to use a generated one",
    });
  }
}

function checkOneOf(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const close = closest(value, known);
  throw new UsageError(`unknown ${name} ${value}`, {
    code: "emulate.option",
    hint: close === undefined ? `use ${known.join(", ")}` : `did you mean ${close}?`,
  });
}

/** Throws a `UsageError` when the failure is invalid. */
export function checkFailure({ code, subcode = 0, every = 1, times = 1, on, as = "response" }: Failure): void {
  const counts = [
    ["code", code, 0],
    ["subcode", subcode, 0],
    ["every", every, 1],
    ["times", times, 1],
  ] as const;
  for (const [name, value, minimum] of counts) {
    if (!Number.isSafeInteger(value) || value < minimum) throw invalidFailure(name, "a whole number", value);
  }
  if (!["response", "status"].includes(as)) throw invalidFailure("as", "response or status", as);
  if (as === "status" && (on ?? "messages") !== "messages") throw invalidFailure("on", "messages with as: status", on);
  if (!["messages", "media", "all"].includes(on ?? "all")) throw invalidFailure("on", "messages, media or all", on);
}

function invalidFailure(name: string, expected: string, value: unknown): UsageError {
  return new UsageError(`a failure's ${name} must be ${expected}; got ${String(value)}`, {
    code: "emulate.failure",
    hint: "for example { code: 130429, every: 3 }",
  });
}

/** Later dates have five-digit years, and eventually exceed the range of `Date`. */
const LAST_MS = Date.UTC(9999, 0);

/** Throws a `UsageError` when `ms` is invalid or advances the clock too far. */
export function checkAdvance(ms: number, now: number): void {
  checkNumber("ms", ms, 0);
  if (now + ms <= LAST_MS) return;
  throw new UsageError("the clock cannot be advanced beyond the year 9999", { code: "emulate.option" });
}

function checkNumber(name: string, value: unknown, minimum: number): void {
  if (typeof value === "number" && value >= minimum) return;
  throw new UsageError(`${name} must be a number of ${minimum} or more; got ${String(value)}`, {
    code: "emulate.option",
  });
}
