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
export function logLine({ at, mark, kind, color }: Head, columns: Columns, paint: Paint): string {
  const { width } = paint;
  const indent = indentOf(at, paint);
  const left = (columns.before ?? []).filter(Boolean);
  const right = (columns.after ?? []).filter(Boolean);
  const { text = "" } = columns;
  const lead = `${at} ${mark} `;
  const start = lead + color(pad(fit(kind, width - columnsOf(lead)), KIND_WIDTH));
  const textColumn = columnsOf(lead) + KIND_WIDTH + 1;
  const used = textColumn + [...left, ...right].reduce((sum, each) => sum + columnsOf(each) + 2, text === "" ? -2 : 0);
  const room = width - used;
  if (
    text === ""
      ? room >= 0 || left.length + right.length === 0
      : room >= Math.min(MIN_TEXT, columnsOf(text.slice(0, MIN_TEXT)))
  ) {
    const rest = [...left, fit(text, room), ...right].filter(Boolean).join("  ");
    // A kind wider than its column has a line of its own, so that the columns stay aligned.
    const isLong = columnsOf(kind) > KIND_WIDTH && width !== Infinity && rest !== "";
    return isLong ? `${start}\n${" ".repeat(textColumn)}${rest}` : `${start} ${rest}`.trimEnd();
  }
  const below = text === "" ? [] : [`${" ".repeat(indent)}${fit(text, width - indent)}`];
  return [...flow(start, [...left, ...right], { width, indent }), ...below].join("\n");
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

/** Fills lines with columns without breaking a column. */
function flow(
  start: string,
  columns: readonly string[],
  { width, indent }: { width: number; indent: number },
): string[] {
  const lines = [start];
  for (const column of columns) {
    const last = lines.at(-1) ?? "";
    const longer = `${last}${last === start ? " " : "  "}${column}`;
    if (columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(`${" ".repeat(indent)}${fit(column, width - indent)}`);
  }
  return lines.map((each) => each.trimEnd());
}
