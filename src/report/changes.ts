/** What changed since the last run: which failures are new, which remain, which are fixed. */
import { createHash } from "node:crypto";

import type { Finding } from "./finding.ts";
import type { Suite } from "./suite.ts";

/** What failed and what passed when each check last ran. */
export interface Results {
  failed: ReadonlySet<string>;
  passed: ReadonlySet<string>;
}

/**
 * The same finding in every run: of the suite, the code and the expectation, because what was found differs from run to run. It is a
 * hash, so that the file neither grows with texts nor holds them.
 */
function keyOf(suite: string, { code, expected }: Finding): string {
  const about = JSON.stringify([suite, code, expected]);
  return createHash("sha256").update(about).digest("base64url").slice(0, 16);
}

/** More of a run are not remembered; each takes some 20 bytes. */
const MAX_REMEMBERED = 5000;

/**
 * The suites with the changes since `before` in their findings, and what is to be remembered. A check that never ran before has not changed.
 * What did not run this time, or was skipped, stays as it was. A check that ran several times has failed when it failed once.
 */
export function compare(
  suites: readonly Suite[],
  before: Results | undefined,
): { suites: readonly Suite[]; results: Results } {
  const [failed, passed] = [new Set<string>(), new Set<string>()];
  const keys = suites.map(({ name, findings }) => findings.map((finding) => keyOf(name, finding)));
  for (const [at, { findings }] of suites.entries()) {
    for (const [place, { status }] of findings.entries()) {
      const key = keys[at]?.[place] ?? "";
      if (status === "fail") failed.add(key);
      else if (status !== "skip") passed.add(key);
    }
  }
  for (const key of failed) passed.delete(key);
  const hasRun = (key: string) => failed.has(key) || passed.has(key);
  const remembered = (now: ReadonlySet<string>, then: ReadonlySet<string> = new Set()) =>
    new Set([...now, ...[...then].filter((key) => !hasRun(key))].slice(0, MAX_REMEMBERED));
  const results = { failed: remembered(failed, before?.failed), passed: remembered(passed, before?.passed) };
  if (before === undefined) return { suites, results };
  const changeOf = (status: Finding["status"], key: string): Finding["change"] => {
    if (status === "fail") return before.failed.has(key) ? "still" : before.passed.has(key) ? "new" : undefined;
    return before.failed.has(key) && passed.has(key) ? "fixed" : undefined;
  };
  const compared = suites.map((suite, at) => ({
    ...suite,
    findings: suite.findings.map((finding, place) => {
      const change = changeOf(finding.status, keys[at]?.[place] ?? "");
      return change === undefined ? finding : { ...finding, change };
    }),
  }));
  return { suites: compared, results };
}

/** How many findings changed, and the names of the first. */
export interface Changes {
  /** Findings that fail now and passed then. */
  new: number;
  /** Findings that fail now and failed then. */
  still: number;
  /** Findings that failed then and no longer do. */
  fixed: number;
  /** `text: Status` */
  names: { new: string[]; fixed: string[] };
}

const MAX_NAMES = 10;

export function changesOf(suites: readonly Suite[]): Changes {
  const changes: Changes = { new: 0, still: 0, fixed: 0, names: { new: [], fixed: [] } };
  for (const { name, findings } of suites) {
    for (const { change, title } of findings) {
      if (change === undefined) continue;
      changes[change]++;
      if (change !== "still" && changes.names[change].length < MAX_NAMES)
        changes.names[change].push(`${name}: ${title}`);
    }
  }
  return changes;
}

/** `1 new failure, 2 still failing, 3 fixed`; empty when nothing failed, then or now. */
export function changesText(changes: Pick<Changes, "new" | "still" | "fixed">): string {
  return [
    ...(changes.new === 0 ? [] : [`${changes.new} new ${changes.new === 1 ? "failure" : "failures"}`]),
    ...(changes.still === 0 ? [] : [`${changes.still} still failing`]),
    ...(changes.fixed === 0 ? [] : [`${changes.fixed} fixed`]),
  ].join(", ");
}
