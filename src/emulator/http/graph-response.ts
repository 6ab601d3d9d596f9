/** Responses in the Graph API's format: JSON escaped as Meta does it, Meta's headers, and one envelope for all errors. */
import type { ErrorCode } from "../../meta-errors/error-code.ts";
import { findErrorCode } from "../../meta-errors/error-table.ts";
import { encodeWire, escapeUnicode } from "../../webhook/wire.ts";
import type { Trace } from "../ids.ts";

export interface GraphResponse {
  status: number;
  /** The body: either JSON to encode, or `bytes` to send unchanged. */
  json?: unknown;
  bytes?: Buffer;
  headers?: Readonly<Record<string, string>>;
}

export const SUCCESS: GraphResponse = { status: 200, json: { success: true } };

export function ok(json: unknown): GraphResponse {
  return { status: 200, json };
}

/** Parts of an error response besides its code. */
interface ErrorOptions {
  /** Default: `(#code)` and Meta's title for the code. */
  message?: string;
  /** The specific cause, in `error_data.details`. */
  details?: string;
  subcode?: number;
  /** HTTP status. Default: the status in Meta's table of error codes. */
  http?: number;
  type?: "OAuthException" | "GraphMethodException";
  userTitle?: string;
  userMessage?: string;
  /** What the response has beside the error, as when parts of a request succeeded. */
  beside?: object;
  /** Default: true for a code that Meta documents as temporary; otherwise it is left out. */
  transient?: boolean;
}

/** Thrown to respond to a request with one of Meta's errors. */
export class GraphErrorResponse extends Error {
  readonly http: number;
  readonly code: number;
  readonly options: ErrorOptions;

  /** A code that Meta sends as a subcode only, such as 2388024, becomes the subcode of its parent. */
  constructor(given: number, more: ErrorOptions = {}) {
    const known = findErrorCode(given);
    const { code, options } = known?.parent === undefined ? { code: given, options: more } : asSubcode(known, more);
    super(options.message ?? `(#${code}) ${known?.title ?? "An error that is unknown to wa-hook"}`);
    this.http = options.http ?? known?.http ?? 400;
    this.code = code;
    this.options = options;
  }

  /** The response body. */
  body(trace: string): object {
    const { type = "OAuthException", details, subcode, userTitle, userMessage, beside } = this.options;
    const soon = findErrorCode(this.code)?.retry === "soon" ? true : undefined;
    const { transient = soon } = this.options;
    return {
      ...beside,
      error: {
        message: this.message,
        type,
        code: this.code,
        ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(transient === undefined ? {} : { is_transient: transient }),
        ...(userTitle === undefined ? {} : { error_user_title: userTitle }),
        ...(userMessage === undefined ? {} : { error_user_msg: userMessage }),
        fbtrace_id: trace,
      },
    };
  }
}

/** As in captures of refused templates: a general message, and the cause in the texts for people. */
function asSubcode(known: ErrorCode, options: ErrorOptions): { code: number; options: ErrorOptions } {
  const { code, parent = code, title, meaning } = known;
  const userMessage = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  const usual = { message: "Invalid parameter", userTitle: title, userMessage, transient: false };
  return { code: parent, options: { ...usual, ...options, subcode: code } };
}

/** `(#100) The parameter to is required.` */
export function missing(parameter: string, details?: string): GraphErrorResponse {
  return invalid(`The parameter ${parameter} is required.`, details);
}

/** Error 100 with this message. */
export function invalid(message: string, details?: string): GraphErrorResponse {
  return new GraphErrorResponse(100, { message: `(#100) ${message}`, ...(details === undefined ? {} : { details }) });
}

const REVISION = "1031500000";
const APP_LIMITS = new Set([4, 17, 341, 613]);
const BUSINESS_LIMITS = new Set([80007, 130429]);

/** The headers of every response; `errorHeaders` overrides the usage headers for rate limit errors. */
export function metaHeaders(
  { trace: ids, version, now }: { trace: Trace; version: string; now: number },
  businessAccountId: string,
): Record<string, string> {
  return {
    date: new Date(now).toUTCString(),
    "content-type": "application/json; charset=UTF-8",
    "facebook-api-version": version,
    "x-app-usage": appUsage(0),
    "x-business-use-case-usage": businessUsage(businessAccountId, 1, 0),
    "x-fb-rev": REVISION,
    "x-fb-trace-id": ids.trace,
    "x-fb-request-id": ids.request,
    "x-fb-debug": ids.debug,
  };
}

export function errorHeaders({ code, message }: GraphErrorResponse, businessAccountId: string): Record<string, string> {
  const type = code === 190 ? "invalid_token" : "invalid_request";
  const description = escapeUnicode(message)
    .replaceAll(/[^ -~]/g, "?")
    .replaceAll(/["\\]/g, String.raw`\$&`);
  return {
    "www-authenticate": `OAuth "Facebook Platform" "${type}" "${description}"`,
    ...(APP_LIMITS.has(code) ? { "x-app-usage": appUsage(100) } : {}),
    ...(BUSINESS_LIMITS.has(code) ? { "x-business-use-case-usage": businessUsage(businessAccountId, 100, 1) } : {}),
  };
}

function appUsage(percent: number): string {
  return `{"call_count":${percent},"total_cputime":0,"total_time":0}`;
}

function businessUsage(id: string, percent: number, minutes: number): string {
  return `{"${id}":[{"type":"whatsapp","call_count":${percent},"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":${minutes}}]}`;
}

/** The bytes of a response; `pretty` puts each value on a line of its own, as Meta does for people. */
export function bytesOf({ json, bytes }: GraphResponse, pretty = false): Buffer {
  if (bytes !== undefined || !pretty) return bytes ?? encodeWire(json);
  return Buffer.from(escapeUnicode(JSON.stringify(json, undefined, 2).replaceAll("/", String.raw`\/`)), "latin1");
}
