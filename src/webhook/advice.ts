/** Advice on an app's response to a delivery: unexpected statuses, latency and connection errors. */
import { reasonOf, systemCode } from "../errors.ts";
import { isInContainer, triedAddresses } from "../http/loopback.ts";

/** What to do about a status other than 200. Meta treats only 200 as delivered and retries for up to seven days. */
export function adviseOnStatus(status: number): string {
  if (status >= 200 && status < 300) return `respond with 200 instead of ${status}: Meta treats only 200 as delivered`;
  if (status >= 300 && status < 400)
    return "use the final URL, including any trailing slash: Meta does not follow redirects";
  if (status === 400) return "verify the signature over the raw request body: a parsed body has different bytes";
  if (status === 401 || status === 403) {
    return "verify the signature over the raw request body with the same app secret, and require no login on this route";
  }
  if (status === 404) return "check the path of the URL against the app's routes";
  if (status === 405) return "accept POST requests on this route";
  if (status === 408 || status === 504) return "respond with 200 first and process the delivery afterwards";
  if (status === 413) return "raise the app's body size limit: Meta sends up to 3 MB";
  if (status === 415) return "accept application/json on this route";
  if (status === 429) return "exempt Meta's deliveries from the app's rate limit";
  if (status >= 500) return "check the app's log for the error";
  return "respond with 200: Meta treats only 200 as delivered";
}

/** Meta's guidance is a median of 250 ms or less and fewer than 1 % above a second. */
export const SLOW_MS = 1000;
export const LATENCY_ADVICE =
  "respond with 200 first and process the delivery afterwards: Meta expects a median of 250 ms and less than 1 % above 1 s";

/** Connection errors that mean that nothing listens at the URL, so that further deliveries are pointless. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether an error of the HTTP client means that nothing listens at the URL. */
export function isUnreachable(error: unknown): boolean {
  return UNREACHABLE.has(systemCode(error) ?? "");
}

/** What happened when there was no response, from the error of the HTTP client. */
export function adviseOnFailure(error: unknown, origin: string, timeoutMs: number): string {
  const code = systemCode(error) ?? "";
  if (code === "ECONNREFUSED") return refused(error, origin);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `cannot resolve the host of ${origin}: check the URL`;
  if (code === "UND_ERR_CONNECT_TIMEOUT") return `connection to ${origin} timed out: check the URL`;
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return `no response within ${timeoutMs / 1000} s: respond with 200 first and process the delivery afterwards`;
  }
  if (["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(code)) {
    return "the app closed the connection before the response was complete: check its log";
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_"))
    return `the server at ${origin} does not speak HTTPS: use http://`;
  // undici sets no code for this error.
  if (error instanceof Error && error.name === "HTTPParserError")
    return `the server at ${origin} does not speak HTTP: check the port, and whether it expects HTTPS`;
  return reasonOf(error);
}

function refused(error: unknown, origin: string): string {
  const tried = triedAddresses(error);
  const where = tried.length === 0 ? origin : `${origin} (tried ${tried.join(" and ")})`;
  const isLocalhost = URL.canParse(origin) && new URL(origin).hostname === "localhost";
  const outside =
    isLocalhost && isInContainer() ? `, or use host.docker.internal if it runs outside this container` : "";
  return `connection refused at ${where}: start your app${outside}`;
}
