/** How `wa-hook emulate` reads: the banner, a line for each request, each message and each delivery. */
import type { Printed } from "../cli/command.ts";
import { clock, fit, ms, pad, phone, plain, type Paint } from "../cli/paint.ts";
import type { EmulatorEvent } from "../emulator/event.ts";
import { shortId } from "./event-line.ts";

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
    `${paint.good("Ready.")} Ctrl-C to stop. Type a line: the customer writes it. ${paint.quiet("/image sends a bundled message.")}`,
  ].join("\n");
}

export function emulatorLine(event: EmulatorEvent, paint: Paint): Printed | undefined {
  switch (event.type) {
    case "request":
      return requestLines(event, paint);
    case "received":
      return line(
        event.at,
        "✎",
        event.kind,
        [`${phone(event.from)}  ${plain(event.name)}  ${plain(event.summary)}`],
        paint,
      );
    case "webhook":
      return webhookLines(event, paint);
    case "handshake":
      return handshakeLine(event, paint);
    case "notice":
      return { notice: paint.quiet(`${clock(event.at)} … ${plain(event.message)}`) };
  }
}

function line(at: number, mark: string, word: string, parts: readonly string[], paint: Paint): string {
  return `${clock(at)} ${mark} ${paint.name(pad(plain(word), 11))} ${parts.filter(Boolean).join("  ")}`;
}

function requestLines(event: OfType<"request">, paint: Paint): string[] {
  const { at, method, path, status, kind, summary = "", messageId, error, ignored = [], body } = event;
  const what = kind === undefined ? `${method} ${plain(path)}` : [recipientOf(body), fit(plain(summary), 60)];
  const end = error === undefined ? paint.good(String(status)) : paint.bad(String(status));
  const mark = error === undefined ? "→" : paint.bad("✗");
  const lines = [
    line(at, mark, kind ?? "request", [what, messageId === undefined ? "" : shortId(messageId), end].flat(), paint),
  ];
  if (error !== undefined)
    lines.push(`           ${paint.bad(`(#${error.code}) ${plain(error.message.replace(/^\(#\d+\) */, ""))}`)}`);
  if (error?.details !== undefined) lines.push(`           ${paint.quiet(plain(error.details))}`);
  if (ignored.length > 0)
    lines.push(`           ${paint.warn(`not known here, so without effect: ${plain(ignored.join(", "))}`)}`);
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
  const tries = attempt === 1 ? "" : `attempt ${attempt}`;
  const answer = `→ ${status ?? "no answer"} ${ms(took)}`;
  const again = next === undefined ? "given up" : `again in ${ms(next)}`;
  const parts = [shortId(plain(id)), tries, answer, right ? "" : paint.warn(again)];
  const lines = [line(at, right ? "←" : paint.bad("✗"), kind, parts, paint)];
  if (!right && advice !== undefined) lines.push(`           ${paint.warn(plain(advice))}`);
  return lines;
}

function handshakeLine({ at, url, ok, reason = "" }: OfType<"handshake">, paint: Paint): string {
  const mark = ok ? "←" : paint.bad("✗");
  return line(at, mark, "handshake", [plain(url), ok ? "verified" : paint.bad(plain(reason))], paint);
}
