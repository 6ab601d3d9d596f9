/** Renders the output of `wa-hook emulate`: the banner, and one line per request, message and delivery. */
import { messageNames, TEMPLATE_ACTIONS, TOKEN_OPTIONS } from "../../emulator/chat-input.ts";
import type { EmulatorEvent } from "../../emulator/event.ts";
import { stories } from "../../emulator/stories/index.ts";
import type { Printed } from "../../terminal/command.ts";
import { clock, columnsOf, fit, ms, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import { bannerRow, VALUE_COLUMN } from "../views/banner.ts";
import { shortId } from "../views/event.ts";
import { prettyJson } from "../views/json.ts";
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

/** What a line starts with: its time, and whatever else a command shows before the mark. */
export type Stamp = (at: number) => string;

/** The columns before the kind, by which continuation lines are indented. */
const indentOf = (start: string) => columnsOf(start) + 3;
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

/** The reply to `/help`; `more` are rows of another command. */
export function helpText(paint: Paint, more: readonly (readonly [input: string, effect: string])[] = []): string {
  const rows = [
    ["text", "send a text message as the customer"],
    ["/<name>", "send a bundled message, such as /image or /image.with-caption; Tab completes names"],
    ["/hide on|off", "hide the customer's phone number behind a username, or show it again"],
    ["/story <name>", `play a sequence of webhooks: ${stories.map(({ name }) => name).join(", ")}`],
    ["/flow [id]", "open the Flow of the latest message as the customer, or another one"],
    ["name=value", "in a Flow: submit the screen, also as JSON; /back goes back"],
    ["/complete", "in a Flow: end it without its endpoint: /complete name=value; /close leaves it"],
    ["/token [state]", `print an access token: ${TOKEN_OPTIONS.join(", ")}`],
    ["/template", `decide as Meta does: <action> <name> [language]; actions: ${TEMPLATE_ACTIONS.join(", ")}`],
    ["/help", "show this list"],
    ...more,
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

export function emulatorLine(event: EmulatorEvent, paint: Paint, stamp: Stamp = clock): Printed | undefined {
  switch (event.type) {
    case "request":
      return requestLines(event, paint, stamp);
    case "received": {
      const before = [phone(event.from), fit(plain(event.name), NAME_WIDTH)];
      return line(stamp(event.at), ["✎", event.kind], { before, text: event.summary }, paint);
    }
    case "webhook":
      return webhookLines(event, paint, stamp);
    case "flow":
      return flowLines(event, paint, stamp);
    case "handshake":
      return handshakeLines(event, paint, stamp);
    case "warning":
      return {
        notice: wrap(
          `${paint.warn(`${stamp(event.at)} !`)} ${plain(event.message)}`,
          paint.width,
          indentOf(stamp(event.at)),
        ),
      };
  }
}

function line(at: string, [mark, kind]: [mark: string, kind: string], columns: Columns, paint: Paint): string {
  return logLine({ at, mark, kind: plain(kind), color: paint.name }, columns, paint);
}

function detail(at: string, text: string, paint: Paint): string {
  const indent = indentOf(at);
  return wrap(`${" ".repeat(indent)}${plain(text)}`, paint.width, indent);
}

function requestLines(event: OfType<"request">, paint: Paint, stamp: Stamp): string[] {
  const { at, method, path, status, kind, summary = "", messageId, error, ignored = [], body } = event;
  const [mark, color] = error === undefined ? ["→", paint.good] : [paint.bad("✗"), paint.bad];
  const after = [messageId === undefined ? "" : shortId(messageId), color(String(status))];
  const columns =
    kind === undefined ? { text: `${method} ${path}`, after } : { before: [recipientOf(body)], text: summary, after };
  const start = stamp(at);
  const lines = [line(start, [mark, kind ?? "request"], columns, paint)];
  if (error !== undefined) {
    lines.push(paint.bad(detail(start, `(#${error.code}) ${error.message.replace(/^\(#\d+\) */, "")}`, paint)));
  }
  if (error?.details !== undefined) lines.push(paint.quiet(detail(start, error.details, paint)));
  if (ignored.length > 0) {
    lines.push(paint.warn(detail(start, `ignored, not supported by the emulator: ${ignored.join(", ")}`, paint)));
  }
  return lines;
}

function recipientOf(body: unknown): string {
  const { to, recipient } = (body ?? {}) as { to?: unknown; recipient?: unknown };
  const address = to ?? recipient;
  return typeof address === "string" ? phone(address.replaceAll(/[^\w.]/g, "")) : "";
}

function webhookLines(event: OfType<"webhook">, paint: Paint, stamp: Stamp): string[] {
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
  const start = stamp(at);
  const lines = [line(start, [accepted ? "←" : paint.bad("✗"), kind], columns, paint)];
  if (!accepted && advice !== undefined) lines.push(paint.warn(detail(start, advice, paint)));
  return lines;
}

function flowLines(event: OfType<"flow">, paint: Paint, stamp: Stamp): string[] {
  const { at, action, screen = "", next, status, ms: took, problem, fix } = event;
  const mark = problem === undefined ? "⇄" : paint.bad("✗");
  const after = [`→ ${status ?? "no response"} ${ms(took)}`, plain(next ?? "")];
  const start = stamp(at);
  const lines = [line(start, [mark, "flow"], { text: `${action} ${plain(screen)}`.trimEnd(), after }, paint)];
  // Without a status, the line says that there is no response.
  if (problem !== undefined && status !== undefined) lines.push(paint.warn(detail(start, problem, paint)));
  if (fix !== undefined) lines.push(paint.warn(detail(start, `→ ${fix}`, paint)));
  return lines;
}

/** A screen of a Flow, as far as the emulator knows it: its name and its data. */
export function screenText({ screen, data }: { screen: string; data: object }, paint: Paint): string {
  const text = prettyJson(JSON.stringify(data), paint) ?? "{}";
  const hint = "name=value submits the screen; /back, /complete, /close";
  return [`${paint.name(`Screen ${plain(screen)}`)}  ${paint.quiet(hint)}`, text].join("\n");
}

function handshakeLines({ at, url, ok, reason = "" }: OfType<"handshake">, paint: Paint, stamp: Stamp): string[] {
  const result = ok ? ["verified"] : [];
  const start = stamp(at);
  const first = line(start, [ok ? "←" : paint.bad("✗"), "handshake"], { text: url, after: result }, paint);
  return ok ? [first] : [first, paint.bad(detail(start, reason, paint))];
}
