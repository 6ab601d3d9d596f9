/** Answers as the Graph API gives them: JSON in Meta's bytes, Meta's headers, and one envelope for every error. */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import { encodeWire, escapeUnicode } from "../../webhook/wire.ts";
import type { Trace } from "../ids.ts";

export interface Answer {
  status: number;
  /** One of the two; `bytes` go out as they are. */
  json?: unknown;
  bytes?: Buffer;
  headers?: Readonly<Record<string, string>>;
}

export const SUCCESS: Answer = { status: 200, json: { success: true } };

export function answer(json: unknown): Answer {
  return { status: 200, json };
}

/** What an error says besides its code. */
interface About {
  /** Default: `(#code)` and Meta's name for it. */
  message?: string;
  /** What exactly is wrong, in `error_data`. */
  details?: string;
  subcode?: number;
  /** Default: what Meta's table prints for the code. */
  http?: number;
  type?: "OAuthException" | "GraphMethodException";
  userTitle?: string;
  userMessage?: string;
}

/** Thrown when the request is answered with an error. */
export class Refusal extends Error {
  readonly http: number;
  readonly code: number;
  readonly about: About;

  constructor(code: number, about: About = {}) {
    const known = findErrorCode(code);
    super(about.message ?? `(#${code}) ${known?.title ?? "An error that wa-hook has no words for"}`);
    this.http = about.http ?? known?.http ?? 400;
    this.code = code;
    this.about = about;
  }

  /** The body of the answer. */
  body(trace: string): object {
    const { type = "OAuthException", details, subcode, userTitle, userMessage } = this.about;
    const transient = findErrorCode(this.code)?.retry === "soon" ? { is_transient: true } : {};
    return {
      error: {
        message: this.message,
        type,
        code: this.code,
        ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...transient,
        ...(userTitle === undefined ? {} : { error_user_title: userTitle }),
        ...(userMessage === undefined ? {} : { error_user_msg: userMessage }),
        fbtrace_id: trace,
      },
    };
  }
}

/** `(#100) The parameter to is required.` */
export function missing(parameter: string, details?: string): Refusal {
  return invalid(`The parameter ${parameter} is required.`, details);
}

/** Code 100 with these words. */
export function invalid(message: string, details?: string): Refusal {
  return new Refusal(100, { message: `(#100) ${message}`, ...(details === undefined ? {} : { details }) });
}

const REVISION = "1031500000";
const APP_LIMITS = new Set([4, 17, 341, 613]);
const BUSINESS_LIMITS = new Set([80007, 130429]);

/** The headers that each answer has; the usage is at its limit in the answers that say so. */
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

export function refusalHeaders({ code, message }: Refusal, businessAccountId: string): Record<string, string> {
  const sort = code === 190 ? "invalid_token" : "invalid_request";
  const words = escapeUnicode(message)
    .replaceAll(/[^ -~]/g, "?")
    .replaceAll(/["\\]/g, String.raw`\$&`);
  return {
    "www-authenticate": `OAuth "Facebook Platform" "${sort}" "${words}"`,
    ...(APP_LIMITS.has(code) ? { "x-app-usage": appUsage(100) } : {}),
    ...(BUSINESS_LIMITS.has(code) ? { "x-business-use-case-usage": businessUsage(businessAccountId, 100, 1) } : {}),
  };
}

function appUsage(share: number): string {
  return `{"call_count":${share},"total_cputime":0,"total_time":0}`;
}

function businessUsage(id: string, share: number, minutes: number): string {
  return `{"${id}":[{"type":"whatsapp","call_count":${share},"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":${minutes}}]}`;
}

export function bytesOf({ json, bytes }: Answer): Buffer {
  return bytes ?? encodeWire(json);
}
