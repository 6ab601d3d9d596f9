/** Renders findings as aligned lines. */
import type { Finding } from "../../report/finding.ts";
import type { Printed } from "../../terminal/command.ts";
import { pad, wrap, type Paint } from "../../terminal/paint.ts";

const MARKS = { pass: "✓", warn: "!", fail: "✗", skip: "–" } as const;

/** The width of the label column. */
const LABEL_COLUMNS = 24;
/** A result next to its label is readable down to this terminal width; in narrower terminals it goes below. */
const MIN_COLUMNS = 60;
const INDENT = 4;

/** `✓ Label   result`, and for a warning or a failure the expectation and the fix. */
export function findingLines({ status, title, expected, got, fix }: Finding, paint: Paint): string[] {
  const line = resultLine(status, { label: title, result: got }, paint);
  if (PASSING.has(status)) return [line];
  // A result that names the expectation, as in `… is missing`, needs no second line for it.
  const expectation = got.includes(expected) ? [] : [wrap(`    expected: ${expected}`, paint.width, INDENT + 2)];
  return [line, ...expectation, ...fixLines(fix, paint)];
}

/** The lines of a finding, which `--quiet` omits when there is nothing to do. */
export function printFinding(finding: Finding, paint: Paint): Printed {
  const lines = findingLines(finding, paint);
  return PASSING.has(finding.status) ? { detail: lines } : lines;
}

/** One result: a mark, its label, and the result in a column of its own. */
export function resultLine(
  status: Finding["status"],
  { label, result }: { label: string; result: string },
  paint: Paint,
): string {
  const color = { pass: paint.good, warn: paint.warn, fail: paint.bad, skip: paint.quiet }[status];
  const text = result;
  return row(color(MARKS[status]), { label, text: PASSING.has(status) ? paint.quiet(text) : text }, paint);
}

const PASSING = new Set<Finding["status"]>(["pass", "skip"]);

/** A mark and a label, and text in the column of results, wrapped to the width of the terminal. */
export function row(mark: string, { label, text }: { label: string; text: string }, paint: Paint): string {
  const start = `${mark} ${label}`;
  if (paint.width < MIN_COLUMNS) return `${start}\n${" ".repeat(INDENT)}${block(text, INDENT, paint)}`;
  return `${pad(start, LABEL_COLUMNS + 2)} ${block(text, LABEL_COLUMNS + 3, paint)}`;
}

/** Text in a column that starts at `indent`, except for the indentation of its first line. */
function block(text: string, indent: number, { width }: Paint): string {
  return wrap(text, width - indent, 0).replaceAll("\n", `\n${" ".repeat(indent)}`);
}

/** `→ what to do`, below a result. */
export function fixLines(fix: string | undefined, paint: Paint): string[] {
  return fix === undefined ? [] : [paint.warn(wrap(`    → ${fix}`, paint.width, INDENT + 2))];
}
