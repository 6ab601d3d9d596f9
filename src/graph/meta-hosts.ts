/** Which hosts are Meta's own: the access token goes to no others. */

/** Media stand on lookaside.fbsbx.com. Source: Meta, "Media", Cloud API; the others are the names that its services use. */
const DOMAINS = ["facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net"];

export function isMeta({ protocol, hostname }: URL): boolean {
  return protocol === "https:" && DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}
