/** Inspects and exchanges access tokens. Source: Meta, `debug_token` and "Access tokens". */
import { RejectedError, UsageError, type WaHookError } from "../errors.ts";
import { asJsonObject, type JsonObject, stringAt } from "../json.ts";
import { envName } from "../setting-names.ts";
import type { Graph } from "./client.ts";
import { type GraphError, type Meta, metaOf, parseGraphError } from "./errors.ts";

/** The form of access tokens, app tokens included. Quotes, spaces and line breaks are copying mistakes. */
export const TOKEN_FORM = /^[\w|.-]+$/;

/** What Meta discloses about a token. Times are in seconds since 1970; 0 means never. */
export interface TokenFacts {
  /** Meta accepts it now. */
  valid: boolean;
  /** `USER`, `SYSTEM_USER`, `PAGE` or `APP`. */
  type?: string;
  /** The app that issued it. */
  appId?: string;
  /** The app's name. */
  application?: string;
  /** The user or system user that it acts for. */
  userId?: string;
  /** For page tokens. */
  profileId?: string;
  issuedAt?: number;
  expiresAt?: number;
  /** When the app loses access to the user's data; 0 for all tokens but those of users. */
  dataAccessExpiresAt?: number;
  /** The permissions that it has. */
  scopes: string[];
  /** The assets that a scope is limited to, for WhatsApp the IDs of WABAs. Without `targets`, all assets of the business. */
  granted: { scope: string; targets?: string[] }[];
  /** Why the token is invalid: the error that Meta reports for it, or the error of the request that used it. */
  error?: GraphError | Meta;
}

/** The result of inspecting a token. */
export interface Inspection {
  /** The token that the request used: `app`, the app token; `self`, the inspected token itself, which Meta permits only for some. */
  by: "app" | "self";
  facts: TokenFacts;
  /** Milliseconds since 1970, by Meta's clock. */
  date?: number;
  /** The app whose credentials were used did not issue the token. */
  otherApp?: true;
}

export interface AppCredentials {
  appId: string;
  appSecret: string;
}

/** The app token. */
export function appToken({ appId, appSecret }: AppCredentials): string {
  return `${appId}|${appSecret}`;
}

/**
 * Inspects a token with the app's credentials when they are known, else with the token itself. Resolves with undefined when Meta discloses
 * nothing. An invalid token is a result, not an error.
 */
export async function inspectToken(
  graph: Graph,
  token: string,
  app: AppCredentials | undefined,
): Promise<Inspection | undefined> {
  if (app === undefined) return inspectSelf(graph, token);
  try {
    return { by: "app", ...(await debug(graph, token, appToken(app))) };
  } catch (error) {
    if (!isOtherApp(error)) throw error;
    const self = await inspectSelf(graph, token);
    return { by: "self", facts: UNKNOWN, ...self, otherApp: true };
  }
}

const UNKNOWN: TokenFacts = { valid: true, scopes: [], granted: [] };

async function inspectSelf(graph: Graph, token: string): Promise<Inspection | undefined> {
  try {
    return { by: "self", ...(await debug(graph, token, token)) };
  } catch (error) {
    const meta = metaOf(error);
    // Meta rejects a request made with an invalid token, and that rejection shows that the token is invalid.
    if (meta?.code === 190) return { by: "self", facts: { ...UNKNOWN, valid: false, error: meta } };
    if (meta?.code === 100) return undefined;
    throw error;
  }
}

function isOtherApp(error: unknown): boolean {
  return /did not match the Viewing App/.test(metaOf(error)?.message ?? "");
}

async function debug(graph: Graph, token: string, caller: string): Promise<{ facts: TokenFacts; date?: number }> {
  const { body, date } = await graph.request<{ data?: JsonObject }>({
    path: "debug_token",
    query: { input_token: token },
    token: caller,
  });
  return { facts: readFacts(body.data ?? {}), ...(date === undefined ? {} : { date }) };
}

/** Parses `data` of `debug_token`. Never throws. */
function readFacts(data: JsonObject): TokenFacts {
  const known: [keyof TokenFacts, unknown][] = [
    ["type", stringAt(data, "type")],
    ["appId", stringAt(data, "app_id")],
    ["application", stringAt(data, "application")],
    ["userId", stringAt(data, "user_id")],
    ["profileId", stringAt(data, "profile_id")],
    ["issuedAt", time(data["issued_at"])],
    ["expiresAt", time(data["expires_at"])],
    ["dataAccessExpiresAt", time(data["data_access_expires_at"])],
    ["error", parseGraphError(data)],
  ];
  return {
    valid: data["is_valid"] === true,
    scopes: words(data["scopes"]) ?? [],
    granted: granted(data["granular_scopes"]),
    ...(Object.fromEntries(known.filter(([, value]) => value !== undefined)) as Partial<TokenFacts>),
  };
}

function granted(value: unknown): TokenFacts["granted"] {
  if (!Array.isArray(value)) return [];
  return value.map(asJsonObject).flatMap((each) => {
    const [scope, targets] = [stringAt(each, "scope"), words(each?.["target_ids"])];
    return scope === undefined ? [] : [{ scope, ...(targets === undefined ? {} : { targets }) }];
  });
}

function words(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function time(value: unknown): number | undefined {
  const seconds = typeof value === "string" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : undefined;
}

/** A token that Meta has just issued. */
export interface NewToken {
  token: string;
  /** Its lifetime in seconds; missing when Meta does not report one, as for tokens that never expire. */
  expiresIn?: number;
}

/**
 * Exchanges a user's token for one that is valid for 60 days, or (`systemUser`) a system user's token for another 60 days. The old token
 * stays valid until it expires. Expired tokens cannot be exchanged.
 */
export async function exchangeToken(
  graph: Graph,
  token: string,
  app: AppCredentials,
  systemUser: boolean,
): Promise<NewToken> {
  const { body } = await graph.request<{ access_token?: string; expires_in?: number | string }>({
    path: "oauth/access_token",
    query: {
      grant_type: "fb_exchange_token",
      client_id: app.appId,
      client_secret: app.appSecret,
      ...(systemUser ? { set_token_expires_in_60_days: "true" } : {}),
      fb_exchange_token: token,
    },
    token: null,
  });
  const expiresIn = time(body.expires_in);
  if (typeof body.access_token !== "string" || body.access_token === "") throw noToken();
  return { token: body.access_token, ...(expiresIn === undefined || expiresIn === 0 ? {} : { expiresIn }) };
}

function noToken(): WaHookError {
  return new RejectedError("Meta's response has no token", {
    code: "token.none",
    hint: "try again; wa-hook token shows whether the old token is still valid",
  });
}

/** Both credentials. Throws a `UsageError` when one is missing. */
export function needApp(appId: string | undefined, appSecret: string | undefined): AppCredentials {
  if (appId !== undefined && appSecret !== undefined) return { appId, appSecret };
  const missing = [
    ...(appId === undefined ? [envName("appId")] : []),
    ...(appSecret === undefined ? [envName("appSecret")] : []),
  ];
  throw new UsageError(`a new token requires the app's credentials: ${missing.join(" and ")} not set`, {
    code: "token.app-missing",
    hint: `copy ${missing.join(" and ")} from App settings → Basic in the app dashboard`,
  });
}
