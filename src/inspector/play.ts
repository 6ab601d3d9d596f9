/** Plays a scenario: each step after the one before, with what the app made of it. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Emulator } from "../emulator/emulator.ts";
import { WaHookError } from "../errors.ts";
import type { CustomerMessage, Scenario, ScenarioResult } from "./api.ts";
import { act, receive } from "./customer.ts";
import type { History } from "./history.ts";
import { messageKind, recipientOf, requestText } from "./request-parts.ts";
import { sendAgain } from "./send-again.ts";
import type { Sources } from "./sources.ts";

type Step = Scenario["steps"][number];
type Result = ScenarioResult["results"][number];

/** How long a message may take to reach the app. */
const DELIVERY_MS = 10_000;
/** How long the app may take to reply after that. */
const REPLY_MS = 2000;

interface Context {
  sources: Sources;
  history: History | undefined;
  signal: AbortSignal;
}

export async function play({ steps, last }: Scenario, context: Context): Promise<ScenarioResult> {
  const results: Result[] = [];
  for (const step of steps) results.push(await playStep(step, context));
  const ok = results.every((result) => result.ok);
  return { at: Date.now(), ok, ...(last === undefined ? {} : { verdict: verdictOf(ok, last.ok) }), results };
}

function verdictOf(ok: boolean, before: boolean): NonNullable<ScenarioResult["verdict"]> {
  if (ok) return before ? "still passing" : "fixed";
  return before ? "regressed" : "still failing";
}

async function playStep(step: Step, context: Context): Promise<Result> {
  const text = textOf(step);
  try {
    return { text, ...(await outcomeOf(step, context)) };
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    return { text, ok: false, got: error.message };
  }
}

function textOf(step: Step): string {
  if ("waitMs" in step) return `wait ${step.waitMs} ms`;
  if ("delivery" in step) return `delivery ${step.delivery}`;
  if ("action" in step) return `customer: ${step.action.action}`;
  const { message } = step.message;
  const shown = typeof message === "string" ? message : String((message as { type?: unknown }).type);
  return `customer: ${shown.slice(0, 100)}`;
}

async function outcomeOf(step: Step, context: Context): Promise<Omit<Result, "text">> {
  const { sources, history, signal } = context;
  if ("waitMs" in step) {
    await sleep(step.waitMs, undefined, { signal }).catch(() => undefined);
    return { ok: true, got: "" };
  }
  if ("delivery" in step) {
    const delivery = await history?.get(step.delivery);
    if (delivery === undefined) return { ok: false, got: "there is no such delivery" };
    const { status, ms, advice } = await sendAgain(delivery, {}, sources);
    return {
      ok: status === 200,
      got: [statusText(status, ms), status === 200 ? "" : advice].filter(Boolean).join(": "),
    };
  }
  const { emulator } = sources;
  if (emulator === undefined) return { ok: false, got: "there is no emulated customer" };
  if ("message" in step) return sendMessage(step.message, emulator, context);
  const { id } = await act(emulator, step.action);
  return { ok: true, got: id ?? "" };
}

function statusText(status: number | undefined, ms: number): string {
  return `${status ?? "no response"} in ${Math.round(ms)} ms`;
}

/** Sends a message and waits for the app's status, and for a moment for its reply. */
async function sendMessage(
  sent: CustomerMessage,
  emulator: Emulator,
  { sources, signal }: Context,
): Promise<Omit<Result, "text">> {
  const ending = new AbortController();
  const limit = AbortSignal.any([signal, ending.signal, AbortSignal.timeout(DELIVERY_MS)]);
  const seen: { app?: { status?: number; ms: number }; reply?: string; id?: string } = {};
  const listener = sources.listener?.listener;
  const hasApp = (listener?.state().apps.length ?? 0) > 0;
  const requests = emulator.events();
  const forwards = listener?.events();
  const number = sent.from?.number ?? emulator.account.customer.number;
  const customer = recipientOf({ to: number });
  const check = () => {
    if (seen.app === undefined) return;
    if (seen.reply !== undefined) ending.abort();
    else setTimeout(() => ending.abort(), REPLY_MS).unref();
  };
  const reading = [
    each(requests, limit, (event) => {
      if (
        event.type === "request" &&
        messageKind(event) !== undefined &&
        isTo(recipientOf(event.body), customer, seen.id)
      ) {
        seen.reply ??= requestText(event);
      }
      if (event.type === "webhook" && event.id === seen.id && !hasApp) seen.app = event;
      check();
    }),
    forwards === undefined
      ? Promise.resolve()
      : each(forwards, limit, (event) => {
          const isIts = event.type === "forwarded" && event.events.some(({ id }) => id === seen.id);
          if (isIts) seen.app = event;
          check();
        }),
  ];
  try {
    const { id } = await receive(emulator, sent);
    seen.id = id;
    await Promise.all(reading);
  } finally {
    ending.abort();
  }
  const { app, reply } = seen;
  if (app === undefined) return { ok: false, got: "not delivered" };
  return { ok: app.status === 200, got: [statusText(app.status, app.ms), reply ?? "no reply"].join(", then ") };
}

/** Before the message was sent, nothing is a reply to it. A customer whose number is hidden is known by the user id. */
function isTo(recipient: string | undefined, customer: string | undefined, id: string | undefined): boolean {
  return id !== undefined && recipient !== undefined && (recipient === customer || !/^\d+$/.test(recipient));
}

/** Calls `see` with each event until `signal` aborts. */
async function each<Event>(
  events: AsyncIterableIterator<Event>,
  signal: AbortSignal,
  see: (event: Event) => void,
): Promise<void> {
  const end = () => void events.return?.();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  for await (const event of events) see(event);
}
