/** The edges that are recognized: the marks of their responses, and what to do about each. To add one, add an entry to the list. */

/** The part of a response that is examined: `text` is the beginning of the body. */
export interface EdgeResponse {
  status: number;
  headers: { get(name: string): string | null };
  text: string;
}

/** What the edge did instead of passing the request on. */
export type EdgeReason = "challenge" | "blocked" | "login" | "tunnel-warning" | "tunnel-offline" | "app-down";

export interface Edge {
  reason: EdgeReason;
  /** Whose edge it is: `Cloudflare`; missing when the response does not show it. */
  name?: string;
  /** The edge's own code: `ERR_NGROK_3200`. */
  code?: string;
  /** What to do about it, as an imperative. */
  fix: string;
}

/** How a firewall recognizes Meta. Source: Meta, "Webhooks" (the addresses); requests in server logs (the user agents). */
export const META_AT_THE_EDGE = "user agents facebookexternalua and facebookplatform, addresses of AS32934";

const allow = (where: string) => `let Meta skip bot checks on this path ${where}: ${META_AT_THE_EDGE}`;

/** A rule that matches responses; `reason` and `fix` are what follows from a match. */
interface Rule extends Omit<Edge, "code"> {
  matches(response: EdgeResponse): boolean;
}

const header =
  (name: string, pattern = /./) =>
  ({ headers }: EdgeResponse) =>
    pattern.test(headers.get(name) ?? "");
const page =
  (pattern: RegExp) =>
  ({ text }: EdgeResponse) =>
    pattern.test(text);
const status =
  (...statuses: number[]) =>
  ({ status: given }: EdgeResponse) =>
    statuses.includes(given);
const all =
  (...conditions: Rule["matches"][]) =>
  (response: EdgeResponse) =>
    conditions.every((matches) => matches(response));
const any =
  (...conditions: Rule["matches"][]) =>
  (response: EdgeResponse) =>
    conditions.some((matches) => matches(response));

const byCloudflare = any(header("server", /^cloudflare/i), header("cf-ray"));
const CLOUDFLARE = `${allow("with a WAF rule in Cloudflare")}; turn Bot Fight Mode off, which rules cannot skip`;
const TUNNEL_OFFLINE = "start the tunnel again, and register its URL: wa-hook listen --register phone";

/**
 * In the order in which they are tried: what names itself first. Sources: Cloudflare, "Detect a Challenge Page response" and "5xx errors";
 * AWS WAF, "CAPTCHA and Challenge action behavior". The other marks are not documented: they come from what such edges usually send.
 */
export const RULES: readonly Rule[] = [
  {
    name: "Cloudflare",
    reason: "challenge",
    fix: CLOUDFLARE,
    matches: any(
      header("cf-mitigated", /challenge/i),
      all(byCloudflare, page(/<title>Just a moment|_cf_chl_opt|\/cdn-cgi\/challenge-platform\//i)),
    ),
  },
  {
    name: "Cloudflare",
    reason: "blocked",
    fix: CLOUDFLARE,
    matches: all(byCloudflare, status(403, 429), page(/error code: 10\d\d|Attention Required!|you have been blocked/i)),
  },
  {
    name: "Cloudflare",
    reason: "tunnel-offline",
    fix: TUNNEL_OFFLINE,
    matches: all(byCloudflare, status(530)),
  },
  {
    name: "Cloudflare",
    reason: "app-down",
    fix: "start the app, and check that Cloudflare can reach its server: port, certificate, firewall",
    matches: all(byCloudflare, status(520, 521, 522, 523, 524, 525, 526)),
  },
  {
    name: "Cloudflare Access",
    reason: "login",
    fix: "add a bypass policy for this path in Cloudflare Access: Meta cannot log in",
    matches: header("location", /^https:\/\/[\w.-]+\.cloudflareaccess\.com\//i),
  },
  {
    name: "Vercel",
    reason: "challenge",
    fix: allow("with a bypass rule in Vercel → Firewall"),
    matches: any(header("x-vercel-mitigated", /challenge/i), header("x-vercel-challenge-token")),
  },
  {
    name: "Vercel",
    reason: "blocked",
    fix: allow("with a bypass rule in Vercel → Firewall"),
    matches: header("x-vercel-mitigated"),
  },
  {
    name: "Vercel",
    reason: "login",
    fix: "use the production domain, or turn Vercel's Deployment Protection off for this deployment: Meta cannot log in",
    matches: all(status(401), any(header("set-cookie", /_vercel_sso_nonce/), page(/vercel\.com\/sso-api/))),
  },
  {
    name: "AWS WAF",
    reason: "challenge",
    fix: allow("with an allow rule in AWS WAF"),
    matches: header("x-amzn-waf-action"),
  },
  {
    name: "AWS CloudFront",
    reason: "blocked",
    fix: allow("with an allow rule in AWS WAF"),
    matches: all(status(403), header("x-amz-cf-id"), page(/Request blocked|could not be satisfied/i)),
  },
  {
    name: "Akamai",
    reason: "challenge",
    fix: allow("in Akamai's bot manager"),
    matches: any(page(/sec-cp-challenge|\/_sec\/cp_challenge/), all(status(428), header("server", /akamai/i))),
  },
  {
    name: "Akamai",
    reason: "blocked",
    fix: allow("in Akamai's firewall"),
    matches: all(status(403), any(header("server", /akamai/i), page(/errors\.edgesuite\.net/i))),
  },
  {
    name: "Imperva",
    reason: "challenge",
    fix: allow("in Imperva"),
    matches: page(/_Incapsula_Resource|Incapsula incident ID/i),
  },
  {
    name: "Sucuri",
    reason: "blocked",
    fix: allow("in Sucuri's firewall"),
    matches: any(header("x-sucuri-block"), all(status(403), header("server", /sucuri/i))),
  },
  {
    name: "DataDome",
    reason: "challenge",
    fix: allow("in DataDome"),
    matches: all(status(401, 403, 429), any(header("x-datadome"), header("x-dd-b"))),
  },
  {
    name: "SiteGround",
    reason: "challenge",
    fix: "ask the host to exempt this path from its bot check",
    matches: any(header("sg-captcha"), page(/\.well-known\/sgcaptcha/)),
  },
  {
    name: "Imunify360",
    reason: "challenge",
    fix: "ask the host to exempt this path from its bot check",
    matches: any(all(status(403, 406, 415, 429), header("server", /imunify360/i)), page(/Imunify360 bot-protection/i)),
  },
  {
    name: "Azure Front Door",
    reason: "blocked",
    fix: allow("with an allow rule in its WAF policy"),
    matches: all(status(403), header("x-azure-ref"), page(/<html|request is blocked/i)),
  },
  {
    name: "localtunnel",
    reason: "tunnel-warning",
    fix: "use another provider: wa-hook listen --tunnel cloudflared",
    matches: all(status(401, 511), page(/loca\.lt|localtunnel/i)),
  },
  // Apps do not use these two statuses, and a page that asks for a browser is not the app's API.
  {
    reason: "challenge",
    fix: allow("in the firewall or CDN"),
    matches: any(
      status(418, 428),
      all(
        status(202, 401, 403, 405, 406, 429, 503),
        page(/<html|<!doctype/i),
        page(
          /captcha|enable JavaScript|checking (?:if|your browser)|(?:verify|verifying|confirm) (?:that )?you are (?:a |not a )?(?:human|robot)/i,
        ),
      ),
    ),
  },
  {
    reason: "blocked",
    fix: allow("in the firewall or CDN"),
    matches: all(
      status(403, 406),
      page(/<html|<!doctype/i),
      page(/web application firewall|\bWAF\b|request (?:was |has been )?(?:blocked|rejected)|mod_security/i),
    ),
  },
];

/** Whether the body is a web page. */
export function isPage(text: string): boolean {
  return /<html|<!doctype/i.test(text);
}
