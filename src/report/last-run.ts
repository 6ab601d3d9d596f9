/** The file that remembers the results of the last runs: `.wa-hook/last-run.json`, or one that CI caches. */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

import * as z from "zod";

import { replaceFile } from "../durable-file.ts";
import { UsageError } from "../errors.ts";
import type { Results } from "./changes.ts";

/** The least recent is forgotten. */
const MAX_RUNS = 20;
/** Twenty runs of ten thousand results take 4 MB. */
const MAX_BYTES = 8_000_000;

const schema = z.object({
  version: z.literal(1),
  runs: z.array(z.object({ of: z.string(), failed: z.array(z.string()), passed: z.array(z.string()) })),
});

/** The most recent is the first. */
export type Runs = z.output<typeof schema>["runs"];

/** None when there is no file yet. Throws a `UsageError` when it is another sort of file, and the errors of the file system. */
export function readRuns(file: string): Runs {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return [];
  const runs = size > MAX_BYTES ? undefined : parse(readFileSync(file, "utf8"));
  if (runs !== undefined) return runs;
  throw new UsageError(`${file} is not a last run saved by wa-hook`, {
    code: "last-run.invalid",
    hint: "name another file, or delete it to begin again",
  });
}

function parse(text: string): Runs | undefined {
  try {
    return schema.parse(JSON.parse(text)).runs;
  } catch {
    return undefined;
  }
}

/** The results of the last run of this command and target; undefined in the first run. */
export function lastRun(runs: Runs, of: string): Results | undefined {
  const found = runs.find((run) => run.of === of);
  return found === undefined ? undefined : { failed: new Set(found.failed), passed: new Set(found.passed) };
}

/** Remembers a run besides others, in a file of mode 0600 that is whole at every moment. Throws the errors of the file system. */
export function saveRun(file: string, { of, failed, passed }: { of: string } & Results, runs: Runs): void {
  const others = runs.filter((run) => run.of !== of);
  const all: Runs = [{ of, failed: [...failed], passed: [...passed] }, ...others].slice(0, MAX_RUNS);
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, `${JSON.stringify({ version: 1, runs: all })}\n`);
}
