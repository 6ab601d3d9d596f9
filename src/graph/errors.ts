/** What Meta answers when it refuses: read whole, and told with what it means and what to do. */
import { CredentialsError, RejectedError, WaHookError } from "../errors.ts";
import { asItem } from "../json.ts";
import type { ErrorCode } from "../meta-errors/error-code.ts";
import { findErrorCode } from "../meta-errors/error-table.ts";
import { OAUTH_SUBCODES } from "../meta-errors/oauth-subcodes.ts";

/** The `error` of a Graph answer. Source: Meta, "Handle errors", Graph API, and "Error codes", Cloud API. */
export interface GraphFault {
  code: number;
  /** Without the `(#code)` that it often begins with. */
  message: string;
  type?: string;
  subcode?: number;
  /** `error_data.details`: the useful text. */
  details?: string;
  userTitle?: string;
  userMessage?: string;
  /** Meta says that trying again can help. */
  transient?: boolean;
  /** What Meta's support asks for. */
  fbtraceId?: string;
}

/** What came with the fault. */
export interface FaultContext {
  status: number;
  /** Seconds, from `Retry-After` or from the usage headers. */
  retryAfter?: number;
}

/** Reads the `error` of an answer; nothing when there is none. Never throws, whatever it is given. */
export function readFault(answer: unknown): GraphFault | undefined {
  const error = asItem(asItem(answer)?.["error"]);
  if (error === undefined) return undefined;
  const data = error["error_data"];
  const fields = {
    type: text(error["type"]),
    // `debug_token` calls it `subcode`.
    subcode: number(error["error_subcode"] ?? error["subcode"]),
    details: typeof data === "string" ? text(data) : text(asItem(data)?.["details"]),
    userTitle: text(error["error_user_title"]),
    userMessage: text(error["error_user_msg"]),
    transient: typeof error["is_transient"] === "boolean" ? error["is_transient"] : undefined,
    fbtraceId: text(error["fbtrace_id"]),
  };
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const message = (text(error["message"]) ?? "no reason given")
    .replace(/^\(#\d+\) */, "")
    .replace(/\.? Please read the Graph API documentation at \S+$/, "");
  return { code: number(error["code"]) ?? 0, message, ...(Object.fromEntries(known) as Partial<GraphFault>) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  const given = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof given === "number" && Number.isFinite(given) ? given : undefined;
}

type Explanation = Pick<ErrorCode, "meaning" | "remedy" | "retry" | "credentials"> & {
  /** What was refused, when it is not the access token. */
  refused?: string;
};

/** Why a callback was not verified (2200): by the status that came back, or by curl's number. */
const NOT_VERIFIED: readonly (Explanation & { words: RegExp })[] = [
  [
    /Status Code = 40[13]\b/,
    "the endpoint refused the handshake",
    "give the app the same verify token as the settings, and let GET through without a signature",
  ],
  [/Status Code = 404\b/, "there is no such path at the endpoint", "compare the path of the URL with the app's route"],
  [
    /Status Code = 30\d\b/,
    "the endpoint answered with a redirect, which Meta does not follow",
    "use the final URL, mind the slash at its end",
  ],
  [
    /Status Code = 5\d\d\b/,
    "the endpoint failed, or only the tunnel in front of it is there",
    "start the app, and look at its own log",
  ],
  [
    /Status Code = 200\b/,
    "the endpoint answered with something else than the challenge",
    "answer with hub.challenge and nothing else",
  ],
  [
    /curl_errno = 6\b/,
    "the name in the URL does not resolve",
    "look for a slip in the URL, or wait a minute when the name is new",
  ],
  [/curl_errno = 7\b/, "nobody listens there", "start the app, or the tunnel in front of it"],
  [
    /curl_errno = 28\b/,
    "the endpoint did not answer in time",
    "look whether a firewall keeps Meta out, and answer within seconds",
  ],
  [
    /curl_errno = (35|51|58|60)\b/,
    "the endpoint's certificate was not accepted",
    "serve the whole chain of a public CA; self-signed ones are refused",
  ],
  [
    /curl_errno = (52|56)\b/,
    "the endpoint hung up without an answer",
    "look at the app's own log; does it speak HTTPS on this port?",
  ],
].map(([words, meaning, remedy]) => ({ words, meaning, remedy }) as Explanation & { words: RegExp });

/** Faults that their words tell apart better than their codes. */
const BY_WORDS: readonly (Explanation & { words: RegExp })[] = [
  ...NOT_VERIFIED,
  {
    words: /appsecret_proof/,
    meaning:
      "the app asks for a proof that the caller knows its app secret, and it was missing or made with another secret",
    remedy: "set WHATSAPP_APP_SECRET to the secret of the app that the token belongs to",
    credentials: true,
    refused: "the app secret",
  },
  {
    words: /validating (client secret|application)|access token signature/i,
    meaning: "the app id and the app secret do not belong together, or are of no app",
    remedy: "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET as they stand under App settings → Basic",
    credentials: true,
    refused: "the app's credentials",
  },
  {
    words: /did not match the Viewing App/,
    meaning: "the token was issued by another app than the one that asked",
    remedy: "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET of the app that issued the token, or take a token of this app",
    credentials: true,
  },
  {
    words: /Cannot parse access token|could not be decrypted|Malformed access token/i,
    meaning: "what was sent is no token: it is cut off, mixed with something else, or not from Meta",
    remedy: "copy the token again, whole; WHATSAPP_ACCESS_TOKEN holds it without quotes or spaces",
    credentials: true,
  },
];

const UNKNOWN: Explanation = {
  meaning: "this code is not among those that wa-hook knows",
  remedy: "look it up under Cloud API → Error codes in Meta's documentation",
};

/** What is known about a fault: by its words, its subcode, its code. */
function explainFault({ code, subcode, message }: GraphFault): Explanation {
  const explained = BY_WORDS.find(({ words }) => words.test(message)) ?? findErrorCode(code) ?? UNKNOWN;
  const nuance = OAUTH_SUBCODES.find((known) => known.subcode === subcode);
  // Under other codes the same subcode means something else.
  const fits = code === 190 || code === 102 || (code === 100 && subcode === 33);
  return nuance !== undefined && fits ? { ...explained, ...nuance } : explained;
}

/** The error for people and programs. A token that was refused is a `CredentialsError`, everything else a `RejectedError`. */
export function faultError(fault: GraphFault, context: FaultContext): WaHookError {
  const { meaning, remedy, retry, credentials, refused = "the access token" } = explainFault(fault);
  const { code, subcode, message, details, userTitle, userMessage, transient, fbtraceId } = fault;
  const number = numberOf(fault);
  const said = [details, [userTitle, userMessage].filter(Boolean).join(": ")].filter(
    (each): each is string => each !== undefined && each !== "" && each !== message,
  );
  const about = [
    sentence(meaning),
    ...said.map((each) => `Meta says: ${each}`),
    ...(retry === undefined ? [] : [retryLine(retry, context.retryAfter)]),
    ...(fbtraceId === undefined ? [] : [`fbtrace_id ${fbtraceId} (Meta's support asks for it)`]),
  ];
  const meta = { code, subcode, message, details, transient, fbtrace_id: fbtraceId, status: context.status };
  const given = { code: `graph.${code}`, hint: remedy, about, facts: { meta, retryAfter: context.retryAfter } };
  return credentials === true
    ? new CredentialsError(`Meta refused ${refused}: (#${number}) ${message}`, given)
    : new RejectedError(`Meta refused it: (#${number}) ${message}`, given);
}

/** What Meta answered, of an error that `faultError` made. */
export function metaOf(error: unknown): Pick<GraphFault, "code" | "subcode" | "message" | "transient"> | undefined {
  return error instanceof WaHookError ? (error.facts["meta"] as ReturnType<typeof metaOf>) : undefined;
}

/** Meta's own message with its code, without what was refused. */
export function refusalWords(error: WaHookError): string {
  const meta = metaOf(error);
  return meta === undefined ? error.message : `(#${numberOf(meta)}) ${meta.message}`;
}

/** `190`, or with a subcode `190/463`. */
function numberOf({ code, subcode }: Pick<GraphFault, "code" | "subcode">): string {
  return subcode === undefined ? String(code) : `${code}/${subcode}`;
}

function retryLine(retry: "soon" | "limit", seconds: number | undefined): string {
  const when = seconds === undefined ? "in a while" : `in ${seconds} s`;
  return retry === "limit"
    ? `The same request can succeed ${when}, when less is sent.`
    : `The same request can succeed ${when}.`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Whether Meta refused it for its rate alone, so that the same request can succeed later. */
export function retriesHelp(error: RejectedError): boolean {
  const code = metaOf(error)?.code;
  return code !== undefined && findErrorCode(code)?.retry === "limit";
}
