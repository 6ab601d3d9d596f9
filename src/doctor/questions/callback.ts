/** Which callback gets the messages, is it ours, and may Meta call it? */
import { readCallbacks, winner, type Callbacks, type Level } from "../../graph/subscriptions.ts";
import { isLoopback } from "../../http/url.ts";
import type { Finding } from "../../report/finding.ts";
import type { Patient } from "../patient.ts";
import { answer, lack, type Known, type Question } from "../question.ts";

export const callback: Question = {
  code: "callback.set",
  title: "which callback gets the messages?",
  expected: "one that is set for the number, the account or the app",
  needs: [],
  async ask(patient, known) {
    const callbacks = await callbacksOf(patient, known);
    const level = callbacks === undefined ? undefined : winner(callbacks);
    const url = level === undefined ? undefined : callbacks?.[level];
    const goal = patient.url ?? url;
    const fitting = goal === undefined ? [] : [fit(goal, patient.offline)];
    if (goal !== undefined && fitting.every(({ status }) => status === "pass")) known.callback = goal;
    if (callbacks === undefined) return [answer(callback, "skip", { got: `not asked: ${blind(known)}` }), ...fitting];
    if (level === undefined || url === undefined) {
      const fix = `wa-hook webhook set ${patient.url ?? "<https url>"}`;
      return [answer(callback, "fail", { got: "none is set at any level", fix }), ...fitting];
    }
    const got = `${LEVELS[level]}: ${url}`;
    const unseen = blind(known) === undefined ? "" : ` (what may override it cannot be seen: ${blind(known)})`;
    return [answer(callback, "pass", { got: `${got}${unseen}` }), ...owner(patient.url, url, level), ...fitting];
  },
};

const LEVELS: Record<Level, string> = {
  phone: "the number's own callback",
  waba: "the business account's callback",
  app: "the app's callback",
};

function blind(known: Known): string | undefined {
  return lack(["accessToken", "phoneNumberId"], known);
}

/** As far as they can be seen: what overrides the app's callback is told to the access token alone. */
async function callbacksOf({ graph, settings }: Patient, known: Known): Promise<Callbacks | undefined> {
  if (blind(known) === undefined) return readCallbacks(graph, settings.phoneNumberId?.value ?? "");
  return known.subscription === undefined ? undefined : { app: known.subscription.url };
}

function owner(wanted: string | undefined, url: string, level: Level): Finding[] {
  if (wanted === undefined) return [];
  const about = { code: "callback.ours", title: "is it the one that should?", expected: wanted, got: url };
  if (hrefOf(url) === hrefOf(wanted)) return [{ ...about, status: "pass" }];
  const fix = `wa-hook webhook set ${wanted} --level ${level}`;
  return [{ ...about, status: "fail", got: `${LEVELS[level]}, ${url}`, fix }];
}

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)[\d.]+$|\.(local|internal|localhost)$/;

function fit(given: string, offline: boolean): Finding {
  const about = {
    code: "callback.public",
    title: "may Meta call it?",
    expected: "https, on a public name",
    got: given,
  };
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined)
    return { ...about, status: "fail", fix: "write the whole URL, as in https://example.com/webhook" };
  if (offline && isLoopback(url)) return { ...about, status: "pass", got: "yes: both are on this machine" };
  const tunnel = "wa-hook listen opens a tunnel with an https URL";
  if (url.protocol !== "https:") return { ...about, status: "fail", fix: `Meta calls https only: ${tunnel}` };
  if (isLoopback(url) || PRIVATE.test(url.hostname)) {
    return { ...about, status: "fail", fix: `that name leads nowhere from outside: ${tunnel}` };
  }
  return { ...about, status: "pass", got: "https" };
}

function hrefOf(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
