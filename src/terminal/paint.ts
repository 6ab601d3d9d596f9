/** How things look on a terminal: colours by meaning, names, numbers and times in the reader's form. */
import { Chalk, type ChalkInstance } from "chalk";
import truncatedWidth from "fast-string-truncated-width";

import { HIDDEN_SOURCE, isUsual } from "../printable.ts";
import { columnsIn, type World } from "./world.ts";

export { plain } from "../printable.ts";

export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  quiet(text: string): string;
  name(text: string): string;
  /** The terminal's width in characters; endless for pipes, which get everything. */
  readonly width: number;
}

/** Colours for `stream`: on a terminal, unless the person said no. */
export function paintFor(stream: World["stdout"], env: World["env"], color: boolean): Paint {
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const wanted = color && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const chalk = new Chalk({ level: wanted && (stream.isTTY === true || forced) ? 1 : 0 });
  return {
    good: marked(chalk.green),
    bad: marked(chalk.red),
    warn: marked(chalk.yellow),
    quiet: marked(chalk.dim),
    name: marked(chalk.cyan),
    // Asked anew each time: windows change their size.
    get width() {
      return stream.isTTY === true ? columnsIn(stream) : Infinity;
    },
  };
}

/**
 * Stands in each of our colours until they are written, and is new in each run: untrusted text cannot color itself. `Math.random` is
 * enough, because a mark never leaves the process; node:crypto takes long to load.
 */
const MARK = [1, 2, 3].map(() => 1000 + Math.floor(Math.random() * 9000)).join(";");

/** The style with the mark in its codes, which `written` removes again. */
function marked(style: ChalkInstance): (text: string) => string {
  const [on = "", off = ""] = style("x")
    .split("x")
    .map((code) => code.replace("\u001b[", `\u001b[${MARK};`));
  if (on === "") return (text) => text;
  // What is painted inside ends where the outer colour goes on.
  return (text) => (text === "" ? "" : `${on}${text.replaceAll(off, on)}${off}`);
}

const UNWRITTEN = new RegExp(`\\u001b\\[${MARK};(\\d+)m|(?!\\n)(?:${HIDDEN_SOURCE})`, "g");

/** What a terminal gets of a text: our colours, our line breaks, and nothing else that is not seen. */
export function written(text: string): string {
  return isUsual(text)
    ? text
    : text.replace(UNWRITTEN, (_, colour?: string) => (colour === undefined ? "·" : `\u001b[${colour}m`));
}

/** As much of the text as fits into `width` columns, with `…` where it was cut. */
export function fit(text: string, width: number): string {
  if (width === Infinity) return text;
  const { truncated, index } = truncatedWidth(text, { limit: Math.max(1, width), ellipsis: "…" });
  if (!truncated) return text;
  // The index is too large for Arabic and other scripts outside Latin, so the cut is checked.
  let cut = text.slice(0, index);
  while (cut !== "" && columnsOf(cut) >= Math.max(2, width)) cut = cut.replace(/.$/su, "");
  return `${cut}…`;
}

/** The text over as many lines as it takes, broken between words; what follows the first line is set in by so many spaces. */
export function wrap(text: string, width: number, indent: number): string {
  if (columnsOf(text) <= width) return text;
  const [start] = /^ *[^ ]*/.exec(text) ?? [""];
  const lines = [start];
  for (const [, gap = "", word = ""] of text.slice(start.length).matchAll(/( +)([^ ]+)/g)) {
    const longer = `${lines.at(-1)}${gap}${word}`;
    if (columnsOf(longer) > width) lines.push(" ".repeat(indent) + word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join("\n");
}

/** How many columns of a terminal the text takes: an emoji takes two. */
export function columnsOf(text: string): number {
  return truncatedWidth(text).width;
}

/** The text and spaces up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}

/** `12:01:09`, local time. */
export function clock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

/** `2026-08-01 12:01:09`, local time. */
export function moment(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(at)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** `8 ms`, `0.4 ms`, `1.20 s`. */
export function ms(duration: number): string {
  if (duration >= 1000) return `${(duration / 1000).toFixed(2)} s`;
  return `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms`;
}

/** `1 delivery`, `3 deliveries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The first characters of a secret, of a long one also the last: enough to recognise it and not to use it. */
export function masked(secret: string): string {
  if (secret.length >= 64) return `${secret.slice(0, 4)}…${secret.slice(-4)}`;
  return secret.length >= 16 ? `${secret.slice(0, 4)}…` : "…";
}
