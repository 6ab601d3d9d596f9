/** Why Meta refuses a callback, where its error does not show it: a firewall in front of the endpoint, or a domain that Meta distrusts. */
import { RejectedError } from "../errors.ts";
import { metaOf } from "../graph/errors.ts";
import { META_AT_THE_EDGE } from "../webhook/edge-rules.ts";
import { describeEdge, NOT_META } from "../webhook/edge.ts";
import { reach } from "../webhook/reach.ts";

interface Refused {
  url: string;
  verifyToken: string;
  signal: AbortSignal;
}

/** Meta's code of a callback that failed the handshake. */
const NOT_VERIFIED = 2200;

/**
 * Meta's words for a domain on its list of harmful ones, which people meet with shared domains of tunnels. Source: the dashboard's message,
 * "The URL has been identified as malicious and/or abusive".
 */
const DISTRUSTED = /\b(?:url|link|domain|website|callback)\b[^.]{0,60}\b(?:malicious|abusive|unsafe)\b/i;

/** The error with a better remedy, or the same error. Sends the endpoint a handshake, as Meta has just done. */
export async function explainRefusal(error: unknown, refused: Refused): Promise<unknown> {
  if (!(error instanceof RejectedError)) return error;
  if (isDistrusted(error)) return distrusted(error, refused.url);
  return metaOf(error)?.code === NOT_VERIFIED ? afterHandshake(error, refused) : error;
}

/** What to do when Meta distrusts the domain of the URL; undefined for every other error. */
export function adviseOnDomain(error: unknown, url: string): string | undefined {
  return isDistrusted(error) ? otherDomain(url) : undefined;
}

function isDistrusted(error: unknown): boolean {
  const { message, details, user_title, user_message } = metaOf(error) ?? {};
  return [message, details, user_title, user_message].some((text) => text !== undefined && DISTRUSTED.test(text));
}

function distrusted(error: RejectedError, url: string): RejectedError {
  return explained(error, {
    about: `Meta distrusts the domain ${new URL(url).hostname}; the app behind it is not the reason.`,
    hint: otherDomain(url),
    facts: { reason: "domain-distrusted" },
  });
}

function otherDomain(url: string): string {
  const { hostname } = new URL(url);
  const start = "use another domain: ";
  if (/\.ngrok(?:-free)?\.(?:app|dev|io|pizza)$/.test(hostname)) {
    return `${start}wa-hook listen --tunnel cloudflared, or --domain with a domain of your own in ngrok`;
  }
  if (hostname.endsWith(".trycloudflare.com")) {
    return `${start}start wa-hook listen again for a new one, or use --tunnel ngrok or --public-url`;
  }
  return `${start}one of your own with --public-url, or wa-hook listen --tunnel cloudflared`;
}

async function afterHandshake(error: RejectedError, refused: Refused): Promise<RejectedError> {
  const reached = await reach(refused);
  if (reached.ok) {
    return explained(error, {
      about: `The endpoint passes the handshake from this machine, but ${NOT_META}.`,
      hint: `try again; if it fails again, let Meta through the firewall or CDN: ${META_AT_THE_EDGE}`,
      facts: { reason: "reachable-here" },
    });
  }
  const { edge, status, fix } = reached;
  if (edge === undefined) return error;
  const about = `From this machine too, ${describeEdge(edge)} (status ${status}).`;
  return explained(error, { about, hint: fix, facts: { reason: edge.reason, edge } });
}

function explained(
  error: RejectedError,
  { about, hint, facts }: { about: string; hint: string; facts: Readonly<Record<string, unknown>> },
): RejectedError {
  return new RejectedError(error.message, {
    code: error.code,
    hint,
    about: [...error.about, about],
    facts: { ...error.facts, ...facts },
    cause: error,
  });
}
