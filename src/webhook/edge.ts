/** Recognizes responses of an edge in front of the endpoint: a firewall's challenge or block, a login, a tunnel without an app behind it. */
import { isLoopback } from "../http/url.ts";
import { isPage, RULES, type Edge, type EdgeReason, type EdgeResponse } from "./edge-rules.ts";

/** For results of checks from this machine, whose address and reputation are not Meta's. */
export const NOT_META = "reachable from this machine does not mean reachable for Meta";

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
