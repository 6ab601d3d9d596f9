/** Which callback receives the messages, is it the expected one, and can Meta reach it? */
import { CALLBACK_NAMES } from "../../graph/callback-names.ts";
import { readCallbacks, winner, type Callbacks, type Level } from "../../graph/subscriptions.ts";
import { isLoopback } from "../../http/url.ts";
import type { Finding } from "../../report/finding.ts";
import type { Context } from "../context.ts";
import { finding, whyUnusable, type Facts, type Question } from "../question.ts";

export const callback: Question = {
  code: "callback.set",
  title: "Callback URL",
  expected: "a callback on the phone number, the WABA or the app",
  needs: [],
  async ask(context, facts) {
    const callbacks = await callbacksOf(context, facts);
    const level = callbacks === undefined ? undefined : winner(callbacks);
    const url = level === undefined ? undefined : callbacks?.[level];
    const tested = context.callbackUrl ?? url;
    const reachable = tested === undefined ? [] : [judgeUrl(tested, context.isLocal)];
    if (tested !== undefined && reachable.every(({ status }) => status === "pass")) facts.callback = tested;
    const hidden = whyOverridesHidden(facts);
    if (callbacks === undefined) return [finding(callback, "skip", { got: `not checked: ${hidden}` }), ...reachable];
    if (level === undefined || url === undefined) {
      const fix = `run wa-hook webhook set ${context.callbackUrl ?? "<https url>"}`;
      return [finding(callback, "fail", { got: "not set", fix }), ...reachable];
    }
    const note = hidden === undefined ? "" : `; overrides were not checked: ${hidden}`;
    return [
      finding(callback, "pass", { got: `${CALLBACK_NAMES[level]} ${url}${note}` }),
      ...compare(context.callbackUrl, url, level),
      ...reachable,
    ];
  },
};

function whyOverridesHidden(facts: Facts): string | undefined {
  return whyUnusable(["accessToken", "phoneNumberId"], facts);
}

/** Overrides are readable with the access token only; without it, the app's own callback is all there is to read. */
async function callbacksOf({ graph, settings }: Context, facts: Facts): Promise<Callbacks | undefined> {
  if (whyOverridesHidden(facts) === undefined) return readCallbacks(graph, settings.phoneNumberId?.value ?? "");
  return facts.subscription === undefined ? undefined : { app: facts.subscription.url };
}

function compare(wanted: string | undefined, url: string, level: Level): Finding[] {
  if (wanted === undefined) return [];
  const base = { code: "callback.ours", title: "Expected callback", expected: wanted, got: url };
  if (hrefOf(url) === hrefOf(wanted)) return [{ ...base, status: "pass" }];
  const fix = `run wa-hook webhook set ${wanted} --level ${level}`;
  return [{ ...base, status: "fail", got: `${CALLBACK_NAMES[level]} ${url}`, fix }];
}

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)[\d.]+$|\.(local|internal|localhost)$/;
const TUNNEL = "run wa-hook listen, which opens a tunnel with an https URL";

function judgeUrl(given: string, isLocal: boolean): Finding {
  const base = { code: "callback.public", title: "Callback is public", expected: "https on a public host", got: given };
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined) {
    return { ...base, status: "fail", fix: "use a complete URL, such as https://example.com/webhook" };
  }
  if (isLocal && isLoopback(url)) {
    return { ...base, status: "pass", got: "not required: the Graph API is on this machine too" };
  }
  if (url.protocol !== "https:") return { ...base, status: "fail", fix: `use https, which Meta requires: ${TUNNEL}` };
  if (isLoopback(url) || PRIVATE.test(url.hostname)) {
    return { ...base, status: "fail", fix: `use a host that is reachable from the internet: ${TUNNEL}` };
  }
  return { ...base, status: "pass", got: "https" };
}

function hrefOf(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
