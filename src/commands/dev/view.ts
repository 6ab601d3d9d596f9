/** Renders the output of `wa-hook dev`: the banner, and one line per thing that somebody did, with who it was. */
import { describeExit } from "../../app/app.ts";
import type { Printed } from "../../terminal/command.ts";
import { clock, columnsOf, ms, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import { emulatorLine, helpText, screenText } from "../emulate/view.ts";
import { listenerLine, type ListenEvent } from "../listen/listen.ts";
import { summaryLines } from "../listen/summary-view.ts";
import { bannerRows, recordingRow, type Listening } from "../listen/view.ts";
import { bannerRow } from "../views/banner.ts";
import { shortId } from "../views/event.ts";
import { wrapCut } from "../views/log-line.ts";
import type { DevEvent, DevListening, ProcessEvent } from "./event.ts";
import { RESTART } from "./typing.ts";

/** The longest is `customer`. */
const SPEAKER_WIDTH = 8;
/** Below it, a person is shown by the name or not at all, so that the text has room. */
const WIDE = 100;

type Speaker = "app" | "customer" | "Meta" | "wa-hook";
type OfType<Type extends DevEvent["type"]> = Extract<DevEvent, { type: Type }>;
type ListenerLine = Exclude<ListenEvent, Listening>;

export function devLine(event: DevEvent, paint: Paint): Printed | undefined {
  const by = (speaker: Speaker) => (at: number) => stamp(at, speaker, paint);
  switch (event.type) {
    case "listening":
      return { notice: banner(event, paint) };
    case "settings":
      return Object.entries(event.env).map(([name, value]) => `${name}=${value}`);
    case "help":
      return { notice: helpText(paint, [[RESTART, "restart the app"]]) };
    case "output":
      return outputLine(event, paint);
    case "process":
      return { notice: processLine(event, paint) };
    case "request":
      return emulatorLine(narrowRequest(event, paint), paint, by("app"));
    case "summary":
      return { notice: summaryLines(event, paint, false) };
    // The line of the delivery says what the customer wrote.
    case "received":
    case "trace":
      return undefined;
    case "webhook":
      return event.status === 200 ? undefined : emulatorLine(event, paint, by("Meta"));
    case "warning":
    case "flow":
      return emulatorLine(event, paint, by("Meta"));
    case "screen":
      return screenText(event, paint);
    case "handshake":
      if ("url" in event) return event.ok ? undefined : emulatorLine(event, paint, by("Meta"));
      return listenerLine(event, paint, by("Meta"));
    case "app":
      if ("starting" in event) return undefined;
      return listenerLine(event, paint, by("wa-hook"));
    default:
      return listenerLine(narrowEvents(event, paint), paint, (at, about) => stamp(at, speakerOf(about), paint));
  }
}

function speakerOf(event: WebhookEvent | undefined): Speaker {
  if (event === undefined) return "wa-hook";
  return event.group === "message" ? "customer" : "Meta";
}

function stamp(at: number, speaker: Speaker, paint: Paint): string {
  const color = { app: paint.name, customer: paint.good, Meta: paint.quiet, "wa-hook": paint.quiet }[speaker];
  return `${clock(at)} ${color(pad(speaker, SPEAKER_WIDTH))}`;
}

function narrowEvents(event: ListenerLine, paint: Paint): ListenerLine {
  if (paint.width >= WIDE) return event;
  if (event.type === "late")
    return { ...event, forwarded: { ...event.forwarded, events: event.forwarded.events.map(withoutNumber) } };
  if (event.type !== "delivery" && event.type !== "forwarded") return event;
  return { ...event, events: event.events.map(withoutNumber) };
}

function withoutNumber(event: WebhookEvent): WebhookEvent {
  const { from: _, to: __, ...rest } = event;
  return event.group === "status" || event.name !== undefined ? rest : event;
}

function narrowRequest(event: OfType<"request">, paint: Paint): OfType<"request"> {
  // What is marked as read is named by its whole id.
  if (event.summary?.startsWith("wamid.") === true) return { ...event, summary: shortId(event.summary) };
  if (paint.width >= WIDE || event.messageId === undefined) return event;
  const { body: _, ...rest } = event;
  return rest;
}

/** A line of the app is not cut: it may be the one that explains everything. */
function outputLine({ at, line, stream }: OfType<"output">, paint: Paint): string {
  const start = stamp(at, "app", paint);
  const bar = stream === "stderr" ? paint.warn("│") : paint.quiet("│");
  return wrap(`${start} ${bar} ${plain(line)}`, paint.width, columnsOf(start) + 3);
}

function processLine({ at, state, ...about }: ProcessEvent, paint: Paint): string {
  const start = stamp(at, "app", paint);
  const line = (mark: string, text: string) => wrapCut(`${start} ${mark} ${text}`, paint.width, columnsOf(start) + 3);
  const { exit, restartInMs, ms: took, silent } = about;
  if (silent !== undefined) {
    const hint = "it gets its port as PORT; if it uses another one: --forward-to <port>";
    return paint.warn(
      `${line("!", `no response at ${silent} yet`)}\n${wrapCut(`${" ".repeat(columnsOf(start) + 3)}→ ${hint}`, paint.width, columnsOf(start) + 5)}`,
    );
  }
  if (state === "starting") return paint.quiet(line("…", `starting, process ${about.pid ?? ""}`));
  if (state === "running") return paint.good(line("✓", `running, responded after ${ms(took ?? 0)}`));
  if (state === "stopped") {
    return exit === undefined ? paint.quiet(line("✓", "stopped")) : paint.bad(line("✗", describeExit(exit)));
  }
  if (exit === undefined) return paint.quiet(line("…", "restarting"));
  return paint.bad(line("✗", `${describeExit(exit)}; restarting in ${ms(restartInMs ?? 0)}`));
}

function banner(event: DevListening, paint: Paint): string {
  const { app, emulator, pageUrl } = event;
  const row = (label: string, value: string, note = "") => bannerRow(label, value, note, paint);
  const appRow =
    app.url === undefined
      ? row("App", "none yet", "deliveries get 200; add -- <command> or --forward-to <port>")
      : row("App", paint.name(plain(app.url)), app.command === undefined ? "" : plain(app.command));
  const own = [appRow];
  if (emulator === undefined) {
    const rows = bannerRows({ ...event, forwardTo: [] }, paint);
    return [...own, ...rows, ready(app.command === undefined ? "" : restartHint(), paint)].join("\n");
  }
  const { url, customer } = emulator;
  return [
    ...own,
    row("Graph API", paint.name(url), "emulated, this machine only"),
    row("Callback URL", paint.name(event.url), app.url === undefined ? "" : "forwards to the app"),
    row("Customer", `${phone(customer.number)}  ${plain(customer.name)}`),
    event.seeded === true && event.store === undefined
      ? row("Recording to", "nothing", "ids repeat with --seed")
      : recordingRow(event, paint),
    ...(pageUrl === undefined ? [] : [row("Page", paint.name(pageUrl))]),
    ready(
      `Type a message to send it as the customer; /image for other kinds.${app.command === undefined ? "" : ` ${restartHint()}`}`,
      paint,
    ),
  ].join("\n");
}

function restartHint(): string {
  return `${RESTART} restarts the app.`;
}

function ready(hint: string, paint: Paint): string {
  return wrap([paint.good("Ready."), hint, "Ctrl-C stops."].filter(Boolean).join(" "), paint.width, 0);
}
