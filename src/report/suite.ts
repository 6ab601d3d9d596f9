/** A suite: findings about one thing, which the reports show together. */
import type { Finding } from "./finding.ts";

/** A named group of findings; each finding becomes a test case. */
export interface Suite {
  name: string;
  findings: readonly Finding[];
  /** The duration of the suite, in milliseconds. */
  ms?: number;
}

/** What all reports are made of. */
export interface Report {
  /** The command, such as `wa-hook replay`. */
  title: string;
  suites: readonly Suite[];
  /** What explains the failures together, if it is known. */
  diagnosis?: { cause: string; fix: string } | undefined;
}

/** A finding with the name of its test case, unique within its suite wherever code and expectation are. */
export interface Case {
  name: string;
  finding: Finding;
}

/** CI systems merge test cases of the same name, so the expectation distinguishes findings with the same code. */
export function casesOf({ findings }: Suite): Case[] {
  const uses = new Map<string, number>();
  for (const { code } of findings) uses.set(code, (uses.get(code) ?? 0) + 1);
  return findings.map((finding) => {
    const { code, title, expected } = finding;
    const name = `${code}: ${title}`;
    return { finding, name: uses.get(code) === 1 ? name : `${name} ${expected}` };
  });
}

/** How many findings there are, and how many of each status. */
export type Counts = Record<Finding["status"] | "all", number>;

export function countsOf(suites: readonly Suite[]): Counts {
  const counts: Counts = { all: 0, pass: 0, warn: 0, fail: 0, skip: 0 };
  for (const { findings } of suites) {
    counts.all += findings.length;
    for (const { status } of findings) counts[status]++;
  }
  return counts;
}

/** `3 failed, 1 warning, 12 passed, 2 skipped`; what is 0 is left out. */
export function countsText(counts: Counts): string {
  const parts = (["fail", "warn", "pass", "skip"] as const).flatMap((status) =>
    counts[status] === 0 ? [] : [countText(status, counts[status])],
  );
  return parts.length === 0 ? "nothing checked" : parts.join(", ");
}

/** `2 warnings` */
export function countText(status: Finding["status"], count: number): string {
  const word = { fail: "failed", warn: count === 1 ? "warning" : "warnings", pass: "passed", skip: "skipped" }[status];
  return `${count} ${word}`;
}

/** A suite in which nothing failed and nothing is to be done. */
export function isClean({ findings }: Suite): boolean {
  return findings.every(({ status }) => status === "pass" || status === "skip");
}
