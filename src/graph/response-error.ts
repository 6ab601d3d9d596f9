/** Errors for requests without a valid Graph API response: transport failures and unexpected bodies. */
import { InterruptedError, reasonOf, systemCode, UnavailableError, WaHookError } from "../errors.ts";
import { envName } from "../setting-names.ts";

/** The request that failed. */
export interface RequestContext {
  origin: string;
  /** Meta may have processed it although no response confirms it. */
  writes: boolean;
  timeoutMs: number;
}

interface Response {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

const MAYBE_PROCESSED = "Meta may have processed the request: check before you send it again.";
const PREVIEW_LENGTH = 200;

/** The error for a response that is not JSON, or not JSON of the Graph API. */
export function explainBody({ status, headers, text }: Response, { origin, writes }: RequestContext): UnavailableError {
  const about = writes && (status < 300 || status >= 500) ? [MAYBE_PROCESSED] : [];
  if (status >= 300 && status < 400) {
    const to = headers["location"];
    return new UnavailableError(`${origin} responded with a redirect (${status}) to ${String(to)}`, {
      code: "graph.redirect",
      hint: `set ${envName("graphUrl")} to the final URL: redirects are not followed, because they would receive the token`,
    });
  }
  if (text.trim() === "") {
    return new UnavailableError(`${origin} responded with status ${status} and an empty body`, {
      code: "graph.empty",
      hint: TRY_AGAIN,
      about,
    });
  }
  if (/^\s*</.test(text)) {
    return new UnavailableError(`${origin} responded with status ${status} and a web page instead of JSON`, {
      code: "graph.html",
      hint: "check for a proxy or a login page between this machine and Meta, and metastatus.com for outages",
      about: [...about, `Body: ${text.trim().slice(0, PREVIEW_LENGTH)}`],
    });
  }
  return new UnavailableError(`${origin} responded with status ${status} and an unexpected body`, {
    code: "graph.unreadable",
    hint: TRY_AGAIN,
    about: [...about, `Body: ${text.trim().slice(0, PREVIEW_LENGTH)}`],
  });
}

/** The error for a response that is longer than any expected one. */
export function explainLarge(maxBytes: number, { origin, writes }: RequestContext): UnavailableError {
  return new UnavailableError(`the response of ${origin} has more than ${maxBytes} bytes, the limit for this request`, {
    code: "graph.too-large",
    hint: `nothing was saved; check that ${envName("graphUrl")} is Meta's URL`,
    about: writes ? [MAYBE_PROCESSED] : [],
  });
}

/** Translates errors of the HTTP client. Returns wa-hook's own errors and bugs unchanged. */
export function explainTransport(
  error: unknown,
  { origin, writes, timeoutMs }: RequestContext,
  signal?: AbortSignal,
): unknown {
  if (error instanceof WaHookError) return error;
  if (signal?.aborted === true) {
    const about = writes ? [MAYBE_PROCESSED] : [];
    return new InterruptedError("interrupted before Meta responded", {
      code: "graph.interrupted",
      about,
      cause: error,
    });
  }
  const code = systemCode(error) ?? (error instanceof Error && error.name === "HTTPParserError" ? "HTTP_PARSER" : "");
  const [message, hint, sent] = TRANSPORT[code] ?? (NETWORK_CODE.test(code) ? failed(error) : []);
  if (message === undefined)
    return code.startsWith("ERR_TLS") || /CERT|SSL/.test(code) ? explainTls(error, origin) : error;
  return new UnavailableError(message.replace("ORIGIN", origin).replace("TIME", `${timeoutMs / 1000} s`), {
    code: "graph.unreachable",
    ...(hint === undefined ? {} : { hint }),
    about: writes && sent === true ? [MAYBE_PROCESSED] : [],
    cause: error,
  });
}

function explainTls(error: unknown, origin: string): UnavailableError {
  return new UnavailableError(`the certificate of ${origin} is not trusted: ${reasonOf(error)}`, {
    code: "graph.tls",
    hint: "behind a proxy that intercepts HTTPS, set NODE_EXTRA_CA_CERTS to its certificate; also check the system clock",
    cause: error,
  });
}

/** Codes of the system and of undici. undici's codes for invalid arguments indicate a bug in wa-hook. */
const NETWORK_CODE = /^(?:E[A-Z]+|UND_ERR_(?!INVALID)\w+)$/;

function failed(error: unknown): Failure {
  return [`the request to ORIGIN failed: ${reasonOf(error)}`, OFFLINE, true];
}

const OFFLINE = `check the network connection and ${envName("graphUrl")}`;
const TRY_AGAIN = `try again in a minute, and check ${envName("graphUrl")}`;
const OUTAGE = "try again in a minute; metastatus.com shows outages";

/** Message, hint, and whether the request may have arrived. */
type Failure = [message: string, hint: string, sent?: boolean];

const TRANSPORT: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: [
    "ORIGIN refused the connection",
    `start wa-hook emulate if it should listen there, or change ${envName("graphUrl")}`,
  ],
  ENOTFOUND: ["the host in ORIGIN does not resolve", OFFLINE],
  EAI_AGAIN: ["the host in ORIGIN does not resolve", OFFLINE],
  EHOSTUNREACH: ["no route to ORIGIN", OFFLINE],
  ENETUNREACH: ["no route to ORIGIN", OFFLINE],
  UND_ERR_CONNECT_TIMEOUT: ["connecting to ORIGIN timed out after TIME", OFFLINE],
  UND_ERR_HEADERS_TIMEOUT: ["ORIGIN accepted the request but did not respond within TIME", OUTAGE, true],
  UND_ERR_BODY_TIMEOUT: ["the response of ORIGIN stalled for TIME", OUTAGE, true],
  ECONNRESET: ["ORIGIN closed the connection before the response was complete", OUTAGE, true],
  EPIPE: ["ORIGIN closed the connection before the response was complete", OUTAGE, true],
  UND_ERR_SOCKET: ["ORIGIN closed the connection before the response was complete", OUTAGE, true],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["the response of ORIGIN is truncated", OUTAGE, true],
  HTTP_PARSER: [
    "the response of ORIGIN is not HTTP",
    `check http:// or https:// and the port in ${envName("graphUrl")}`,
    true,
  ],
};
