/** One line per event: time, mark and kind in columns, then what varies, cut to the width of the terminal. */
import { columnsOf, fit, pad, wrap, type Paint } from "../../terminal/paint.ts";

const KIND_WIDTH = 11;
/** A text shorter than this moves to a line of its own. */
const MIN_TEXT = 16;
/** The indentation where the time and the mark take more than half of the terminal. */
const NARROW_INDENT = 6;

export interface Head {
  /** The time, or whatever a line starts with. */
  at: string;
  mark: string;
  kind: string;
  color(text: string): string;
}

/** The columns after the kind. `text` is cut to the width that the others leave. */
export interface Columns {
  before?: readonly string[];
  text?: string;
  after?: readonly string[];
}

/** In a narrow terminal the columns continue on the next lines, and the text has a line of its own. */
export function logLine(head: Head, columns: Columns, paint: Paint): string {
  const { width } = paint;
  const { before = [], text = "", after = [] } = columns;
  const [left, right] = [before.filter(Boolean), after.filter(Boolean)];
  const indent = indentOf(head.at, paint);
  const start = startOf(head, indent, paint);
  const column = columnsOf(head.at) + 4 + KIND_WIDTH;
  const isLong = width !== Infinity && columnsOf(head.kind) > KIND_WIDTH;
  // A kind wider than its column has a line of its own, so that the columns stay aligned.
  const breaks = isLong && left.length + text.length > 0;
  const gap = isLong ? "  " : " ";
  const used = breaks ? column : columnsOf(start.at(-1) ?? "") + gap.length;
  const others = [...left, ...right].reduce((sum, each) => sum + columnsOf(each) + 2, text === "" ? -2 : 0);
  const room = width - used - others;
  if (room >= Math.min(MIN_TEXT, columnsOf(text.slice(0, MIN_TEXT)))) {
    const rest = [...left, fit(text, room), ...right].filter(Boolean).join("  ");
    return `${start.join("\n")}${breaks ? `\n${" ".repeat(column)}` : gap}${rest}`.trimEnd();
  }
  const below = text === "" ? [] : [`${" ".repeat(indent)}${fit(text, width - indent)}`];
  return [...flow(start, [...left, ...right], { width, indent, gap }), ...below].join("\n");
}

/** The time, the mark and the kind, which moves to the next line when there is more room. */
function startOf({ at, mark, kind, color }: Head, indent: number, { width }: Paint): string[] {
  const lead = `${at} ${mark} `;
  const room = width - columnsOf(lead);
  if (columnsOf(kind) <= room || indent >= columnsOf(lead)) return [lead + color(pad(fit(kind, room), KIND_WIDTH))];
  return [lead.trimEnd(), " ".repeat(indent) + color(fit(kind, width - indent))];
}

/** A line below that of an event, broken between words; a word that is wider than the terminal is cut. */
export function logDetail(at: string, text: string, paint: Paint): string {
  const indent = indentOf(at, paint);
  return wrapCut(`${" ".repeat(indent)}${text}`, paint.width, indent);
}

/** The text broken between words, as `wrap` does; a word that is wider than the terminal is cut. */
export function wrapCut(text: string, width: number, indent: number): string {
  if (width === Infinity) return text;
  return wrap(text, width, indent)
    .split("\n")
    .map((line) => fit(line, width))
    .join("\n");
}

/** The columns of the time and the mark, where the lines of an event continue. */
function indentOf(at: string, { width }: Paint): number {
  const indent = columnsOf(at) + 3;
  return indent > width / 2 ? NARROW_INDENT : indent;
}

interface Space {
  width: number;
  indent: number;
  /** Between the kind and what follows it. */
  gap: string;
}

/** Fills lines with columns without breaking a column. */
function flow(start: readonly string[], columns: readonly string[], { width, indent, gap }: Space): string[] {
  const lines = [...start];
  for (const column of columns) {
    const last = lines.at(-1) ?? "";
    const longer = `${last}${last === start.at(-1) ? gap : "  "}${column}`;
    if (columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(`${" ".repeat(indent)}${fit(column, width - indent)}`);
  }
  return lines.map((each) => each.trimEnd());
}
