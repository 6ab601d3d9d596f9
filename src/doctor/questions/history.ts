/** What has Meta itself recorded of its newest delivery? */
import { readHistory, type HistoryEvent } from "../../graph/subscriptions.ts";
import { span } from "../../graph/token-findings.ts";
import { answer, type Question } from "../question.ts";

export const history: Question = {
  code: "history",
  title: "how did Meta's newest delivery fare?",
  expected: "delivered",
  needs: ["accessToken", "phoneNumberId"],
  refused: "skip",
  async ask({ graph, settings, now }, known) {
    const events = await readHistory(graph, settings.phoneNumberId?.value ?? "");
    const newest = events.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
    if (newest === undefined) return [answer(history, "skip", { got: "Meta has recorded none" })];
    const got = describe(newest, (now + (known.skew ?? 0)) / 1000);
    if (GOOD.has(newest.webhook)) return [answer(history, "pass", { got })];
    if (!BAD.has(newest.webhook)) return [answer(history, "skip", { got })];
    return [answer(history, "warn", { got, fix: "look into the log of what answers there, at that time" })];
  },
};

/** Two of Meta's pages, two sets of words. */
const GOOD = new Set(["DELIVERED", "SUCCESS"]);
const BAD = new Set(["FAILED", "ERROR", "RETRYING"]);

function describe({ webhook, status, url, error, at }: HistoryEvent, now: number): string {
  const age = at === undefined ? undefined : Math.floor(now - at);
  const when = age === undefined ? "" : age < 60 ? ", just now" : `, ${span(age)} ago`;
  return `${webhook}: status ${status}${url === undefined ? "" : ` to ${url}`}${when}${error === undefined ? "" : `: ${error}`}`;
}
