/** Findings as a person reads them, and as a report. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { printableJson } from "../../printable.ts";
import type { Finding } from "../../report/finding.ts";
import { junit, type Suite } from "../../report/junit.ts";
import { input } from "../../terminal/command.ts";
import { wrap, type Paint } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";

const MARKS = { pass: "✓", warn: "!", fail: "✗", skip: "–" } as const;

/** `✓ title  got`, and for what is not a pass what was expected and what to do. */
export function findingLines({ status, title, expected, got, fix }: Finding, paint: Paint): string[] {
  const colour = { pass: paint.good, warn: paint.warn, fail: paint.bad, skip: paint.quiet }[status];
  const told = (text: string, indent: number) => wrap(text, paint.width, indent);
  const answer = status === "pass" ? paint.quiet(got) : got;
  const line = told(`${colour(MARKS[status])} ${title} ${answer}`, 2);
  if (status === "pass" || status === "skip") return [line];
  const advice = fix === undefined ? [] : [paint.warn(told(`    → ${fix}`, 6))];
  return [line, told(`    expected ${expected}`, 6), ...advice];
}

/** Where a report goes: instead of the lines for people, or into a file beside them. */
export interface Report {
  format: "pretty" | "json" | "junit";
  file?: string;
}

export const reportInput = input(
  "--report <format>",
  "pretty, json or junit; junit=report.xml writes a file and still tells people",
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

/** Whether the lines for people are told: not when the report itself goes to stdout. */
export function isTold({ format, file }: Report): boolean {
  return format === "pretty" || file !== undefined;
}

/** The report, for stdout; nothing when none was asked for, or when it was written into its file. */
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
    throw new UsageError(`the report ${file} cannot be written: ${reasonOf(cause)}`, {
      code: "report.unwritable",
      hint: "name a file in a folder that exists and may be written to",
      cause,
    });
  }
}
