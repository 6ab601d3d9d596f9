/** Renders findings as aligned lines, and writes them as JSON or JUnit reports. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { printableJson } from "../../printable.ts";
import type { Finding } from "../../report/finding.ts";
import { junit, type Suite } from "../../report/junit.ts";
import { input, type Printed } from "../../terminal/command.ts";
import { pad, wrap, type Paint } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";

const MARKS = { pass: "✓", warn: "!", fail: "✗", skip: "–" } as const;

/** The width of the label column. */
const LABEL_COLUMNS = 24;
/** A result next to its label is readable down to this terminal width; in narrower terminals it goes below. */
const MIN_COLUMNS = 60;
const INDENT = 4;

/** `✓ Label   result`, and for a warning or a failure the expectation and the fix. */
function findingLines({ status, title, expected, got, fix }: Finding, paint: Paint): string[] {
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

/** Where a report goes: to stdout instead of the lines, or into a file besides them. */
export interface Report {
  format: "pretty" | "json" | "junit";
  file?: string;
}

export const reportInput = input(
  "--report <format>",
  "Print a report as pretty, json or junit; junit=report.xml writes it to a file",
  z
    .string()
    .transform((typed, context): Report => {
      const [, format, file] = /^(pretty|json|junit)(?:=(.+))?$/.exec(typed) ?? [];
      if (format !== undefined) return { format: format as Report["format"], ...(file === undefined ? {} : { file }) };
      context.addIssue("must be pretty, json or junit, or junit=report.xml");
      return z.NEVER;
    })
    .default({ format: "pretty" }),
);

/** Whether lines are printed: not when the report itself goes to stdout. */
export function printsLines({ format, file }: Report): boolean {
  return format === "pretty" || file !== undefined;
}

/** The report for stdout; undefined when none is wanted, or when it has been written to its file. */
export function reportOf(
  title: string,
  suites: readonly Suite[],
  { format, file }: Report,
  { cwd }: World,
): string | undefined {
  if (format === "pretty") return undefined;
  const text = format === "json" ? printableJson(suites, 2) : junit(title, suites);
  if (file === undefined) return text;
  try {
    writeFileSync(resolve(cwd, file), `${text}\n`);
  } catch (cause) {
    throw new UsageError(`cannot write the report ${file}: ${reasonOf(cause)}`, {
      code: "report.unwritable",
      hint: "use a file in an existing folder that you have permission to write to",
      cause,
    });
  }
}
