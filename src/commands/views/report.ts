/** Reports: the inputs that ask for them, and the end of a run, which compares it with the last one and writes them. */
import { join, resolve } from "node:path";

import * as z from "zod";

import { reasonOf, systemCode, UsageError } from "../../errors.ts";
import { changesOf, changesText, compare, type Changes } from "../../report/changes.ts";
import { formatReport } from "../../report/formats.ts";
import { annotations, summary } from "../../report/github.ts";
import { lastRun, readRuns, saveRun } from "../../report/last-run.ts";
import type { Report } from "../../report/suite.ts";
import { appendReport, writeReport } from "../../report/write.ts";
import { LAST_RUN_FILE, makeFolder } from "../../store/folder.ts";
import { input, type Notice, type Printed } from "../../terminal/command.ts";
import { wrap, type Paint } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { reportText } from "./report-text.ts";

const FORMATS = ["pretty", "json", "junit", "tap", "html", "github"] as const;

/** Where a report goes: into a file besides the lines, or to stdout instead of them. `github` has places of its own. */
interface Wanted {
  format: (typeof FORMATS)[number];
  file?: string;
}

export type Reports = readonly Wanted[];

const wanted = z.string().transform((typed, context): Wanted => {
  const [, format, file] = /^([a-z]+)(?:=(.+))?$/s.exec(typed) ?? [];
  const known = FORMATS.find((each) => each === format);
  if (known !== undefined) return { format: known, ...(file === undefined ? {} : { file }) };
  context.addIssue(`must be ${FORMATS.join(", ")}, or a format and a file such as junit=report.xml`);
  return z.NEVER;
});

export const reportInput = input(
  "--report <format>",
  `Report as ${FORMATS.join(", ")}; junit=report.xml writes it to a file besides the lines (repeatable)`,
  z
    .array(wanted)
    .refine((all) => all.filter(isForStdout).length <= 1, "can print only one report on stdout; give the others a file")
    .refine((all) => {
      const files = all.flatMap(({ file }) => (file === undefined ? [] : [resolve(file)]));
      return new Set(files).size === files.length;
    }, "must have another file for each report")
    .default([]),
);

/** For the commands whose results are compared with those of their last run. */
export const reportInputs = {
  report: reportInput,
  compare: input(
    "--compare <file>",
    "File of the last run to compare with and replace (default: .wa-hook/last-run.json)",
    z.string().optional(),
  ),
};

function isForStdout({ format, file }: Wanted): boolean {
  return file === undefined && format !== "github";
}

/** Whether lines are printed: not when a report goes to stdout. */
export function printsLines(reports: Reports): boolean {
  return reports.every((each) => each.format === "pretty" || !isForStdout(each));
}

/** Whether any report will contain each finding. */
export function needsFindings(reports: Reports, world: World): boolean {
  return reports.some(({ format, file }) => format !== "pretty" || file !== undefined) || isOnGithub(reports, world);
}

/** On GitHub Actions by itself, unless the lines alone are asked for. */
function isOnGithub(reports: Reports, { env }: World): boolean {
  if (reports.some(({ format }) => format === "github")) return true;
  const isPretty = reports.some(({ format, file }) => format === "pretty" && file === undefined);
  return env["GITHUB_ACTIONS"] === "true" && !isPretty;
}

export type ReportEvent =
  /** The report that `--report` prints in place of the findings, as one text. */
  { type: "report"; text: string } | ({ type: "changes" } & Changes);

interface Run extends Report {
  /** What was checked. Without it, the run is neither compared nor remembered. */
  target?: string;
  /** Whether everything was checked. An interrupted run is compared, but not remembered. */
  complete?: boolean;
}

/**
 * The end of a run: yields what changed since the last one, the report for stdout and GitHub's annotations, and writes the reports with
 * files. Throws a `UsageError` when a file cannot be written, after the others are.
 */
export function* reported(
  run: Run,
  { report, compare: file }: { report: Reports; compare?: string | undefined },
  world: World,
): Generator<ReportEvent | Notice, void, void> {
  const { title, suites, changes, save } = compared(run, file, world);
  if (changes !== undefined && printsLines(report)) yield { type: "changes", ...changes };
  const made = { at: world.now() };
  const done: Report = { title, suites, diagnosis: run.diagnosis };
  const failures = new Attempts();
  for (const { format, file: name } of report) {
    if (name === undefined && format === "pretty") continue;
    if (name === undefined && format === "github") continue;
    const text = format === "pretty" ? reportText(done) : formatReport(format, done, made);
    if (name === undefined) yield { type: "report", text };
    else failures.attempt(name, "write the report", () => writeReport(resolve(world.cwd, name), `${text}\n`));
  }
  if (isOnGithub(report, world)) {
    for (const text of annotations(done)) yield { type: "notice", text, machine: true };
    const place = world.env["GITHUB_STEP_SUMMARY"];
    const isElsewhere = report.some(({ format, file: name }) => format === "github" && name !== undefined);
    if (place && !isElsewhere)
      failures.attempt(place, "write the job summary", () => appendReport(place, summary(done)));
  }
  if (file === undefined) ifPossible(save);
  else failures.attempt(file, "save this run in", save);
  failures.end();
}

/**
 * The result, or nothing when the file or folder cannot be used: nobody asked for `.wa-hook/last-run.json`, so a folder without one, or
 * with a damaged one, is nothing to complain about.
 */
function ifPossible<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof UsageError || systemCode(error) !== undefined) return undefined;
    throw error;
  }
}

/** Actions on files, of which one that fails does not hold up the others. */
class Attempts {
  #first: UsageError | undefined;

  attempt(file: string, task: string, act: () => void): void {
    try {
      act();
    } catch (cause) {
      this.#first ??= new UsageError(`cannot ${task} ${file}: ${reasonOf(cause)}`, {
        code: "report.unwritable",
        hint: "use a file in a folder that you have permission to write to",
        cause,
      });
    }
  }

  end(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}

interface Compared extends Report {
  /** Undefined in the first run. */
  changes?: Changes;
  save(): void;
}

function compared({ title, suites, target, complete = true }: Run, file: string | undefined, world: World): Compared {
  if (target === undefined) return { title, suites, save: () => undefined };
  const path = file === undefined ? join(world.cwd, LAST_RUN_FILE) : resolve(world.cwd, file);
  // Whoever names a file knows what it is of, and in CI the port or the host may be another one each time.
  const of = file === undefined ? `${title} ${target}` : title;
  const runs = file === undefined ? (ifPossible(() => readRuns(path)) ?? []) : readRuns(path);
  const before = lastRun(runs, of);
  const result = compare(suites, before);
  return {
    title,
    suites: result.suites,
    ...(before === undefined ? {} : { changes: changesOf(result.suites) }),
    save() {
      if (!complete) return;
      if (file === undefined) makeFolder(world.cwd);
      saveRun(path, { of, ...result.results }, runs);
    },
  };
}

const SHOWN_NAMES = 5;

/** What a person sees of the end of a run: the report itself as it is, and the changes in lines. */
export function printReported(event: ReportEvent, original: ReportEvent, paint: Paint): Printed {
  if (original.type === "report") return original.text;
  if (event.type === "report") return event.text;
  const text = changesText(event);
  if (text === "") return [];
  const named = (mark: string, word: string, names: readonly string[], count: number) =>
    names.length === 0
      ? []
      : [
          wrap(
            `  ${mark} ${word}  ${names.slice(0, SHOWN_NAMES).join(", ")}${count > SHOWN_NAMES ? ", …" : ""}`,
            paint.width,
            4,
          ),
        ];
  return [
    wrap(`Since the last run: ${text}`, paint.width, 2),
    ...named(paint.bad("✗"), "new  ", event.names.new, event.new),
    { detail: named(paint.good("✓"), "fixed", event.names.fixed, event.fixed) },
  ];
}
