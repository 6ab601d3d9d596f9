/** What Meta makes of an app's answer, and where to look when it is not 200. */
import { reasonOf, systemCode } from "../errors.ts";

/** Advice on a status other than 200. Meta counts exactly 200 as delivered and sends everything else again, for up to seven days. */
export function adviseOnStatus(status: number): string {
  if (status >= 200 && status < 300) return `Meta counts only 200 as delivered: answer 200 instead of ${status}`;
  if (status >= 300 && status < 400)
    return "Meta does not follow redirects: use the final URL, mind the slash at its end";
  if (status === 400) return "usually a signature check on a parsed body: hash the raw bytes of the request";
  if (status === 401 || status === 403) {
    return "the signature check failed, or the route asks for a login: hash the raw bytes, and use the same app secret here and in the app";
  }
  if (status === 404) return "no such path in the app: compare it with the app's route";
  if (status === 405) return "the route exists but does not take POST";
  if (status === 408 || status === 504) return "the app took too long: answer 200 first, work afterwards";
  if (status === 413) return "the app's body limit is too small: Meta sends up to 3 MB";
  if (status === 415) return "the app does not take application/json on this route";
  if (status === 429) return "the app limits its callers: let Meta's deliveries through";
  if (status >= 500) return "the app failed: look at its own log";
  return "Meta counts only 200 as delivered";
}

/** Meta's guidance is a median of 250 ms or less and fewer than 1 % above a second. */
export const SLOW_MS = 1000;
export const adviseOnLatency =
  "Meta wants a median of 250 ms and under 1 % above 1 s: answer 200 first, work afterwards";

/** What went wrong when there was no answer at all, from the error of the HTTP client. */
export function adviseOnFailure(error: unknown, origin: string, timeoutMs: number): string {
  const code = systemCode(error) ?? "";
  if (code === "ECONNREFUSED") return `nobody answers at ${origin}: is your app running?`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `the name in ${origin} does not resolve`;
  if (code === "UND_ERR_CONNECT_TIMEOUT") return `no connection to ${origin}: is the address right?`;
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return `no answer within ${timeoutMs / 1000} s: answer 200 first, work afterwards`;
  }
  if (["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(code)) {
    return "the app hung up before its answer was complete: look at its own log";
  }
  // undici leaves the code of this one empty.
  if (error instanceof Error && error.name === "HTTPParserError")
    return `what answers at ${origin} does not speak HTTP: is it HTTPS, or another program?`;
  return reasonOf(error);
}
