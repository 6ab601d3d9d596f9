/** Formats a conversation as on a phone: the customer on the left, the business on the right. */
import type { MessageState } from "../../messages/statuses/ladder.ts";
import type { Turn } from "../../store/conversation.ts";
import { clock, columnsOf, pad, wrap, type Paint } from "../../terminal/paint.ts";
import { shortId } from "./event.ts";

/** For pipes, which have no width of their own. */
const PIPE_WIDTH = 80;
/** The widest bubble, and the narrowest that holds the time and the ticks. */
const [SHARE, MIN_COLUMNS] = [0.7, 22];

const MESSAGE_ID = /wamid\.[\w+/=]+/g;

const TICKS: Record<MessageState, string> = {
  sent: "✓",
  delivered: "✓✓",
  read: "✓✓",
  played: "✓✓",
  failed: "✗",
};

export function bubble({ at, outgoing, kind, lines, id, state, reason }: Turn, paint: Paint): string[] {
  const width = paint.width === Infinity ? PIPE_WIDTH : paint.width;
  const widest = Math.max(MIN_COLUMNS, Math.floor(width * SHARE) - 4);
  const text = lines.length > 0 ? lines : [`message ${id === undefined ? "" : shortId(id)}`.trim()];
  const body = text.flatMap((line) => broken(kind === "text" ? line : line.replaceAll(MESSAGE_ID, shortId), widest));
  const cause = reason === undefined ? [] : broken(reason, widest);
  const end = [clock(at).slice(0, 5), ...(state === undefined ? [] : [`${TICKS[state]} ${state}`])].join(" ");
  const inner = [...body, ...cause].reduce((most, line) => Math.max(most, columnsOf(line)), columnsOf(end) + 2);
  const row = (line: string, color: (text: string) => string) =>
    `${paint.quiet("│")} ${color(pad(line, inner))} ${paint.quiet("│")}`;
  const box = [
    paint.quiet(`╭${"─".repeat(inner + 2)}╮`),
    ...body.map((line) => row(line, lines.length > 0 ? same : paint.quiet)),
    ...cause.map((line) => row(line, paint.bad)),
    `${paint.quiet(`╰${"─".repeat(inner - 1 - columnsOf(end))}`)} ${ending(end, state, paint)} ${paint.quiet("─╯")}`,
  ];
  const indent = outgoing ? " ".repeat(Math.max(0, width - inner - 4)) : "";
  return box.map((line) => `${indent}${line}`);
}

function same(text: string): string {
  return text;
}

function ending(text: string, state: MessageState | undefined, paint: Paint): string {
  if (state === "failed") return paint.bad(text);
  return state === "read" || state === "played" ? paint.name(text) : paint.quiet(text);
}

const graphemes = new Intl.Segmenter();

/** The text in lines of at most so many columns, broken between words where there are any. */
function broken(text: string, columns: number): string[] {
  return wrap(text, columns, 0)
    .split("\n")
    .flatMap((line) => (columnsOf(line) <= columns ? [line] : pieces(line, columns)));
}

function pieces(word: string, columns: number): string[] {
  const lines = [""];
  for (const { segment } of graphemes.segment(word)) {
    const longer = `${lines.at(-1)}${segment}`;
    if (columnsOf(longer) > columns) lines.push(segment);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
