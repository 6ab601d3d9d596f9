/** Recognizes responses of an edge in front of the endpoint: a firewall's challenge or block, a login, a tunnel without an app behind it. */
import { isLoopback } from "../http/url.ts";

/** A response, as far as it is looked at: `text` is the beginning of the body. */
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

/** A rule that matches responses; `reason` and `fix` are what follows from a match. */
interface Rule extends Omit<Edge, "code"> {
  matches(response: EdgeResponse): boolean;
}

/** How a firewall recognizes Meta. Source: Meta, "Webhooks" (the addresses); requests in server logs (the user agents). */
export const META_AT_THE_EDGE = "user agents facebookexternalua and facebookplatform, addresses of AS32934";

/** For results of checks from this machine, whose address and reputation are not Meta's. */
export const NOT_META = "reachable from this machine does not mean reachable for Meta";

const allow = (where: string) => `let Meta skip bot checks on this path ${where}: ${META_AT_THE_EDGE}`;

/** Which edge responded instead of the endpoint; undefined when the response is, or may be, the endpoint's own. */
export function edgeOf(response: EdgeResponse): Edge | undefined {
  const code = ngrokCode(response);
  if (code !== undefined) return { name: "ngrok", code, ...(NGROK[code] ?? unknownNgrok(code)) };
  const rule = RULES.find(({ matches }) => matches(response));
  if (rule === undefined) return undefined;
  const { name, reason, fix } = rule;
  return { reason, fix, ...(name === undefined ? {} : { name }) };
}

/** `Cloudflare demands a browser check` */
export function describeEdge({
  name = "something in front of the endpoint",
  reason,
}: Pick<Edge, "name" | "reason">): string {
  return `${name} ${DESCRIPTIONS[reason]}`;
}

const DESCRIPTIONS: Readonly<Record<EdgeReason, string>> = {
  challenge: "demands a browser check",
  blocked: "blocks the request",
  login: "demands a login",
  "tunnel-warning": "responds with a warning page instead of the app",
  "tunnel-offline": "has no tunnel for this URL",
  "app-down": "cannot reach the app",
};

/** Whether the edge decides by who asks, so that Meta may get another response than this machine. */
export function dependsOnSender({ reason }: Pick<Edge, "reason">): boolean {
  return reason === "challenge" || reason === "blocked";
}

/** What a check from this machine leaves open; empty for a URL on this machine. `via` is the network in between. */
export function caveatOf(url: URL, via: string | undefined): string {
  if (isLoopback(url)) return "";
  return `; ${NOT_META}${via === undefined ? "" : `, which ${via} may treat differently`}`;
}

/** Whose network passed the request on, as its headers show; its firewall may treat Meta differently. */
export function edgeBetween({ headers }: Pick<EdgeResponse, "headers">): string | undefined {
  return PASSING.find(([header]) => headers.get(header) !== null)?.[1];
}

const PASSING: readonly (readonly [header: string, name: string])[] = [
  ["cf-ray", "Cloudflare"],
  ["x-vercel-id", "Vercel"],
  ["x-amz-cf-id", "AWS CloudFront"],
  ["x-azure-ref", "Azure Front Door"],
  ["x-iinfo", "Imperva"],
  ["x-sucuri-id", "Sucuri"],
];

/** ngrok's code from its header, or from its page. Source: ngrok, "Errors". */
function ngrokCode({ headers, text }: EdgeResponse): string | undefined {
  return headers.get("ngrok-error-code") ?? (isPage(text) ? /\bERR_NGROK_\d{1,6}\b/.exec(text)?.[0] : undefined);
}

const NGROK: Readonly<Record<string, Pick<Edge, "reason" | "fix">>> = {
  ERR_NGROK_3200: {
    reason: "tunnel-offline",
    fix: "start wa-hook listen --register phone, which opens a tunnel and registers its URL",
  },
  ERR_NGROK_3004: {
    reason: "app-down",
    fix: "forward the tunnel to the app's HTTP port: what it leads to does not speak HTTP",
  },
  ERR_NGROK_6024: {
    reason: "tunnel-warning",
    fix: "use a domain of your own in ngrok, or another provider: wa-hook listen --tunnel cloudflared",
  },
  ERR_NGROK_8012: { reason: "app-down", fix: "start the app: the tunnel is online, but nothing listens behind it" },
};

function unknownNgrok(code: string): Pick<Edge, "reason" | "fix"> {
  return { reason: "blocked", fix: `look up ngrok.com/docs/errors/${code.toLowerCase().replaceAll(/[^\w]/g, "")}` };
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
 * Vercel, "Response headers"; AWS WAF, "CAPTCHA and Challenge action behavior"; the others from their public error pages.
 */
const RULES: readonly Rule[] = [
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
