/** Access tokens: what Meta says of one, and getting a newer one. Source: Meta, `debug_token` and "Access tokens". */
import { RejectedError, UsageError, type WaHookError } from "../errors.ts";
import { asItem, type Item, stringAt } from "../json.ts";
import type { Graph } from "./client.ts";
import { type GraphFault, metaOf, readFault } from "./errors.ts";

/** What a token looks like, the app's own too; quotes, spaces and line ends are slips. */
export const TOKEN_FORM = /^[\w|.-]+$/;

/** What Meta knows of a token. Times in seconds since 1970; 0 is never. */
export interface TokenFacts {
  valid: boolean;
  /** `USER`, `SYSTEM_USER`, `PAGE` or `APP`. */
  type?: string;
  appId?: string;
  /** The app's name. */
  application?: string;
  userId?: string;
  /** Of a page token. */
  profileId?: string;
  issuedAt?: number;
  expiresAt?: number;
  /** When the app loses access to the user's data; 0 for all but users' tokens. */
  dataAccessExpiresAt?: number;
  scopes: string[];
  /** The assets that a scope is limited to; without `targets`, all of the business. For WhatsApp these are business account ids. */
  granted: { scope: string; targets?: string[] }[];
  /** Why it is not valid. */
  error?: Pick<GraphFault, "code" | "subcode" | "message">;
}

/** How the facts came, and Meta's clock. */
export interface Inspection {
  /** `app`: asked with the app's own token. `self`: the token was asked about itself, which Meta answers only for some. */
  by: "app" | "self";
  facts: TokenFacts;
  /** Milliseconds since 1970, by Meta's clock. */
  date?: number;
  /** The app that was asked with is not the token's. */
  otherApp?: true;
}

export interface AppCredentials {
  appId: string;
  appSecret: string;
}

/** The app's own token. */
export function appToken({ appId, appSecret }: AppCredentials): string {
  return `${appId}|${appSecret}`;
}

/**
 * Asks Meta about a token: with the app's credentials when they are known, else with the token itself. Resolves with nothing when Meta
 * answers neither. A token that is not valid is an answer, not an error.
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
    // A dead token may not ask, not even about itself: that is the answer.
    if (meta?.code === 190) return { by: "self", facts: { ...UNKNOWN, valid: false, error: meta } };
    if (meta?.code === 100) return undefined;
    throw error;
  }
}

function isOtherApp(error: unknown): boolean {
  return /did not match the Viewing App/.test(metaOf(error)?.message ?? "");
}

async function debug(graph: Graph, token: string, caller: string): Promise<{ facts: TokenFacts; date?: number }> {
  const { body, date } = await graph.request<{ data?: Item }>({
    path: "debug_token",
    query: { input_token: token },
    token: caller,
  });
  return { facts: readFacts(body.data ?? {}), ...(date === undefined ? {} : { date }) };
}

/** Reads `data` of `debug_token`; never throws. */
function readFacts(data: Item): TokenFacts {
  const known: [keyof TokenFacts, unknown][] = [
    ["type", stringAt(data, "type")],
    ["appId", stringAt(data, "app_id")],
    ["application", stringAt(data, "application")],
    ["userId", stringAt(data, "user_id")],
    ["profileId", stringAt(data, "profile_id")],
    ["issuedAt", time(data["issued_at"])],
    ["expiresAt", time(data["expires_at"])],
    ["dataAccessExpiresAt", time(data["data_access_expires_at"])],
    ["error", readFault(data)],
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
  return value.map(asItem).flatMap((each) => {
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

/** A token that Meta has just made. */
export interface NewToken {
  token: string;
  /** Seconds that it lives; nothing when Meta does not say, as for those that never expire. */
  expiresIn?: number;
}

/**
 * Exchanges a user's token for one of 60 days, or (`systemUser`) a system user's token for another 60 days. The old one lives on until
 * its own end. Expired tokens cannot be exchanged.
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
  return new RejectedError("Meta answered without a token", {
    code: "token.none",
    hint: "try again; wa-hook token tells whether the old one is still good",
  });
}

/** Both, or an error that says what for. */
export function needApp(appId: string | undefined, appSecret: string | undefined): AppCredentials {
  if (appId !== undefined && appSecret !== undefined) return { appId, appSecret };
  const missing = [appId === undefined ? "WHATSAPP_APP_ID" : "", appSecret === undefined ? "WHATSAPP_APP_SECRET" : ""];
  throw new UsageError(
    `a new token takes the app's credentials: ${missing.filter(Boolean).join(" and ")} ${missing.every(Boolean) ? "are" : "is"} not set`,
    {
      code: "token.app-missing",
      hint: "both are in the app's dashboard under App settings → Basic; put them into .env",
    },
  );
}
