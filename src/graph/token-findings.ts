/** Checks of an access token: validity, expiry, permissions, and whether it matches the settings. */
import type { Finding } from "../report/finding.ts";
import { envName } from "../setting-names.ts";
import type { Graph } from "./client.ts";
import { MESSAGING } from "./scopes.ts";
import { readPermissions, SCOPES, wabasIn, type Assets, type Permission } from "./token-permissions.ts";
import type { Inspection, TokenFacts } from "./token.ts";

/** What the token should be good for. */
export interface TokenExpectation extends Assets {
  /** The minimum remaining lifetime, in milliseconds. */
  minTtl?: number;
  scopes: readonly string[];
  appId?: string;
  /** Milliseconds since 1970, by this machine's clock. */
  now: number;
}

/** The check that the others depend on: whether Meta discloses anything about the token. */
export const TOKEN_DETAILS = {
  code: "token.inspect",
  title: "Token details",
  expected: "the token's expiry and permissions",
} as const;

const DAY_S = 86_400;
/** Tokens of the dashboard are valid for some hours; all others for 60 days or without limit. */
const TEMPORARY_S = 2 * DAY_S;
const SKEW_MS = 5 * 60_000;
const GENERATE =
  "generate a long-lived token: Business settings → Users → System users → Generate token, with both WhatsApp permissions";
/** Meta's subcode of an expired token. */
const EXPIRED_SUBCODE = 463;

/** One finding per check. A permission that Meta does not list is tried; throws an `UnavailableError` when Meta cannot be reached. */
export async function checkToken(
  graph: Graph,
  inspection: Inspection,
  expectation: TokenExpectation,
): Promise<Finding[]> {
  const { facts, otherApp } = inspection;
  // Requests with the token of another app fail for other reasons.
  const isUsable = facts.valid && facts.type !== "APP" && otherApp !== true;
  const permissions = isUsable ? await readPermissions(graph, facts, expectation) : [];
  return judge(inspection, expectation, permissions);
}

function judge(
  { facts, date, otherApp }: Inspection,
  expectation: TokenExpectation,
  permissions: readonly Permission[],
): Finding[] {
  const now = (date ?? expectation.now) / 1000;
  const valid = validity(facts, otherApp === true);
  if (!facts.valid) return [valid, ...clock(date, expectation.now)];
  return [
    valid,
    ...(facts.expiresAt === undefined ? [] : [expiry(facts.expiresAt, now, expectation.minTtl)]),
    ...longLived(facts, now),
    ...dataAccess(facts, now),
    ...(facts.type === "APP" ? [APP_TOKEN] : permissions.map(permissionFinding)),
    ...app(facts, expectation.appId, otherApp === true),
    ...waba(facts, expectation.businessAccountId),
    ...clock(date, expectation.now),
  ];
}

function validity({ valid, error }: TokenFacts, otherApp: boolean): Finding {
  const base = { code: "token.valid", title: "Token status", expected: "valid" };
  if (valid) return { ...base, status: "pass", got: otherApp ? "accepted" : "valid" };
  const reason = error?.subcode === EXPIRED_SUBCODE ? "expired" : "invalid";
  return { ...base, status: "fail", got: error?.message ?? "invalid", reason, fix: GENERATE };
}

function expiry(expiresAt: number, now: number, minTtl: number | undefined): Finding {
  const expected = minTtl === undefined ? "not expired" : `in ${span(minTtl / 1000)} or later`;
  const base = { code: "token.expiry", title: "Token expiry", expected };
  if (expiresAt === 0) return { ...base, status: "pass", got: "never" };
  const left = expiresAt - now;
  const got = `${left > 0 ? `in ${span(left)}` : `${span(-left)} ago`} (${utc(expiresAt)})`;
  if (left > 0 && left * 1000 >= (minTtl ?? 0)) return { ...base, status: "pass", got };
  if (left <= 0) return { ...base, status: "fail", got, reason: "expired", fix: GENERATE };
  const fix = "run wa-hook token refresh --save (token of a system user) or wa-hook token exchange --save (of a user)";
  return { ...base, status: "fail", got, reason: "soon", fix };
}

function longLived({ type, issuedAt, expiresAt = 0 }: TokenFacts, now: number): Finding[] {
  if (type !== "USER" || expiresAt === 0 || expiresAt - (issuedAt ?? now) > TEMPORARY_S) return [];
  const base = { code: "token.long-lived", title: "Long-lived token", expected: "the token of a system user" };
  return [{ ...base, status: "warn", got: "no: temporary dashboard token", fix: GENERATE }];
}

function dataAccess({ dataAccessExpiresAt = 0, type }: TokenFacts, now: number): Finding[] {
  if (dataAccessExpiresAt === 0 || type !== "USER") return [];
  const left = dataAccessExpiresAt - now;
  const base = { code: "token.data-access", title: "Data access expiry", expected: "not expired" };
  const got = `${left > 0 ? `in ${span(left)}` : `${span(-left)} ago`} (${utc(dataAccessExpiresAt)})`;
  if (left > 0) return [{ ...base, status: "pass", got }];
  const fix =
    "log in to the app again as this user, or use the token of a system user, whose data access does not expire";
  return [{ ...base, status: "fail", got, fix }];
}

const PERMISSION = { code: "token.scope", title: "Permission" };

const APP_TOKEN: Finding = {
  ...PERMISSION,
  status: "fail",
  expected: "the token of a user or a system user",
  got: "app token",
  reason: "app-token",
  fix: "use the token of a user or a system user: an app token cannot send messages",
};

function permissionFinding({ scope, state, evidence }: Permission): Finding {
  const base = { ...PERMISSION, expected: scope };
  switch (state) {
    case "listed":
      return { ...base, status: "pass", got: scope };
    case "used":
      return { ...base, status: "pass", got: `${scope} (not listed by Meta, but it can read the ${evidence})` };
    case "unknown": {
      const why = evidence ?? `${envName("businessAccountId")} and ${envName("phoneNumberId")} are not set`;
      return {
        ...base,
        status: "skip",
        got: `${scope} is not listed by Meta, which may still grant it; not checked: ${why}`,
      };
    }
    case "missing": {
      const refused = evidence === undefined ? "" : `: Meta denies access to the ${evidence}`;
      const fix = `generate a new token and select ${scope}: an existing token cannot get more permissions`;
      const reason = scope === MESSAGING ? "missing-messaging" : "missing";
      return { ...base, status: "fail", got: `${scope} is missing${refused}`, reason, fix };
    }
  }
}

function app({ appId }: TokenFacts, wanted: string | undefined, otherApp: boolean): Finding[] {
  if (wanted === undefined) return [];
  const base = { code: "token.app", title: "Token app", expected: wanted };
  if (appId === wanted) return [{ ...base, status: "pass", got: appId }];
  if (appId === undefined && !otherApp) return [];
  const names = `${envName("appId")} and ${envName("appSecret")}`;
  const fix = `set ${names} to those of the token's app, or generate a token in the configured app`;
  return [{ ...base, status: "fail", got: appId === undefined ? "another app" : `app ${appId}`, fix }];
}

function waba({ granted }: TokenFacts, wanted: string | undefined): Finding[] {
  if (wanted === undefined) return [];
  const limited = granted.filter(({ scope, targets }) => SCOPES.includes(scope) && targets !== undefined);
  if (limited.length === 0) return [];
  const base = { code: "token.waba", title: "WABA access", expected: wanted };
  const has = wabasIn(granted).join(", ");
  if (limited.every(({ targets }) => targets?.includes(wanted) === true)) {
    return [{ ...base, status: "pass", got: has }];
  }
  const fix = `assign the WABA to the system user and generate a new token, or correct ${envName("businessAccountId")}`;
  return [{ ...base, status: "fail", got: `only ${has === "" ? "none" : has}`, fix }];
}

function clock(date: number | undefined, now: number): Finding[] {
  const got = date === undefined ? undefined : describeSkew(date - now);
  if (got === undefined) return [];
  const fix = "set the system clock: this command uses Meta's, but other programs do not";
  const base = { code: "token.clock", title: "System clock", expected: "within 5 minutes of Meta's clock" };
  return [{ ...base, status: "warn", got, fix }];
}

/** `2 days behind Meta's`; undefined when the difference is harmless. `skew` is Meta's clock minus this one, in milliseconds. */
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

/** `59 days`, `3 hours`: in the largest unit that fits, rounded down. */
export function span(seconds: number): string {
  const [size, word] = UNITS.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** `2026-08-01 12:13 UTC` */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
