/** Meta's own names, for clients that cannot be given another one: nobody but the owner of this machine can make them lead here. */

const META_HOSTS = new Set(["graph.facebook.com", "lookaside.fbsbx.com"]);

export function isMetaHost(header = ""): boolean {
  return META_HOSTS.has(header.toLowerCase().replace(/:\d+$/, ""));
}
