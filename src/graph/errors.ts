/** Meta's error responses: parsed, and turned into errors with their meaning and a remedy. */
import { CredentialsError, RejectedError, WaHookError } from "../errors.ts";
import { asJsonObject } from "../json.ts";
import type { ErrorCode } from "../meta-errors/error-code.ts";
import { findErrorCode } from "../meta-errors/error-table.ts";
import { OAUTH_SUBCODES } from "../meta-errors/oauth-subcodes.ts";
import { envName } from "../setting-names.ts";
import { META_AT_THE_EDGE } from "../webhook/edge-rules.ts";

/** The `error` of a Graph API response. Source: Meta, "Handle errors", Graph API, and "Error codes", Cloud API. */
export interface GraphError {
  code: number;
  /** Without the `(#code)` that it often starts with. */
  message: string;
  type?: string;
  subcode?: number;
  /** `error_data.details`, the most useful text. */
  details?: string;
  userTitle?: string;
  userMessage?: string;
  /** Meta's claim that the same request may succeed later. */
  transient?: boolean;
  /** Identifies the request for Meta's support. */
  fbtraceId?: string;
}

/** What the response contained besides the error. */
export interface ErrorContext {
  status: number;
  /** Seconds, from `Retry-After` or from the usage headers. */
  retryAfter?: number;
}

/** Parses the `error` of a response; undefined when there is none. Never throws. */
export function parseGraphError(response: unknown): GraphError | undefined {
  const error = asJsonObject(asJsonObject(response)?.["error"]);
  if (error === undefined) return undefined;
  const data = error["error_data"];
  const fields = {
    type: text(error["type"]),
    // `debug_token` names it `subcode`.
    subcode: number(error["error_subcode"] ?? error["subcode"]),
    details: typeof data === "string" ? text(data) : text(asJsonObject(data)?.["details"]),
    userTitle: text(error["error_user_title"]),
    userMessage: text(error["error_user_msg"]),
    transient: typeof error["is_transient"] === "boolean" ? error["is_transient"] : undefined,
    fbtraceId: text(error["fbtrace_id"]),
  };
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const message = (text(error["message"]) ?? "no reason given")
    .replace(/^\(#\d+\) */, "")
    .replace(/\.? Please read the Graph API documentation at \S+$/, "");
  return { code: number(error["code"]) ?? 0, message, ...(Object.fromEntries(known) as Partial<GraphError>) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  const given = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof given === "number" && Number.isFinite(given) ? given : undefined;
}

type Explanation = Pick<ErrorCode, "meaning" | "remedy" | "retry" | "credentials"> & {
  /** What Meta rejected, when it is not the access token. */
  rejected?: string;
};

/** An explanation for the errors whose message matches. */
type MessageRule = Explanation & { pattern: RegExp };

/** Why a callback was not verified (2200): Meta's message contains the HTTP status of the callback, or curl's error number. */
const NOT_VERIFIED: readonly MessageRule[] = [
  [
    /Status Code = 40[13]\b/,
    "the endpoint rejected the handshake",
    `set the app's verify token to ${envName("verifyToken")}, and accept GET requests without a signature`,
  ],
  [
    /Status Code = (?:418|428)\b/,
    "something in front of the endpoint demands a browser check",
    `let Meta skip bot checks on this path in the firewall or CDN: ${META_AT_THE_EDGE}`,
  ],
  [/Status Code = 404\b/, "the endpoint has no such path", "compare the path of the URL with the app's route"],
  [
    /Status Code = 30\d\b/,
    "the endpoint responded with a redirect, which Meta does not follow",
    "use the final URL; check for a trailing slash",
  ],
  [
    /Status Code = 5\d\d\b/,
    "the endpoint failed, or the tunnel in front of it has no app behind it",
    "start the app, and check its log",
  ],
  [
    /Status Code = 200\b/,
    "the endpoint responded without the challenge",
    "respond with the value of hub.challenge and nothing else",
  ],
  [
    /curl_errno = 6\b/,
    "the host in the URL does not resolve",
    "check the URL for a typo; a new host name can take a minute to resolve",
  ],
  [/curl_errno = 7\b/, "the endpoint refused the connection", "start the app, or the tunnel in front of it"],
  [
    /curl_errno = 28\b/,
    "the endpoint did not respond in time",
    "check for a firewall that blocks Meta, and respond within seconds",
  ],
  [
    /curl_errno = (35|51|58|60)\b/,
    "the endpoint's certificate is not trusted",
    "serve the full chain of a public CA; Meta does not trust self-signed certificates",
  ],
  [
    /curl_errno = (52|56)\b/,
    "the endpoint closed the connection without a response",
    "check the app's log, and that the port serves HTTPS",
  ],
].map(([pattern, meaning, remedy]) => ({ pattern, meaning, remedy }) as MessageRule);

const APP_CREDENTIALS = `${envName("appId")} and ${envName("appSecret")}`;

/** Errors that share a code, so that only Meta's message distinguishes them. */
const BY_MESSAGE: readonly MessageRule[] = [
  ...NOT_VERIFIED,
  {
    pattern: /appsecret_proof/,
    meaning: "the app requires a proof of its app secret, which is missing or was generated with another secret",
    remedy: `set ${envName("appSecret")} to the secret of the app that the token belongs to`,
    credentials: true,
    rejected: "the app secret",
  },
  {
    pattern: /validating (client secret|application)|access token signature/i,
    meaning: "the app ID and the app secret do not match, or no such app exists",
    remedy: `copy ${APP_CREDENTIALS} from App settings → Basic`,
    credentials: true,
    rejected: "the app's credentials",
  },
  {
    pattern: /did not match the Viewing App/,
    meaning: "another app issued the token",
    remedy: `set ${APP_CREDENTIALS} to those of the app that issued the token, or use a token of this app`,
    credentials: true,
  },
  {
    pattern: /Cannot parse access token|could not be decrypted|Malformed access token/i,
    meaning: "the value is not an access token of Meta, or only a part of one",
    remedy: `copy the whole token into ${envName("accessToken")}, without quotes or spaces`,
    credentials: true,
  },
];

const UNKNOWN: Explanation = {
  meaning: "this error code is unknown to wa-hook",
  remedy: "look it up under Cloud API → Error codes in Meta's documentation",
};

/** Explains an error by its message, its subcode and its code. */
function explain({ code, subcode, message }: GraphError): Explanation {
  const explained = BY_MESSAGE.find(({ pattern }) => pattern.test(message)) ?? findErrorCode(code, subcode) ?? UNKNOWN;
  const specific = OAUTH_SUBCODES.find((known) => known.subcode === subcode);
  // Under other codes the same subcode has another meaning.
  const applies = code === 190 || code === 102 || (code === 100 && subcode === 33);
  return specific !== undefined && applies ? { ...explained, ...specific } : explained;
}

/** The meaning of a code as a sentence, and a remedy; for a failure that comes as a status, after the message was accepted. */
export function explainCode(code: number): { meaning: string; remedy: string } {
  const { meaning, remedy } = findErrorCode(code) ?? UNKNOWN;
  return { meaning: capitalized(meaning), remedy };
}

/** A `CredentialsError` when Meta rejected the token or the app's credentials, else a `RejectedError`. */
export function toError(error: GraphError, context: ErrorContext): WaHookError {
  const { meaning, remedy, retry, credentials, rejected = "the access token" } = explain(error);
  const { code, subcode, message, details, userTitle, userMessage, transient, fbtraceId } = error;
  const explanations = [details, [userTitle, userMessage].filter(Boolean).join(": ")].filter(
    (each): each is string => each !== undefined && each !== "" && each !== message,
  );
  const about = [
    capitalized(meaning),
    ...explanations.map((each) => `Details: ${each}`),
    ...(retry === undefined ? [] : [retryLine(retry, context.retryAfter)]),
    ...(fbtraceId === undefined ? [] : [`fbtrace_id: ${fbtraceId} (for Meta's support)`]),
  ];
  const user = { user_title: userTitle, user_message: userMessage };
  const meta = { code, subcode, message, details, ...user, transient, fbtrace_id: fbtraceId, status: context.status };
  const rest = { code: `graph.${code}`, hint: remedy, about, facts: { meta, retryAfter: context.retryAfter } };
  return credentials === true
    ? new CredentialsError(`Meta rejected ${rejected}: ${numbered(error)}`, rest)
    : new RejectedError(`Meta rejected the request: ${numbered(error)}`, rest);
}

/** Meta's error in the facts of an error that `toError` created, with Meta's own names. */
type Meta = Pick<GraphError, "code" | "subcode" | "message" | "details" | "transient"> & {
  user_title?: string;
  user_message?: string;
};

/** `(#100/33) Unsupported get request` */
function numbered({ code, subcode, message }: Meta): string {
  return `(#${subcode === undefined ? code : `${code}/${subcode}`}) ${message}`;
}

/** Meta's error, of an error that `toError` created. */
export function metaOf(error: unknown): Meta | undefined {
  return error instanceof WaHookError ? (error.facts["meta"] as Meta | undefined) : undefined;
}

/** Meta's own message with its numbers: `(#100/33) Unsupported get request`. */
export function graphMessageOf(error: WaHookError): string {
  const meta = metaOf(error);
  return meta === undefined ? error.message : numbered(meta);
}

function retryLine(retry: "soon" | "limit", seconds: number | undefined): string {
  const when = seconds === undefined ? "later" : `in ${seconds} s`;
  return retry === "limit"
    ? `The same request can succeed ${when}, at a lower rate.`
    : `The same request can succeed ${when}.`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Whether Meta rejected the request only because of its rate, so that the same request can succeed later. */
export function isRateLimited(error: RejectedError): boolean {
  const meta = metaOf(error);
  return meta !== undefined && findErrorCode(meta.code, meta.subcode)?.retry === "limit";
}
