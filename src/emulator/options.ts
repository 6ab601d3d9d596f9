/** What an emulator takes. */
import { UsageError } from "../errors.ts";
import { httpUrl, isLoopback } from "../http/url.ts";

export interface EmulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** The app's callback URL, as if it had been registered and verified before. */
  webhook?: string | URL;
  /** Ids, secrets and numbers; what is not given is generated. */
  account?: Partial<Account>;
  /** With the same seed, ids, tokens and times are the same on every machine and in every run. Default: random at each start. */
  seed?: string;
  /** With the same one, the account's ids and tokens are the same in every run, and only those. Default: the seed. */
  accountSeed?: string;
  /**
   * Where webhooks may go: to this machine only (`localhost`, 127.0.0.0/8, `[::1]`), or to any http(s) URL. Webhooks are signed with the
   * app secret, so nobody elsewhere should get them signed with a real one. Default: `local` when `account.appSecret` is given,
   * `anywhere` when it is generated.
   */
  callbacks?: "local" | "anywhere";
  /** When each status of an accepted message comes, in milliseconds after the acceptance; `false`: never. */
  statuses?: Partial<StatusDelays>;
  /** `open`, the default: as if every allowed customer had just written. `closed`: a 24-hour window opens when a customer writes. */
  window?: "open" | "closed";
  /** How much may be sent; `false`: as much as you like. */
  limits?: Partial<SendingLimits> | false;
  /** Errors to answer with instead of doing what was asked. */
  fail?: readonly Failure[];
  /** Every answer of the Graph API comes so many milliseconds late. */
  latencyMs?: number;
  /** The pauses between attempts to deliver a webhook, in milliseconds; after the last one it is given up. */
  retryMs?: readonly number[];
  /** Whether every request must bring an `appsecret_proof`. Default: it is compared only when there is one. */
  requireProof?: boolean;
}

/** The WhatsApp Business Account that is emulated, with all its secrets. */
export interface Account {
  appId: string;
  appSecret: string;
  verifyToken: string;
  /** Of a system user: it never expires and may do everything. */
  accessToken: string;
  phoneNumberId: string;
  businessAccountId: string;
  /** The business's number, digits only. */
  displayNumber: string;
  verifiedName: string;
  /** Who writes when `receive` is not told who does; digits only. Default: 16505551234, "Sheena". */
  customer: { number: string; name: string };
  /** Messages can be sent to these numbers only, as with Meta's test numbers. Default: the customer's. */
  allowedNumbers: string[];
}

/** The states of an access token that a developer meets. */
export type TokenName =
  | "lasting"
  | "temporary"
  | "sixtyDays"
  | "expired"
  | "loggedOut"
  | "noMessagingScope"
  | "otherApp"
  | "otherBusiness"
  | "app";

export interface StatusDelays {
  sent: number | false;
  delivered: number | false;
  read: number | false;
}

export interface SendingLimits {
  /** Messages per second. Default: 80. */
  throughput: number;
  /** So many messages to one customer at once; then one every six seconds. Default: 45. */
  pairBurst: number;
}

/** An error that the emulator answers with: always, or every third time, or the next two times. */
export interface Failure {
  /** One of Meta's error codes. */
  code: number;
  subcode?: number;
  every?: number;
  next?: number;
  /** Which requests. Default: `messages`. */
  on?: "messages" | "media" | "all";
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

export const DEFAULTS = {
  statuses: { sent: 50, delivered: 300, read: 1500 } satisfies StatusDelays,
  limits: { throughput: 80, pairBurst: 45 } satisfies SendingLimits,
  // Meta's own schedule is unpublished: at once, then less and less often, for up to seven days.
  retryMs: [
    0,
    SECOND,
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    HOUR,
    ...[6, 12, 24, 24, 24, 24, 24].map((hours) => hours * HOUR),
  ],
};

/** Whether webhooks go to this machine only. */
export function isConfined({ callbacks, account }: EmulatorOptions): boolean {
  return callbacks === undefined ? account?.appSecret !== undefined : callbacks === "local";
}

/** Why they do. */
export const CONFINED = "an app secret that was not generated for development signs webhooks to this machine only";

/** Throws a `UsageError` about the first option that cannot be used. */
export function checkOptions(options: EmulatorOptions): void {
  const { statuses = {}, limits, latencyMs = 0, retryMs = [], fail = [], webhook } = options;
  if (webhook !== undefined && httpUrl(String(webhook)) === undefined) {
    throw new UsageError(`the webhook must be a URL; got ${String(webhook)}`, {
      code: "emulate.webhook",
      hint: "for example http://localhost:8000/webhook",
    });
  }
  if (webhook !== undefined && isConfined(options) && !isLoopback(new URL(webhook))) {
    throw new UsageError(`the webhook ${String(webhook)} is not on this machine, and ${CONFINED}`, {
      code: "emulate.webhook-elsewhere",
      hint: "use localhost, 127.0.0.1 or [::1], or leave the app secret unset: one is generated for development then",
    });
  }
  for (const [name, ms] of Object.entries(statuses)) if (ms !== false) checkNumber(`statuses.${name}`, ms, 0);
  for (const [name, count] of Object.entries(limits === false ? {} : (limits ?? {}))) {
    checkNumber(`limits.${name}`, count, 1);
  }
  checkNumber("latencyMs", latencyMs, 0);
  for (const ms of retryMs) checkNumber("retryMs", ms, 0);
  for (const failure of fail) checkFailure(failure);
}

/** Throws a `UsageError` when it can never happen. */
export function checkFailure({ code, subcode = 0, every = 1, next = 1, on = "all" }: Failure): void {
  const counts = [
    ["code", code, 0],
    ["subcode", subcode, 0],
    ["every", every, 1],
    ["next", next, 1],
  ] as const;
  for (const [name, value, least] of counts) {
    if (!Number.isSafeInteger(value) || value < least) throw impossible(name, "a whole number", value);
  }
  if (!["messages", "media", "all"].includes(on)) throw impossible("on", "messages, media or all", on);
}

function impossible(name: string, expected: string, value: unknown): UsageError {
  return new UsageError(`a failure's ${name} must be ${expected}; got ${String(value)}`, {
    code: "emulate.failure",
    hint: "for example { code: 130429, every: 3 }",
  });
}

/** Beyond this, dates have five-digit years, and none at all in the end. */
const LAST_MS = Date.UTC(9999, 0);

/** Throws a `UsageError` when the clock cannot be moved so far. */
export function checkAdvance(ms: number, now: number): void {
  checkNumber("ms", ms, 0);
  if (now + ms <= LAST_MS) return;
  throw new UsageError("the clock cannot be advanced beyond the year 9999", { code: "emulate.option" });
}

function checkNumber(name: string, value: unknown, least: number): void {
  if (typeof value === "number" && value >= least) return;
  throw new UsageError(`${name} must be a number of ${least} or more; got ${String(value)}`, {
    code: "emulate.option",
  });
}
