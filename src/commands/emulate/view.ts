/** Renders the output of `wa-hook emulate`: the banner, and one line per request, message and delivery. */
import { messageNames, TEMPLATE_ACTIONS, TOKEN_OPTIONS } from "../../emulator/chat-input.ts";
import type { EmulatorEvent } from "../../emulator/event.ts";
import { stories } from "../../emulator/stories/index.ts";
import type { Printed } from "../../terminal/command.ts";
import { clock, fit, ms, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import { bannerRow, VALUE_COLUMN } from "../views/banner.ts";
import { shortId } from "../views/event.ts";
import { logLine, type Columns } from "../views/log-line.ts";

/** The emulator accepts requests. */
export interface Listening {
  type: "listening";
  url: string;
  customer: { number: string; name: string; hideNumber?: boolean };
  allowed: string[];
  webhook?: string;
  /** The callback URLs of other apps. */
  otherApps?: string[];
  /** Where the page is. */
  pageUrl?: string;
  /** The file that the settings were saved to. */
  envFile?: string;
}

type OfType<Type extends EmulatorEvent["type"]> = Extract<EmulatorEvent, { type: Type }>;

/** The columns of the time and the mark; continuation lines are indented by it. */
const INDENT = 11;
const NAME_WIDTH = 14;

export function banner(event: Listening, paint: Paint): string {
  const { url, customer, allowed, webhook, otherApps = [], pageUrl, envFile } = event;
  const row = (label: string, value: string, note = "") => bannerRow(label, value, note, paint);
  const others = allowed.filter((number) => number !== customer.number).map(phone);
  return [
    row("Graph API", paint.name(url), "local only"),
    webhook === undefined
      ? row("Webhooks to", "none", "set --webhook, or register a URL through the API")
      : row("Webhooks to", paint.name(plain(webhook))),
    ...otherApps.map((each) => row("Other app", paint.name(plain(each)), "its secret: GET /_wa-hook/apps")),
    row(
      "Customer",
      `${phone(customer.number)}  ${plain(customer.name)}`,
      [
        customer.hideNumber === true ? "number hidden" : "",
        others.length === 0 ? "" : `also allowed: ${others.join(", ")}`,
      ]
        .filter(Boolean)
        .join("; "),
    ),
    ...(pageUrl === undefined ? [] : [row("Page", paint.name(pageUrl))]),
    envFile === undefined
      ? row("Settings", "printed below", "--save-env <file> saves them")
      : row("Settings", `--env-file ${envFile}`),
    wrap(
      `${paint.good("Ready.")} Type a message to send it as the customer; /image for other kinds. Ctrl-C stops.`,
      paint.width,
      0,
    ),
  ].join("\n");
}

/** The reply to `/help`. */
export function helpText(paint: Paint): string {
  const rows = [
    ["text", "send a text message as the customer"],
    ["/<name>", "send a bundled message, such as /image or /image.with-caption; Tab completes names"],
    ["/hide on|off", "hide the customer's phone number behind a username, or show it again"],
    ["/story <name>", `play a sequence of webhooks: ${stories.map(({ name }) => name).join(", ")}`],
    ["/token [state]", `print an access token: ${TOKEN_OPTIONS.join(", ")}`],
    ["/template", `decide as Meta does: <action> <name> [language]; actions: ${TEMPLATE_ACTIONS.join(", ")}`],
    ["/help", "show this list"],
  ];
  // Variants such as image.with-caption are left to completion.
  const kinds = messageNames().filter((name) => !name.includes("."));
  return [
    ...rows.map(([input = "", effect = ""]) =>
      wrap(`  ${paint.name(pad(input, VALUE_COLUMN - 2))}${effect}`, paint.width, VALUE_COLUMN),
    ),
    paint.quiet(wrap(`  Names: ${kinds.join(", ")}`, paint.width, 2)),
  ].join("\n");
}

export function emulatorLine(event: EmulatorEvent, paint: Paint): Printed | undefined {
  switch (event.type) {
    case "request":
      return requestLines(event, paint);
    case "received": {
      const before = [phone(event.from), fit(plain(event.name), NAME_WIDTH)];
      return line(event.at, ["✎", event.kind], { before, text: event.summary }, paint);
    }
    case "webhook":
      return webhookLines(event, paint);
    case "handshake":
      return handshakeLines(event, paint);
    case "warning":
      return { notice: wrap(`${paint.warn(`${clock(event.at)} !`)} ${plain(event.message)}`, paint.width, INDENT) };
  }
}

function line(at: number, [mark, kind]: [mark: string, kind: string], columns: Columns, paint: Paint): string {
  return logLine({ at: clock(at), mark, kind: plain(kind), color: paint.name }, columns, paint);
}

function detail(text: string, paint: Paint): string {
  return wrap(`${" ".repeat(INDENT)}${plain(text)}`, paint.width, INDENT);
}

function requestLines(event: OfType<"request">, paint: Paint): string[] {
  const { at, method, path, status, kind, summary = "", messageId, error, ignored = [], body } = event;
  const [mark, color] = error === undefined ? ["→", paint.good] : [paint.bad("✗"), paint.bad];
  const after = [messageId === undefined ? "" : shortId(messageId), color(String(status))];
  const columns =
    kind === undefined ? { text: `${method} ${path}`, after } : { before: [recipientOf(body)], text: summary, after };
  const lines = [line(at, [mark, kind ?? "request"], columns, paint)];
  if (error !== undefined) {
    lines.push(paint.bad(detail(`(#${error.code}) ${error.message.replace(/^\(#\d+\) */, "")}`, paint)));
  }
  if (error?.details !== undefined) lines.push(paint.quiet(detail(error.details, paint)));
  if (ignored.length > 0) {
    lines.push(paint.warn(detail(`ignored, not supported by the emulator: ${ignored.join(", ")}`, paint)));
  }
  return lines;
}

function recipientOf(body: unknown): string {
  const { to, recipient } = (body ?? {}) as { to?: unknown; recipient?: unknown };
  const address = to ?? recipient;
  return typeof address === "string" ? phone(address.replaceAll(/[^\w.]/g, "")) : "";
}

function webhookLines(event: OfType<"webhook">, paint: Paint): string[] {
  const { at, kind, id, attempt, status, ms: took, advice, retryInMs, summary, updates, app = "" } = event;
  const accepted = status === 200;
  const attempts = attempt === 1 ? "" : `attempt ${attempt}`;
  const response = `→ ${status ?? "no response"} ${ms(took)}`;
  const retry = retryInMs === undefined ? "dropped" : retryInMs === 0 ? "retrying now" : `retrying in ${ms(retryInMs)}`;
  const more = updates === undefined ? "" : `and ${updates - 1} more`;
  const columns = {
    // The id of a change is the emulator's own; its summary says more.
    before: [summary === undefined ? shortId(plain(id)) : "", more, plain(app)],
    ...(summary === undefined ? {} : { text: summary }),
    after: [response, attempts, accepted ? "" : paint.warn(retry)],
  };
  const lines = [line(at, [accepted ? "←" : paint.bad("✗"), kind], columns, paint)];
  if (!accepted && advice !== undefined) lines.push(paint.warn(detail(advice, paint)));
  return lines;
}

function handshakeLines({ at, url, ok, reason = "" }: OfType<"handshake">, paint: Paint): string[] {
  const result = ok ? ["verified"] : [];
  const first = line(at, [ok ? "←" : paint.bad("✗"), "handshake"], { text: url, after: result }, paint);
  return ok ? [first] : [first, paint.bad(detail(reason, paint))];
}
