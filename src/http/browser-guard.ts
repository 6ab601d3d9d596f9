/** Protects a local server from web pages: decides by the headers whether a request is served. */
import type { IncomingHttpHeaders } from "node:http";

/** Names of this machine that DNS cannot redirect. */
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const EVERYWHERE = new Set(["0.0.0.0", "::"]);
/** DNS rebinding is impossible for IP addresses and for names without a dot, such as those of containers. */
const NOT_REBINDABLE = /^(?:(?:\d{1,3}\.){3}\d{1,3}|\[[\d:a-f.]+\]|[\w-]+)$/;

/**
 * Why a request is rejected, or `undefined` if it can be served. Call this before reading the body. It protects a server that trusts
 * its own machine from web pages in a browser on that machine:
 *
 * - DNS rebinding: a page's own host name resolves to this machine, which makes it the same origin. Its `Host` is still that name, so
 *   only `localhost`, loopback addresses and the server's own `address` are served, on any port (a container can publish another
 *   port). A server on all addresses also accepts any IP address and names without a dot. A name with a trailing dot or a missing
 *   `Host` is rejected.
 * - Requests from other origins: forms, `no-cors` fetches, images, scripts, links. Browsers send `Origin` with every POST and
 *   `Sec-Fetch-Site` with every request; only the server's own origin is accepted. `Origin: null` is rejected, and so is `same-site`,
 *   because all ports of localhost are one site.
 * - Preflights, which precede JSON, tokens or DELETE from another origin.
 *
 * Programs send none of these headers. `Sec-Fetch-Mode`, sent by Node's own fetch, does not depend on the origin and is ignored.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, address: string): string | undefined {
  const { host = "", origin } = headers;
  if (!isOwnHost(host, address)) return host === "" ? "missing Host header" : `unexpected Host header: ${show(host)}`;
  if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
    return "requests from web pages are rejected";
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return `requests from web pages are rejected (Origin: ${show(origin)})`;
  }
  const site = headers["sec-fetch-site"] ?? "none";
  if (site === "none" || site === "same-origin") return undefined;
  return `requests from web pages are rejected (Sec-Fetch-Site: ${show(site)})`;
}

/**
 * Whether a browser sent the request for a web page, even one of this server: for routes that are for programs only. Browsers send `Origin`
 * with every POST, and `Sec-Fetch-Site: none` only for an address that a person opens.
 */
export function isFromPage({ origin, ...headers }: IncomingHttpHeaders): boolean {
  return origin !== undefined || (headers["sec-fetch-site"] ?? "none") !== "none";
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
