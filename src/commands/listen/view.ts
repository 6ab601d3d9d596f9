/** Formats the output of `wa-hook listen`: the banner, one line per event, the summary. */
import { size } from "../../graph/media.ts";
import { isLoopback } from "../../http/url.ts";
import type { ListenerEvent } from "../../listener/event.ts";
import type { MediaSaved } from "../../listener/media-saver.ts";
import type { AlarmEvent } from "../../listener/monitor/alarms.ts";
import type { Keep } from "../../store/retention.ts";
import type { Printed } from "../../terminal/command.ts";
import { clock, columnsOf, counted, ms, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import { bannerRow } from "../views/banner.ts";
import { eventLine } from "../views/event.ts";
import { logDetail, wrapCut } from "../views/log-line.ts";
import type { KeyEvent } from "./keys.ts";

export interface Listening {
  type: "listening";
  url: string;
  /** The callback URL, through the tunnel. */
  publicUrl?: string;
  verifyToken: string;
  verifyTokenSource: string;
  signature: string;
  forwardTo?: string[];
  store?: string;
  /** How long and how much is recorded. */
  keep?: Required<Keep>;
  /** Where the page is. */
  pageUrl?: string;
  /** Where metrics and health are. */
  adminUrl?: string;
  /** Keys are read, so they are mentioned. */
  keys?: true;
}

/** What `--from` says at the start. */
export interface SharedSource {
  type: "taking";
  /** The address without its password. */
  from: string;
  group: string;
  consumer: string;
  forwardTo: string;
}

/** What a line starts with: its time, and whatever else a command shows before the mark. */
export type Stamp = (at: number, event?: WebhookEvent) => string;

type OfType<Type extends ListenerEvent["type"]> = Extract<ListenerEvent, { type: Type }>;

export function banner(listening: Listening, paint: Paint): string {
  const { url, keys } = listening;
  return [
    ...bannerRows(listening, paint),
    wrap(
      `${paint.good("Ready.")} Ctrl-C stops. ${paint.quiet(`To try it, run in another terminal: ${replayCommand(url)}`)}`,
      paint.width,
      0,
    ),
    ...(keys === undefined ? [] : [paint.quiet("Press ? for keys")]),
  ].join("\n");
}

export function bannerRows(listening: Listening, paint: Paint): string[] {
  const { url, publicUrl, verifyToken, verifyTokenSource, signature, forwardTo } = listening;
  const row = (label: string, value: string, note = "") => bannerRow(label, value, note, paint);
  return [
    ...(publicUrl === undefined
      ? [row("Callback URL", paint.name(url), isLoopback(new URL(url)) ? "this machine only" : "open to your network")]
      : [row("Callback URL", paint.name(plain(publicUrl))), row("Local URL", paint.quiet(url))]),
    row("Verify token", verifyToken, verifyTokenSource),
    row("Signature", "verified", signature),
    ...(forwardTo ?? []).map((to) => row("Forwarding to", paint.name(plain(to)))),
    recordingRow(listening, paint),
    ...localRows(listening, paint),
  ];
}

export function recordingRow({ store, keep }: Pick<Listening, "store" | "keep">, paint: Paint): string {
  return bannerRow("Recording to", store ?? "nothing", store === undefined ? "--no-record" : keepNote(keep), paint);
}

/** What is for this machine only. */
function localRows({ pageUrl, adminUrl }: Listening, paint: Paint): string[] {
  if (pageUrl !== undefined) return [bannerRow("Page", paint.name(pageUrl), "also /health and /metrics", paint)];
  if (adminUrl === undefined) return [];
  return [bannerRow("Health", paint.quiet(`${adminUrl}/health`), "and /metrics", paint)];
}

/** Of `--from`. */
export function sharedSourceBanner({ from, group, consumer, forwardTo }: SharedSource, paint: Paint): string {
  const row = (label: string, value: string, note = "") => bannerRow(label, value, note, paint);
  return [
    row("Receiving from", paint.name(plain(from))),
    row("Group", plain(group), `as ${plain(consumer)}`),
    row("Forwarding to", paint.name(plain(forwardTo))),
    wrap(`${paint.good("Ready.")} Ctrl-C stops; the next start goes on where this one ended.`, paint.width, 0),
  ].join("\n");
}

/** `kept 30 days, at most 1 GB`. */
function keepNote(keep: Listening["keep"]): string {
  if (keep === undefined) return "";
  return `kept ${span(keep.ms)}, at most ${size(keep.bytes)}`;
}

const SPANS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
] as const;

/** In the largest unit of which it is a whole number: `30 days`, `36 hours`. */
function span(duration: number): string {
  const [unit, name] = SPANS.find(([each]) => duration >= each && duration % each === 0) ?? [1000, "second"];
  return counted(duration / unit, name);
}

/** One line when an alarm starts, with what to do, and one when it ends. */
export function alarmLine({ at, state, text, hint }: AlarmEvent, paint: Paint, stamp: Stamp = clock): string {
  if (state === "ended") return textLine(stamp(at), { mark: "✓", word: "alarm over", color: paint.good }, text, paint);
  const line = textLine(stamp(at), { mark: "!", word: "alarm", color: paint.warn }, text, paint);
  return `${line}\n${paint.warn(logDetail(stamp(at), `→ ${hint}`, paint))}`;
}

const KEYS = [
  ["r", "Replay the last forwarded delivery to the app"],
  ["c", "Clear the screen"],
  ["q", "Quit, as Ctrl-C does"],
  ["?", "List the keys (also h)"],
] as const;

export function keyLines(event: KeyEvent, paint: Paint): Printed {
  if (event.type === "keys") {
    return { notice: KEYS.map(([key, effect]) => wrap(`  ${paint.name(key)}  ${effect}`, paint.width, 5)).join("\n") };
  }
  return [
    { clear: true },
    {
      notice: `${bannerRow("Callback URL", paint.name(plain(event.url)), "", paint)}\n${paint.quiet("Press ? for keys")}`,
    },
  ];
}

function replayCommand(url: string): string {
  const { port, pathname } = new URL(url);
  const target = `${port}${pathname === "/webhook" ? "" : pathname}`;
  return target === String(DEFAULT_PORT) ? "wa-hook replay" : `wa-hook replay --to ${target}`;
}

/** The lines of one event of the listener. */
export function lineOf(event: ListenerEvent, paint: Paint, stamp: Stamp = clock): Printed | undefined {
  switch (event.type) {
    case "handshake":
      return handshakeLine(event, paint, stamp);
    case "delivery":
      return deliveryLines(event, paint, stamp);
    case "probe":
      return undefined;
    case "mismatch":
      return rejectedLine({ ...event, reason: "signature mismatch" }, paint, stamp);
    case "waiting":
      return { notice: waitingLine(event, paint, stamp) };
    case "forwarded":
      return forwardedLines(event, paint, { stamp });
    case "app":
      return { notice: appLine(event, paint, stamp) };
    case "resumed":
      return { notice: resumedLine(event, paint, stamp) };
    case "rejected":
      return rejectedLine(event, paint, stamp);
    case "closing":
      return { notice: closingLine(event, paint) };
    case "store":
      return {
        notice: textLine(stamp(event.at), { mark: "!", word: "store", color: paint.warn }, event.notice, paint),
      };
  }
}

function handshakeLine({ at, ok, reason = "" }: OfType<"handshake">, paint: Paint, stamp: Stamp): string {
  const word = "handshake";
  if (ok) return textLine(stamp(at), { mark: "←", word, color: paint.good }, "verified, challenge returned", paint);
  return textLine(stamp(at), { mark: "✗", word, color: paint.bad }, `responded with 403: ${reason}`, paint);
}

/** A word in the column of kinds, and prose, broken between words. */
function textLine(
  at: string,
  { mark, word, color }: { mark: string; word: string; color: (text: string) => string },
  text: string,
  paint: Paint,
): string {
  const start = `${at} ${mark === "←" ? mark : color(mark)} ${color(pad(word, 11))}`;
  return wrapCut(`${start} ${plain(text)}`, paint.width, columnsOf(at) + 3);
}

/** One that is forwarded is printed only when the app has not responded within a moment. */
function deliveryLines(
  { receivedAt, events, verdict, forwarding, ackMs }: OfType<"delivery">,
  paint: Paint,
  stamp: Stamp,
): Printed {
  const end = verdict === "duplicate" ? "duplicate, not forwarded" : forwarding ? "→ waiting" : ms(ackMs);
  return events.map((event) =>
    eventLine(stamp(receivedAt, event), event, verdict === "duplicate" ? "=" : "←", end, paint),
  );
}

function waitingLine(
  { receivedAt, replayedAt, events, ms: waited }: OfType<"waiting">,
  paint: Paint,
  stamp: Stamp,
): string {
  const kinds = [...new Set(events.map(({ kind }) => kind))].join(", ");
  const at = stamp(replayedAt ?? receivedAt);
  const text = `${at} … ${plain(kinds)}: no response from the app for ${ms(waited)}`;
  return paint.quiet(wrapCut(text, paint.width, columnsOf(at) + 3));
}

/** `late`: the line of the delivery is printed already. */
export function forwardedLines(
  event: OfType<"forwarded">,
  paint: Paint,
  { late = false, stamp = clock }: { late?: boolean; stamp?: Stamp } = {},
): Printed {
  const { delivery, events, status, advice, response, attempt, retryInMs, gaveUp } = event;
  const time = late ? event.at : (event.replayedAt ?? event.receivedAt);
  const at = stamp(time);
  const app = late ? ` ${new URL(event.to).host}` : "";
  const end = `→${app} ${status ?? "no response"} ${ms(event.ms)}`;
  const good = late ? "→" : event.replayedAt === undefined ? "←" : "↻";
  const mark = status === 200 ? good : paint.bad("✗");
  const lines: Printed[] = events.map((each) => eventLine(stamp(time, each), each, mark, end, paint));
  if (advice !== undefined) lines.push(paint.warn(logDetail(at, `→ ${plain(advice)}`, paint)));
  if (response !== undefined) lines.push(paint.quiet(logDetail(at, `response: ${plain(response)}`, paint)));
  if (retryInMs !== undefined) lines.push(paint.quiet(logDetail(at, `next attempt in ${ms(retryInMs)}`, paint)));
  if (gaveUp === true) {
    const text = `gave up after ${attempt} attempts; to try again: wa-hook events retry ${delivery}`;
    lines.push(paint.bad(logDetail(at, text, paint)));
  }
  return lines;
}

function appLine(event: OfType<"app">, paint: Paint, stamp: Stamp): string {
  if (event.state === "reachable") {
    const text = `reachable again; ${counted(event.waiting, "delivery", "deliveries")} waiting`;
    return textLine(stamp(event.at), { mark: "✓", word: "app", color: paint.good }, text, paint);
  }
  const text = `${event.advice}; deliveries wait and are forwarded in order, next try in ${ms(event.retryInMs)}`;
  return textLine(stamp(event.at), { mark: "!", word: "app", color: paint.warn }, text, paint);
}

function resumedLine({ at, to, deliveries }: OfType<"resumed">, paint: Paint, stamp: Stamp): string {
  const text = `forwarding ${counted(deliveries, "earlier delivery", "earlier deliveries")} to ${to}`;
  return textLine(stamp(at), { mark: "…", word: "resumed", color: paint.quiet }, text, paint);
}

function rejectedLine(
  { at, reason, delivery }: Pick<OfType<"rejected">, "at" | "reason" | "delivery">,
  paint: Paint,
  stamp: Stamp,
): string {
  const saved = delivery === undefined ? "" : ` (saved as #${delivery})`;
  return textLine(stamp(at), { mark: "✗", word: "rejected", color: paint.bad }, `${reason}${saved}`, paint);
}

function closingLine({ pending, timeoutMs }: OfType<"closing">, paint: Paint): string {
  const responses = counted(pending, "response");
  const text = `Waiting up to ${timeoutMs / 1000} s for ${responses} from the app. Ctrl-C again stops now.`;
  return paint.quiet(wrap(text, paint.width, 0));
}

export function mediaLine(
  { at, file, bytes = 0, problem, id }: MediaSaved,
  paint: Paint,
  stamp: Stamp = clock,
): string {
  if (file !== undefined) {
    // A path is to be copied, so it is not cut.
    return wrap(`${stamp(at)} ↓ ${paint.good(pad("saved", 11))} ${file}  ${size(bytes)}`, paint.width, 11);
  }
  return textLine(
    stamp(at),
    { mark: "✗", word: "not saved", color: paint.bad },
    `media ${id}: ${problem ?? ""}`,
    paint,
  );
}
