/** Keeps web pages out of a server on this machine: who may send requests to it, judged by their headers alone. */
import type { IncomingHttpHeaders } from "node:http";

/** Names of this machine that nobody else can point elsewhere. */
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const EVERYWHERE = new Set(["0.0.0.0", "::"]);
/** An IP address cannot be rebound; nor can a name without a dot, as containers have it, because nobody can register one. */
const NOT_REBINDABLE = /^(?:(?:\d{1,3}\.){3}\d{1,3}|\[[\d:a-f.]+\]|[\w-]+)$/;

/**
 * Why a request is refused, or nothing when it may be served. Ask before the body is read and before anything is done. It defends
 * a server that trusts its own machine against the web pages that a browser on this machine shows:
 *
 * - DNS rebinding: a page has its own name resolve to this machine, and is of the same origin then. Its `Host` is still that name,
 *   so only `localhost`, loopback addresses and the `address` that the server listens on are served, on any port (a container's
 *   port can be published under another number). A server on every address is also reached by any IP address, and by names without
 *   a dot. A name with a trailing dot, or no `Host` at all, is refused.
 * - Requests from other origins: forms, `no-cors` fetches, images, scripts, links. Browsers send `Origin` with every POST and
 *   `Sec-Fetch-Site` with everything; only the server's own origin passes. `Origin: null` is refused, and so is `same-site`: all ports
 *   of localhost are one site.
 * - Preflights, which ask whether another origin may send JSON, a token or a DELETE.
 *
 * Programs send none of these headers; the `Sec-Fetch-Mode` of Node's own fetch says nothing about an origin and is not considered.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, address: string): string | undefined {
  const { host = "", origin } = headers;
  if (!isOwnHost(host, address)) return `this server is not ${host === "" ? "without a name" : show(host)}`;
  if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
    return "requests from web pages are refused";
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return `requests from web pages are refused (Origin: ${show(origin)})`;
  }
  const site = headers["sec-fetch-site"] ?? "none";
  if (site === "none" || site === "same-origin") return undefined;
  return `requests from web pages are refused (Sec-Fetch-Site: ${show(site)})`;
}

/** Whether a request with this `Host` is meant for a server that listens on `address`. */
function isOwnHost(host: string, address: string): boolean {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, "");
  const own = address.toLowerCase();
  if (LOOPBACK.test(name) || name === own || name === `[${own}]`) return true;
  return EVERYWHERE.has(own) && NOT_REBINDABLE.test(name);
}

function show(value: string): string {
  return value.length > 100 ? `${value.slice(0, 100)}…` : value;
}
