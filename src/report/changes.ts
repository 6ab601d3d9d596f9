/** What changed since the last run: which failures are new, which remain, which are fixed. */
import { createHash } from "node:crypto";

import type { Finding } from "./finding.ts";
import type { Suite } from "./suite.ts";

/** What failed when each check last ran. */
export type Failed = ReadonlySet<string>;

/**
 * The same finding in every run: of the suite, the code and the expectation, because what was found differs from run to run. It is a
 * hash, so that the file neither grows with texts nor holds them.
 */
function keyOf(suite: string, { code, expected }: Finding): string {
  const about = JSON.stringify([suite, code, expected]);
  return createHash("sha256").update(about).digest("base64url").slice(0, 16);
}

/** More failures of a run are not remembered; each takes some 20 bytes. */
const MAX_FAILED = 5000;

/**
 * The suites with the changes since `before` in their findings, and what has failed now. What did not run this time, or was skipped, stays
 * as it was. A check that ran several times has failed when it failed once.
 */
export function compare(
  suites: readonly Suite[],
  before: Failed | undefined,
): { suites: readonly Suite[]; failed: Failed } {
  const [failed, passed] = [new Set<string>(), new Set<string>()];
  const keys = suites.map(({ name, findings }) => findings.map((finding) => keyOf(name, finding)));
  for (const [at, { findings }] of suites.entries()) {
    for (const [place, { status }] of findings.entries()) {
      const key = keys[at]?.[place] ?? "";
      if (status === "fail") failed.add(key);
      else if (status !== "skip") passed.add(key);
    }
  }
  const remaining = [...(before ?? [])].filter((key) => !failed.has(key) && !passed.has(key));
  const known = new Set([...failed, ...remaining].slice(0, MAX_FAILED));
  if (before === undefined) return { suites, failed: known };
  const isFull = before.size >= MAX_FAILED;
  const changeOf = (status: Finding["status"], key: string): Finding["change"] => {
    if (before.has(key)) return status === "fail" ? "still" : passed.has(key) && !failed.has(key) ? "fixed" : undefined;
    // Of a list that was cut, nobody knows what is not on it.
    return status === "fail" && !isFull ? "new" : undefined;
  };
  const compared = suites.map((suite, at) => ({
    ...suite,
    findings: suite.findings.map((finding, place) => {
      const change = changeOf(finding.status, keys[at]?.[place] ?? "");
      return change === undefined ? finding : { ...finding, change };
    }),
  }));
  return { suites: compared, failed: known };
}

/** How many findings changed, and the names of the first. */
export interface Changes {
  new: number;
  still: number;
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
