/** When there is no answer of the Graph API that can be read: what came instead, and what it leaves open. */
import { InterruptedError, reasonOf, systemCode, UnavailableError, WaHookError } from "../errors.ts";

/** The request that went out. */
export interface Asked {
  origin: string;
  /** It may have changed something, even though no answer says so. */
  writes: boolean;
  timeoutMs: number;
}

interface Came {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

const UNCLEAR = "It is not known whether Meta took the request: look before you send it again.";
const SHOWN = 200;

/** An answer that is not JSON, or that has no place in the API. */
export function explainBody({ status, headers, text }: Came, { origin, writes }: Asked): UnavailableError {
  const about = writes && (status < 300 || status >= 500) ? [UNCLEAR] : [];
  if (status >= 300 && status < 400) {
    const to = headers["location"];
    return new UnavailableError(`${origin} answered with a redirect (${status}) to ${String(to)}`, {
      code: "graph.redirect",
      hint: "set GRAPH_API_URL to the address itself; a redirect is not followed, because the token would go along",
    });
  }
  if (text.trim() === "") {
    return new UnavailableError(`${origin} answered ${status} with nothing in it`, {
      code: "graph.empty",
      hint: "try again in a minute; is it Meta that answers there?",
      about,
    });
  }
  if (/^\s*</.test(text)) {
    return new UnavailableError(`${origin} answered ${status} with a web page instead of JSON`, {
      code: "graph.html",
      hint: "a proxy or a login page may stand between this machine and Meta; or Meta is down, see metastatus.com",
      about: [...about, `It begins: ${text.trim().slice(0, SHOWN)}`],
    });
  }
  return new UnavailableError(`${origin} answered ${status}, and it is not what the Graph API says`, {
    code: "graph.unreadable",
    hint: "try again in a minute; is it Meta that answers there?",
    about: [...about, `It begins: ${text.trim().slice(0, SHOWN)}`],
  });
}

/** An answer that goes on after all that may be in it. */
export function explainLarge(maxBytes: number, { origin, writes }: Asked): UnavailableError {
  return new UnavailableError(`${origin} sends more than ${maxBytes} bytes, which is all that was expected`, {
    code: "graph.too-large",
    hint: "the connection was closed and nothing was kept; does GRAPH_API_URL lead to Meta?",
    about: writes ? [UNCLEAR] : [],
  });
}

/** What the HTTP client throws, explained. An error of ours stays as it is, and so does a bug. */
export function explainTransport(error: unknown, { origin, writes, timeoutMs }: Asked, signal?: AbortSignal): unknown {
  if (error instanceof WaHookError) return error;
  if (signal?.aborted === true) {
    const about = writes ? [UNCLEAR] : [];
    return new InterruptedError("stopped before Meta had answered", { code: "graph.interrupted", about, cause: error });
  }
  const code = systemCode(error) ?? (error instanceof Error && error.name === "HTTPParserError" ? "HTTP_PARSER" : "");
  const [message, hint, sent] = TRANSPORT[code] ?? (OF_NETWORK.test(code) ? failed(error) : []);
  if (message === undefined)
    return code.startsWith("ERR_TLS") || /CERT|SSL/.test(code) ? explainTls(error, origin) : error;
  return new UnavailableError(message.replace("ORIGIN", origin).replace("TIME", `${timeoutMs / 1000} s`), {
    code: "graph.unreachable",
    ...(hint === undefined ? {} : { hint }),
    about: writes && sent === true ? [UNCLEAR] : [],
    cause: error,
  });
}

function explainTls(error: unknown, origin: string): UnavailableError {
  return new UnavailableError(`the certificate of ${origin} is not trusted: ${reasonOf(error)}`, {
    code: "graph.tls",
    hint: "if a proxy of your company opens HTTPS, name its certificate in NODE_EXTRA_CA_CERTS; and is this machine's clock right?",
    cause: error,
  });
}

/** Codes of the system and of undici; what it says of wrong arguments is a bug of ours. */
const OF_NETWORK = /^(?:E[A-Z]+|UND_ERR_(?!INVALID)\w+)$/;

function failed(error: unknown): Trouble {
  return [`the request to ORIGIN failed: ${reasonOf(error)}`, OFFLINE, true];
}

const OFFLINE = "is this machine online? GRAPH_API_URL says which address is asked";
const STUCK = "try again in a minute; metastatus.com tells when Meta has trouble";

/** Message, hint, and whether the request may have arrived. */
type Trouble = [message: string, hint: string, sent?: boolean];

const TRANSPORT: Readonly<Record<string, Trouble>> = {
  ECONNREFUSED: [
    "nobody answers at ORIGIN",
    "if it is wa-hook emulate, start it; GRAPH_API_URL says which address is asked",
  ],
  ENOTFOUND: ["the name in ORIGIN does not resolve", OFFLINE],
  EAI_AGAIN: ["the name in ORIGIN does not resolve", OFFLINE],
  EHOSTUNREACH: ["there is no way to ORIGIN", OFFLINE],
  ENETUNREACH: ["there is no way to ORIGIN", OFFLINE],
  UND_ERR_CONNECT_TIMEOUT: ["no connection to ORIGIN within TIME", OFFLINE],
  UND_ERR_HEADERS_TIMEOUT: ["ORIGIN took the request and did not answer within TIME", STUCK, true],
  UND_ERR_BODY_TIMEOUT: ["ORIGIN began its answer and did not end it within TIME", STUCK, true],
  ECONNRESET: ["ORIGIN hung up before its answer was complete", STUCK, true],
  EPIPE: ["ORIGIN hung up before its answer was complete", STUCK, true],
  UND_ERR_SOCKET: ["ORIGIN hung up before its answer was complete", STUCK, true],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["the answer of ORIGIN was cut off", STUCK, true],
  HTTP_PARSER: [
    "what answers at ORIGIN does not speak HTTP",
    "GRAPH_API_URL says which address is asked: http:// or https://?",
    true,
  ],
};
