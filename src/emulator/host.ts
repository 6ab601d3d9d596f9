/** Who may ask: programs on this machine, and not a web page that has made its name point here. */

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const EVERYWHERE = new Set(["0.0.0.0", "::"]);

/** Whether a request with this `Host` header is meant for a server at this address. */
export function isOurHost(header: string | undefined, address: string): boolean {
  const name = (header ?? "").toLowerCase().replace(/:\d+$/, "");
  if (LOOPBACK.has(name) || name === address.toLowerCase() || name === `[${address.toLowerCase()}]`) return true;
  // An address cannot be made to point elsewhere, nor can a name without a dot, as containers have it.
  return EVERYWHERE.has(address) && (/^(\d+\.){3}\d+$|^\[[\d:a-f]+\]$/.test(name) || /^[\w-]+$/.test(name));
}
