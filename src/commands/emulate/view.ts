/** How `wa-hook emulate` reads: the banner, a line for each request, each message and each delivery. */
import type { EmulatorEvent } from "../../emulator/event.ts";
import type { Printed } from "../../terminal/command.ts";
import { clock, columnsOf, fit, ms, pad, phone, plain, type Paint } from "../../terminal/paint.ts";
import { shortId } from "../views/event.ts";

export interface Emulating {
  type: "emulating";
  url: string;
  customer: { number: string; name: string };
  allowed: string[];
  webhook?: string;
  /** The file of the settings. */
  settings?: string;
}

type OfType<Type extends EmulatorEvent["type"]> = Extract<EmulatorEvent, { type: Type }>;

export function banner({ url, customer, allowed, webhook, settings }: Emulating, paint: Paint): string {
  const row = (label: string, value: string, note = "") =>
    `  ${pad(label, 15)}${value}${note === "" ? "" : paint.quiet(`  (${note})`)}`;
  const others = allowed.filter((number) => number !== customer.number).map(phone);
  const to = webhook === undefined ? "nobody yet" : paint.name(plain(webhook));
  return [
    row("Graph API", paint.name(url), "on this machine only"),
    row("Webhooks to", to, webhook === undefined ? "--webhook, or registered as at Meta" : ""),
    row(
      "Customer",
      `${phone(customer.number)}  ${plain(customer.name)}`,
      others.length === 0 ? "" : `also allowed: ${others.join(", ")}`,
    ),
    row(
      "Settings",
      settings === undefined ? "below, for an env file" : `--env-file ${settings}`,
      settings === undefined ? "--save-env writes them" : "",
    ),
    `${paint.good("Ready.")} Ctrl-C to stop. Type a line: the customer writes it. ${paint.quiet("/image too.")}`,
  ].join("\n");
}

export function emulatorLine(event: EmulatorEvent, paint: Paint): Printed | undefined {
  switch (event.type) {
    case "request":
      return requestLines(event, paint);
    case "received": {
      const before = `${phone(event.from)}  ${plain(event.name)}`;
      return line(event.at, ["✎", event.kind], { before, said: event.summary }, paint);
    }
    case "webhook":
      return webhookLines(event, paint);
    case "handshake":
      return handshakeLine(event, paint);
    case "note":
      return { notice: paint.quiet(`${clock(event.at)} … ${plain(event.message)}`) };
  }
}

/** Between the word and the columns that follow it, what was said takes the room that is left. */
interface Columns {
  before?: string;
  said?: string;
  after?: readonly string[];
}

function line(
  at: number,
  [mark, word]: [mark: string, word: string],
  { before = "", said = "", after = [] }: Columns,
  paint: Paint,
): string {
  const start = `${clock(at)} ${mark} ${paint.name(pad(plain(word), 11))}`;
  const taken = [before, ...after]
    .filter(Boolean)
    .reduce((sum, each) => sum + columnsOf(each) + 2, columnsOf(start) + 1);
  const shown = fit(plain(said), paint.width === Infinity ? Infinity : Math.max(8, paint.width - taken));
  return `${start} ${[before, shown, ...after].filter(Boolean).join("  ")}`;
}

/** Of a line of its own, below. */
function below(text: string): string {
  return `           ${text}`;
}

function requestLines(event: OfType<"request">, paint: Paint): string[] {
  const { at, method, path, status, kind, summary = "", messageId, error, ignored = [], body } = event;
  const [mark, colour] = error === undefined ? ["→", paint.good] : [paint.bad("✗"), paint.bad];
  const after = [messageId === undefined ? "" : shortId(messageId), colour(String(status))];
  const columns =
    kind === undefined ? { said: `${method} ${path}`, after } : { before: recipientOf(body), said: summary, after };
  const lines = [line(at, [mark, kind ?? "request"], columns, paint)];
  if (error !== undefined) {
    lines.push(below(paint.bad(`(#${error.code}) ${plain(error.message.replace(/^\(#\d+\) */, ""))}`)));
  }
  if (error?.details !== undefined) lines.push(below(paint.quiet(plain(error.details))));
  if (ignored.length > 0)
    lines.push(below(paint.warn(`not known here, so without effect: ${plain(ignored.join(", "))}`)));
  return lines;
}

function recipientOf(body: unknown): string {
  const { to, recipient } = (body ?? {}) as { to?: unknown; recipient?: unknown };
  const named = to ?? recipient;
  return typeof named === "string" ? phone(named.replaceAll(/[^\w.]/g, "")) : "";
}

function webhookLines(event: OfType<"webhook">, paint: Paint): string[] {
  const { at, kind, id, attempt, status, ms: took, advice, next } = event;
  const right = status === 200;
  const tries = attempt === 1 ? "" : `${attempt}. time`;
  const answer = `→ ${status ?? "no answer"} ${ms(took)}`;
  const again = next === undefined ? "given up" : next === 0 ? "again at once" : `again in ${ms(next)}`;
  const after = [answer, tries, right ? "" : paint.warn(again)];
  const lines = [line(at, [right ? "←" : paint.bad("✗"), kind], { before: shortId(plain(id)), after }, paint)];
  if (!right && advice !== undefined) lines.push(below(paint.warn(plain(advice))));
  return lines;
}

function handshakeLine({ at, url, ok, reason = "" }: OfType<"handshake">, paint: Paint): string {
  const said = ok ? "verified" : paint.bad(plain(reason));
  return line(at, [ok ? "←" : paint.bad("✗"), "handshake"], { before: plain(url), after: [said] }, paint);
}
