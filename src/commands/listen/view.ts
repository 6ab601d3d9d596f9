/** How `wa-hook listen` reads: the banner, a line for each event, the summary. */
import { size } from "../../graph/media.ts";
import { isLoopback } from "../../http/url.ts";
import type { ListenerEvent } from "../../listener/event.ts";
import type { MediaSaved } from "../../listener/media-saver.ts";
import type { ListenerSummary } from "../../listener/metrics.ts";
import type { Printed } from "../../terminal/command.ts";
import { clock, counted, ms, pad, plain, type Paint } from "../../terminal/paint.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import { eventLine } from "../views/event.ts";

export interface Listening {
  type: "listening";
  url: string;
  /** Through the tunnel. */
  publicUrl?: string;
  verifyToken: string;
  verifyTokenSource: string;
  signature: string;
  forwardTo?: string;
  store?: string;
}

export interface Summary extends ListenerSummary {
  /** Whether deliveries were kept on disk. */
  recorded: boolean;
}

type OfType<Type extends ListenerEvent["type"]> = Extract<ListenerEvent, { type: Type }>;

export function banner(listening: Listening, paint: Paint): string {
  const { url, publicUrl, verifyToken, verifyTokenSource, signature, forwardTo, store } = listening;
  const row = (label: string, value: string, note = "") =>
    `  ${pad(label, 15)}${value}${note === "" ? "" : paint.quiet(`  (${note})`)}`;
  return [
    ...(publicUrl === undefined
      ? [
          row(
            "Callback URL",
            paint.name(url),
            isLoopback(new URL(url)) ? "on this machine only" : "open to your network",
          ),
        ]
      : [row("Callback URL", paint.name(plain(publicUrl))), row("which leads to", paint.quiet(url))]),
    row("Verify token", verifyToken, verifyTokenSource),
    row("Signature", "checked", signature),
    ...(forwardTo === undefined ? [] : [row("Forwarding to", paint.name(plain(forwardTo)))]),
    row("Recording to", store ?? "nothing", store === undefined ? "--no-record" : ""),
    `${paint.good("Ready.")} Ctrl-C to stop. ${paint.quiet(`Try it from another terminal: ${replayCommand(url)}`)}`,
  ].join("\n");
}

function replayCommand(url: string): string {
  const { port, pathname } = new URL(url);
  const place = `${port}${pathname === "/webhook" ? "" : pathname}`;
  return place === String(DEFAULT_PORT) ? "wa-hook replay" : `wa-hook replay --to ${place}`;
}

/** How one event of the listener reads. */
export function lineOf(event: ListenerEvent, paint: Paint): Printed | undefined {
  switch (event.type) {
    case "handshake":
      return handshakeLine(event, paint);
    case "delivery":
      return event.forwarding ? undefined : deliveryLines(event, paint);
    case "probe":
      return undefined;
    case "waiting":
      return { notice: waitingLine(event, paint) };
    case "forwarded":
      return forwardedLines(event, paint);
    case "refused":
      return refusedLine(event, paint);
    case "store":
      return { notice: `${clock(event.at)} ${paint.warn("!")} ${paint.warn(pad("store", 11))} ${plain(event.notice)}` };
  }
}

function handshakeLine({ at, ok, reason = "" }: OfType<"handshake">, paint: Paint): string {
  const word = pad("handshake", 11);
  if (ok) return `${clock(at)} ← ${paint.good(word)} verified: the challenge was answered`;
  return `${clock(at)} ${paint.bad("✗")} ${paint.bad(word)} answered 403: ${plain(reason)}`;
}

function deliveryLines({ receivedAt, events, verdict, ackMs }: OfType<"delivery">, paint: Paint): Printed {
  const end = verdict === "duplicate" ? "duplicate" : ms(ackMs);
  return events.map((event) => eventLine(clock(receivedAt), event, verdict === "duplicate" ? "=" : "←", end, paint));
}

function waitingLine({ receivedAt, events, ms: waited }: OfType<"waiting">, paint: Paint): string {
  const kinds = [...new Set(events.map(({ kind }) => kind))].join(", ");
  return paint.quiet(`${clock(receivedAt)} … ${plain(kinds)}: no answer of the app for ${ms(waited)}`);
}

function forwardedLines(
  { receivedAt, events, status, ms: took, advice, answer }: OfType<"forwarded">,
  paint: Paint,
): Printed {
  const end = `→ ${status ?? "no answer"} ${ms(took)}`;
  const mark = status === 200 ? "←" : paint.bad("✗");
  const lines: Printed[] = events.map((event) => eventLine(clock(receivedAt), event, mark, end, paint));
  if (advice !== undefined) lines.push(`           ${paint.warn(plain(advice))}`);
  if (answer !== undefined) lines.push(`           ${paint.quiet(`the app said: ${plain(answer)}`)}`);
  return lines;
}

function refusedLine({ at, reason, delivery }: OfType<"refused">, paint: Paint): string {
  const kept = delivery === undefined ? "" : ` (kept as ${delivery})`;
  return `${clock(at)} ${paint.bad("✗")} ${paint.bad(pad("refused", 11))} ${plain(reason)}${kept}`;
}

/** How many kinds of events the summary names; all of them are in `--json`. */
const NAMED_KINDS = 12;

function frequentFirst(events: Summary["events"]): string[] {
  const kinds = Object.entries(events).toSorted(([, a], [, b]) => b - a);
  const named = kinds.slice(0, NAMED_KINDS).map(([kind, times]) => `${times} ${plain(kind)}`);
  return kinds.length > named.length ? [...named, counted(kinds.length - named.length, "other kind")] : named;
}

export function summaryLines(summary: Summary): string {
  const { deliveries, duplicates, refused, unrecorded, notForwarded, ack, app, recorded } = summary;
  const kinds = frequentFirst(summary.events);
  const times = Object.values(summary.events).reduce((sum, each) => sum + each, 0);
  const counts = [
    counted(deliveries, "delivery", "deliveries"),
    `${counted(times, "event")}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`,
    duplicates > 0 ? counted(duplicates, "duplicate") : "",
    refused > 0 ? `${refused} refused` : "",
    unrecorded > 0 ? `${unrecorded} not recorded` : "",
    notForwarded > 0 ? `${notForwarded} not taken by the app` : "",
  ];
  const latency = [
    ack === undefined ? "" : `acknowledged in p50 ${ms(ack.p50)}, p95 ${ms(ack.p95)}`,
    app === undefined ? "" : `app p50 ${ms(app.p50)}, p95 ${ms(app.p95)}`,
  ];
  const next = [
    deliveries === 0 ? "Nothing arrived. Try it: wa-hook replay in another terminal" : "",
    duplicates > 0 ? "Duplicates are not handed on; wa-hook replay --fresh makes new messages" : "",
    deliveries > 0 && recorded ? "Look again: wa-hook events list" : "",
  ];
  return [counts, latency, next]
    .map((parts) => parts.filter(Boolean).join(" · "))
    .filter(Boolean)
    .join("\n");
}

export function mediaLine({ at, file, bytes = 0, problem, id }: MediaSaved, paint: Paint): string {
  if (file !== undefined) return `${clock(at)} ↓ ${paint.good(pad("saved", 11))} ${file}  ${size(bytes)}`;
  return `${clock(at)} ${paint.bad("✗")} ${paint.bad(pad("not saved", 11))} media ${id}: ${problem ?? ""}`;
}
