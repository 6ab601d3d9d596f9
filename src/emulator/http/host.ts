/** Meta's host names, for clients with a fixed host. They are safe: only the owner of this machine can resolve them to it. */

const META_HOSTS = new Set(["graph.facebook.com", "lookaside.fbsbx.com"]);

export function isMetaHost(header = ""): boolean {
  return META_HOSTS.has(header.toLowerCase().replace(/:\d+$/, ""));
}
