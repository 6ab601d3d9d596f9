/** Access tokens: one in each state, plus tokens issued by exchange, and their validation. */
import { MANAGEMENT, MESSAGING } from "../../graph/scopes.ts";
import type { Clock } from "../clock.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import { digitsOf } from "../ids.ts";
import type { Account, TokenName } from "../options.ts";
import { tokenValue } from "./account.ts";

export { MANAGEMENT, MESSAGING };

export interface Token {
  value: string;
  type: "SYSTEM_USER" | "USER" | "APP";
  appId: string;
  application: string;
  scopes: readonly string[];
  /** The WhatsApp Business Account that it grants access to. */
  target: string;
  userId: string;
  /** Unix time in seconds; an expiry of 0 means never. */
  issuedAt: number;
  expiresAt: number;
  dataAccessExpiresAt: number;
  /** Set when the token was invalidated before its expiry. */
  invalidated?: { subcode: number; message: string };
}

const [HOUR, DAY] = [3600, 86_400];
/** The lifetime that Meta gives exchanged tokens: nearly 60 days. */
export const EXCHANGED_SECONDS = 5_183_944;
const MAX_ISSUED = 1000;
const LOGGED_OUT = {
  subcode: 467,
  message: "Error validating access token: The session is invalid because the user logged out.",
};
const REVOKED = {
  subcode: 466,
  message: "Error validating access token: The session has been invalidated by an API call.",
};
const NOT_A_TOKEN = "Invalid OAuth access token - Cannot parse access token";

export class Tokens {
  /** The value of one token per state. */
  readonly named: Readonly<Record<TokenName, string>>;
  readonly #known = new Map<string, Token>();
  readonly #issued: string[] = [];
  readonly #clock: Clock;

  constructor(account: Account, seed: string, clock: Clock) {
    this.#clock = clock;
    const base = permanentToken(account, clock.seconds());
    const other = (what: string) => digitsOf(`${seed} other ${what}`, 15);
    const add = (token: Token) => {
      this.#known.set(token.value, token);
      return token.value;
    };
    const make = (name: string, changes: Partial<Token>) => add({ ...base, value: tokenValue(name, seed), ...changes });
    const now = base.issuedAt;
    this.named = {
      permanent: add(base),
      temporary: make("Temporary", {
        type: "USER",
        userId: other("user"),
        expiresAt: now + DAY,
        dataAccessExpiresAt: now + 90 * DAY,
      }),
      sixtyDays: make("SixtyDays", { expiresAt: now + 60 * DAY }),
      expired: make("Expired", { type: "USER", userId: other("user"), issuedAt: now - DAY, expiresAt: now - HOUR }),
      loggedOut: make("LoggedOut", { invalidated: LOGGED_OUT }),
      noMessagingScope: make("NoMessagingScope", { scopes: [MANAGEMENT, "public_profile"] }),
      otherApp: make("OtherApp", { appId: other("app"), application: "Another app" }),
      otherBusiness: make("OtherBusiness", { target: other("business account"), userId: other("system user") }),
      app: `${account.appId}|${account.appSecret}`,
    };
    add({ ...base, value: this.named.app, type: "APP", scopes: [], userId: "", expiresAt: 0 });
  }

  /** Throws a `GraphErrorResponse` with code 190 when the token is unknown, expired or invalidated. */
  requireValid(value: string): Token {
    const token = this.find(value);
    if (token === undefined) throw new GraphErrorResponse(190, { message: this.unknownMessage(value) });
    const reason = this.invalidReason(token);
    if (reason !== undefined) throw new GraphErrorResponse(190, { ...reason });
    return token;
  }

  /** Adds the app token of another app: `id|secret`. */
  addApp({ id, secret, name }: { id: string; secret: string; name: string }): void {
    const own = this.#known.get(this.named.app) as Token;
    const value = `${id}|${secret}`;
    this.#known.set(value, { ...own, value, appId: id, application: name });
  }

  find(value: string): Token | undefined {
    return this.#known.get(value);
  }

  /** Whether a token was issued to the user with this id. */
  isUser(id: string): boolean {
    return id !== "" && Object.values(this.named).some((value) => this.#known.get(value)?.userId === id);
  }

  /** Meta's message for a token that does not exist. */
  unknownMessage(value: string): string {
    return /^\d+\|/.test(value) ? "Invalid OAuth access token signature." : NOT_A_TOKEN;
  }

  /** Why a known token is invalid; undefined when it is valid. */
  invalidReason(token: Token): { subcode: number; message: string } | undefined {
    if (token.invalidated !== undefined) return token.invalidated;
    if (token.expiresAt === 0 || token.expiresAt > this.#clock.seconds()) return undefined;
    const [expired, now] = [token.expiresAt, this.#clock.seconds()].map(formatTime);
    const message = `Error validating access token: Session has expired on ${expired}. The current time is ${now}.`;
    return { subcode: 463, message };
  }

  /** Issues a token with the same permissions. It is valid for `seconds`; 0 means that it never expires. */
  issue(like: Token, suffix: string, seconds: number): Token {
    const issuedAt = this.#clock.seconds();
    const expiresAt = seconds === 0 ? 0 : issuedAt + seconds;
    const token = { ...like, value: `EAAGEmulatedExchanged${suffix}`, issuedAt, expiresAt };
    this.#known.set(token.value, token);
    this.#issued.push(token.value);
    if (this.#issued.length > MAX_ISSUED) this.#known.delete(this.#issued.shift() as string);
    return token;
  }

  revoke(token: Token): void {
    this.#known.set(token.value, { ...token, invalidated: REVOKED });
  }
}

function permanentToken(account: Account, issuedAt: number): Token {
  return {
    value: account.accessToken,
    type: "SYSTEM_USER",
    appId: account.appId,
    application: APPLICATION,
    scopes: [MANAGEMENT, MESSAGING, "public_profile"],
    target: account.businessAccountId,
    userId: digitsOf(`${account.businessAccountId} system user`, 15),
    issuedAt,
    expiresAt: 0,
    dataAccessExpiresAt: 0,
  };
}

/** The name of the emulated app. */
export const APPLICATION = "wa-hook emulator";

let pacific: Intl.DateTimeFormat | undefined;
/** Created on first use: construction is slow, and only the message of an expired token has dates. */
function inPacificTime(seconds: number): Intl.DateTimeFormatPart[] {
  pacific ??= new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    weekday: "long",
    day: "2-digit",
    month: "short",
    year: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  return pacific.formatToParts(seconds * 1000);
}

/** Formats a time as in Meta's error messages: `Friday, 31-Jul-26 05:13:20 PDT`. */
function formatTime(seconds: number): string {
  const parts = inPacificTime(seconds);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  const date = `${part("day")}-${part("month")}-${part("year")}`;
  return `${part("weekday")}, ${date} ${part("hour")}:${part("minute")}:${part("second")} ${part("timeZoneName")}`;
}
