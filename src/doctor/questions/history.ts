/** Did Meta's last delivery succeed, according to Meta's own record? */
import { readHistory, type HistoryEvent } from "../../graph/subscriptions.ts";
import { span } from "../../graph/token-findings.ts";
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
    return [finding(history, "warn", { got, fix: "check the app's log at that time" })];
  },
};

/** Two pages of Meta's documentation use different words. */
const SUCCEEDED = new Set(["DELIVERED", "SUCCESS"]);
const FAILED = new Set(["FAILED", "ERROR", "RETRYING"]);

function describe({ webhook, status, url, error, at }: HistoryEvent, now: number): string {
  const age = at === undefined ? undefined : Math.floor(now - at);
  const when = age === undefined ? "" : age < 60 ? ", just now" : `, ${span(age)} ago`;
  return `${webhook}: status ${status}${url === undefined ? "" : ` to ${url}`}${when}${error === undefined ? "" : `: ${error}`}`;
}
