/** The rows of a banner: a label, a value, and a note that moves below when the terminal is too narrow. */
import { columnsOf, pad, wrap, type Paint } from "../../terminal/paint.ts";

/** The column where the values start. */
export const VALUE_COLUMN = 17;
/** Where a value or a note starts that has no room in its column. */
const NARROW_INDENT = 4;

export function bannerRow(label: string, value: string, note: string, paint: Paint): string {
  const line = `  ${pad(label, VALUE_COLUMN - 2)}${value}`;
  // A URL is to be copied, so it is not cut.
  const start = columnsOf(line) <= paint.width ? line : `  ${label}\n${" ".repeat(NARROW_INDENT)}${value}`;
  if (note === "") return start;
  if (columnsOf(`${line}  (${note})`) <= paint.width) return `${start}${paint.quiet(`  (${note})`)}`;
  return `${start}\n${paint.quiet(noteBelow(note, paint))}`;
}

function noteBelow(note: string, { width }: Paint): string {
  const at = (indent: number) => wrap(`${" ".repeat(indent)}(${note})`, width, indent);
  const inColumn = at(VALUE_COLUMN);
  return inColumn.split("\n").every((line) => columnsOf(line) <= width) ? inColumn : at(NARROW_INDENT);
}
