/** Who may ask: programs on this machine, and not a web page that has made its name point here. */

/** Meta's own names, for clients that cannot be told another one: nobody else can make them point here. */
const METAS = new Set(["graph.facebook.com", "lookaside.fbsbx.com"]);
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const EVERYWHERE = new Set(["0.0.0.0", "::"]);

export function isMetasHost(header = ""): boolean {
  return METAS.has(nameOf(header));
}

/** Whether a request with this `Host` header is meant for a server at this address. */
export function isOurHost(header: string | undefined, address: string): boolean {
  const name = nameOf(header ?? "");
  if (LOOPBACK.has(name) || name === address.toLowerCase() || name === `[${address.toLowerCase()}]`) return true;
  // An address cannot be made to point elsewhere, nor can a name without a dot, as containers have it.
  return EVERYWHERE.has(address) && (/^(\d+\.){3}\d+$|^\[[\d:a-f]+\]$/.test(name) || /^[\w-]+$/.test(name));
}

function nameOf(header: string): string {
  return header.toLowerCase().replace(/:\d+$/, "");
}
