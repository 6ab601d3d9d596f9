/** The text of a failed expectation: what was expected, what the app sent instead, and what the API refused. */
import type { EmulatedRequest } from "../emulator/event.ts";
import type { Answer } from "../messages/answer.ts";
import { plain } from "../printable.ts";

/** What is known of the app's requests. */
export interface Sent {
  answers: readonly Answer[];
  requests: readonly EmulatedRequest[];
}

/** The latest answers and refusals that are listed. */
const LISTED = 10;
const MAX_TEXT = 200;

export function failureText(expected: string, { answers, requests }: Sent): string {
  const refused = requests.filter(({ error }) => error !== undefined);
  return [
    plain(expected),
    "",
    ...sentLines(answers, requests.length),
    ...(refused.length === 0 ? [] : [`The API refused ${counted(refused.length, "request")}:`]),
    ...latest(refused, refusalLine),
  ].join("\n");
}

function sentLines(answers: readonly Answer[], requests: number): string[] {
  if (answers.length > 0) return ["The app sent:", ...latest(answers, answerLine)];
  if (requests > 0) return ["The app sent nothing to a customer."];
  return ["The app sent nothing: no request reached the emulator.", "Does the app have the settings of emulator.env?"];
}

function answerLine({ kind, type, to, text, messageId, replyTo }: Answer): string {
  const words = [
    kind === "message" ? (type ?? "message") : kind,
    ...(text === undefined ? [] : [JSON.stringify(shorten(text))]),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(messageId === undefined ? [] : [`for ${messageId}`]),
    ...(replyTo === undefined ? [] : [`quoting ${replyTo}`]),
  ];
  return words.join(" ");
}

function refusalLine({ method, path, error }: EmulatedRequest): string {
  return `${method} ${path} → ${error?.code} ${error?.details ?? error?.message}`;
}

function latest<Item>(items: readonly Item[], line: (item: Item) => string): string[] {
  const more = items.length - LISTED;
  const lines = items.slice(-LISTED).map((item) => `  ${plain(line(item))}`);
  return more > 0 ? [`  … and ${more} before`, ...lines] : lines;
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
