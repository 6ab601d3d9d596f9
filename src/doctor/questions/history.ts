/** Did Meta's last delivery succeed, according to Meta's own record? */
import { readHistory, type HistoryEvent } from "../../graph/subscriptions.ts";
import { span } from "../../graph/token-findings.ts";
import { isLoopback } from "../../http/url.ts";
import { META_AT_THE_EDGE } from "../../webhook/edge-rules.ts";
import { finding, type Question } from "../question.ts";

export const history: Question = {
  code: "history",
  title: "Last delivery",
  expected: "delivered",
  needs: ["accessToken", "phoneNumberId"],
  refused: "skip",
  async ask({ graph, settings, now }, facts) {
    const events = await readHistory(graph, settings.phoneNumberId?.value ?? "");
    const newest = events.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
    if (newest === undefined) return [finding(history, "skip", { got: "none recorded by Meta" })];
    const got = describe(newest, (now + (facts.skew ?? 0)) / 1000);
    if (SUCCEEDED.has(newest.webhook)) return [finding(history, "pass", { got })];
    if (!FAILED.has(newest.webhook)) return [finding(history, "skip", { got })];
    return [finding(history, "warn", { got, fix: adviceFor(newest) })];
  },
};

/** Two pages of Meta's documentation use different words. */
const SUCCEEDED = new Set(["DELIVERED", "SUCCESS"]);
const FAILED = new Set(["FAILED", "ERROR", "RETRYING"]);

/** A firewall that keeps Meta out leaves no trace in the app, and a check from this machine may pass it. */
function adviceFor({ url }: HistoryEvent): string {
  const log = "check the app's log at that time";
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || isLoopback(parsed)) return log;
  return `${log}; without a request there, let Meta through the firewall or CDN: ${META_AT_THE_EDGE}`;
}

function describe({ webhook, status, url, error, at }: HistoryEvent, now: number): string {
  const age = at === undefined ? undefined : Math.floor(now - at);
  const when = age === undefined ? "" : age < 60 ? ", just now" : `, ${span(age)} ago`;
  return `${webhook}: status ${status}${url === undefined ? "" : ` to ${url}`}${when}${error === undefined ? "" : `: ${error}`}`;
}
