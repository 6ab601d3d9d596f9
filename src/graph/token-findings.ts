/** What there is to say about a token: is it good, until when, for what, and does it fit the settings. */
import type { Finding } from "../report/finding.ts";
import type { Inspection, TokenFacts } from "./token.ts";

/** What the token should be good for. */
export interface TokenExpectation {
  /** Milliseconds that must be left. */
  minTtl?: number;
  scopes: readonly string[];
  appId?: string;
  businessAccountId?: string;
  /** Milliseconds since 1970, by this machine's clock. */
  now: number;
}

/** The scopes without which the Cloud API is of no use. Source: Meta, "Permissions", WhatsApp. */
export const SCOPES = ["whatsapp_business_messaging", "whatsapp_business_management"];

const DAY_S = 86_400;
/** Those of the dashboard live for some hours; everything else for 60 days or for ever. */
const TEMPORARY_S = 2 * DAY_S;
const SKEW_MS = 5 * 60_000;
const LASTING =
  "make a lasting one: Business settings → Users → System users → Generate token, with both WhatsApp permissions";

/** One finding per question, in the order in which a person would ask. */
export function judgeToken({ facts, date, otherApp }: Inspection, expectation: TokenExpectation): Finding[] {
  const now = (date ?? expectation.now) / 1000;
  const valid = validity(facts, otherApp === true);
  if (!facts.valid) return [valid, ...clock(date, expectation.now)];
  return [
    valid,
    ...(facts.expiresAt === undefined ? [] : [expiry(facts.expiresAt, now, expectation.minTtl)]),
    ...temporary(facts, now),
    ...dataAccess(facts, now),
    ...(otherApp === true && facts.scopes.length === 0 ? [] : scopes(facts, expectation.scopes)),
    ...app(facts, expectation.appId, otherApp === true),
    ...account(facts, expectation.businessAccountId),
    ...clock(date, expectation.now),
  ];
}

function finding(
  code: string,
  title: string,
  rest: Pick<Finding, "status" | "expected" | "got" | "reason" | "fix">,
): Finding {
  return { code: `token.${code}`, title, ...rest };
}

function validity({ valid, error }: TokenFacts, otherApp: boolean): Finding {
  const title = "is the token valid?";
  if (valid)
    return finding("valid", title, { status: "pass", expected: "valid", got: otherApp ? "not refused" : "valid" });
  const why = error?.message ?? "not valid";
  const fix =
    /expired/i.test(why) || error?.subcode === 463
      ? `it has expired: ${LASTING}`
      : `take a new one; better, ${LASTING}`;
  return finding("valid", title, { status: "fail", expected: "valid", got: why, fix });
}

function expiry(expiresAt: number, now: number, minTtl: number | undefined): Finding {
  const title = "how long does it live?";
  const expected = minTtl === undefined ? "not expired" : `at least ${span(minTtl / 1000)} left`;
  if (expiresAt === 0) return finding("expiry", title, { status: "pass", expected, got: "it never expires" });
  const left = expiresAt - now;
  const got = left > 0 ? `${span(left)} left` : `expired ${span(-left)} ago`;
  const enough = left > 0 && left * 1000 >= (minTtl ?? 0);
  if (enough) return finding("expiry", title, { status: "pass", expected, got });
  const fix =
    left > 0
      ? "wa-hook token refresh (a system user's) or wa-hook token exchange (a user's) gives a newer one"
      : LASTING;
  return finding("expiry", title, { status: "fail", expected, got, fix });
}

function temporary({ type, issuedAt, expiresAt = 0 }: TokenFacts, now: number): Finding[] {
  if (type !== "USER" || expiresAt === 0 || expiresAt - (issuedAt ?? now) > TEMPORARY_S) return [];
  const got = "a temporary token of the dashboard";
  return [
    finding("lasting", "is it a token to stay?", {
      status: "warn",
      expected: "a system user's token",
      got,
      fix: LASTING,
    }),
  ];
}

function dataAccess({ dataAccessExpiresAt = 0, type }: TokenFacts, now: number): Finding[] {
  if (dataAccessExpiresAt === 0 || type !== "USER") return [];
  const left = dataAccessExpiresAt - now;
  const got = left > 0 ? `${span(left)} left` : `ended ${span(-left)} ago`;
  const title = "until when may the app use the user's data?";
  const rest = { expected: "access to the user's data", got };
  if (left > 0) return [finding("data-access", title, { status: "pass", ...rest })];
  const fix = "the user has to log in to the app again; a system user's token has no such end";
  return [finding("data-access", title, { status: "fail", ...rest, fix })];
}

function scopes({ scopes: held, type }: TokenFacts, wanted: readonly string[]): Finding[] {
  if (type === "APP") {
    const got = "an app's own token, which sends nothing";
    const fix = "use the token of a system user or of a user for messages";
    return [
      finding("scope", "may it send messages?", {
        status: "fail",
        expected: "a user's or system user's token",
        got,
        fix,
      }),
    ];
  }
  return wanted.map((scope) => {
    const title = `may it use ${scope}?`;
    if (held.includes(scope)) return finding("scope", title, { status: "pass", expected: scope, got: "held" });
    const fix = `generate a new token with ${scope} ticked: a token keeps the permissions that it was made with`;
    return finding("scope", title, { status: "fail", expected: scope, got: "missing", reason: scope, fix });
  });
}

function app({ appId }: TokenFacts, wanted: string | undefined, otherApp: boolean): Finding[] {
  if (wanted === undefined) return [];
  const title = "is it of the configured app?";
  const got = appId ?? (otherApp ? "another app" : "unknown");
  if (appId === wanted) return [finding("app", title, { status: "pass", expected: wanted, got })];
  if (appId === undefined && !otherApp) return [];
  const fix =
    "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET of the token's app, or generate the token in the configured app";
  return [finding("app", title, { status: "fail", expected: wanted, got, fix })];
}

/** The business accounts that the token is limited to; none when it is limited to none. */
export function accountsOf(granted: TokenFacts["granted"]): string[] {
  return [...new Set(granted.filter(({ scope }) => SCOPES.includes(scope)).flatMap(({ targets = [] }) => targets))];
}

function account({ granted }: TokenFacts, wanted: string | undefined): Finding[] {
  if (wanted === undefined) return [];
  const about = granted.filter(({ scope, targets }) => SCOPES.includes(scope) && targets !== undefined);
  if (about.length === 0) return [];
  const title = "may it use the configured business account?";
  const without = about.filter(({ targets }) => targets?.includes(wanted) !== true);
  const held = accountsOf(granted).join(", ");
  if (without.length === 0) return [finding("waba", title, { status: "pass", expected: wanted, got: held })];
  const fix =
    "assign the account to the system user, then generate a new token; or set WHATSAPP_BUSINESS_ACCOUNT_ID to one of these";
  return [finding("waba", title, { status: "fail", expected: wanted, got: held === "" ? "none" : held, fix })];
}

function clock(date: number | undefined, now: number): Finding[] {
  const got = date === undefined ? undefined : describeSkew(date - now);
  if (got === undefined) return [];
  const fix = "set the clock: what expires is reckoned by Meta's here, but not by other programs";
  return [finding("clock", "is this machine's clock right?", { status: "warn", expected: "Meta's clock", got, fix })];
}

/** `2 days behind Meta's`; nothing while it does no harm. `skew` is Meta's clock less this one, in milliseconds. */
export function describeSkew(skew: number): string | undefined {
  if (Math.abs(skew) < SKEW_MS) return undefined;
  return `${span(Math.abs(skew) / 1000)} ${skew < 0 ? "ahead of" : "behind"} Meta's`;
}

const UNITS: [seconds: number, word: string][] = [
  [DAY_S, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** `59 days`, `3 hours`: the largest unit of which there is more than one, or just one. */
export function span(seconds: number): string {
  const [size, word] = UNITS.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
