/** Findings as JUnit XML, for CI systems. */
import { HIDDEN_SOURCE } from "../printable.ts";
import { casesOf, countsOf, type Case, type Report, type Suite } from "./suite.ts";

export type { Suite } from "./suite.ts";

/**
 * A complete document, valid against the schema of Jenkins' xUnit plugin (`junit-10.xsd`), which is the strictest in use: a test case has no
 * properties there, so that changes since the last run are properties of the suite. A warning is a passed test case with its text in
 * `system-out`.
 */
export function junit({ title, suites }: Report): string {
  const { all, fail } = countsOf(suites);
  const ms = suites.reduce((sum, suite) => sum + (suite.ms ?? 0), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(title)}" tests="${all}" failures="${fail}" errors="0"${ms === 0 ? "" : time(ms)}>`,
    ...suites.map(suiteLines),
    "</testsuites>",
  ].join("\n");
}

function suiteLines(suite: Suite): string {
  const { name, findings, ms } = suite;
  const { all, fail, skip } = countsOf([suite]);
  const cases = casesOf(suite);
  // CI systems add up the times of test cases, so the time of several is not given to each.
  const caseTime = ms === undefined || findings.length !== 1 ? "" : time(ms);
  const counts = `tests="${all}" failures="${fail}" errors="0" skipped="${skip}"`;
  return [
    `  <testsuite name="${escape(name)}" ${counts}${ms === undefined ? "" : time(ms)}>`,
    ...changes(cases),
    ...cases.map((each) => testCase(name, each, caseTime)),
    "  </testsuite>",
  ].join("\n");
}

function time(ms: number): string {
  return ` time="${(ms / 1000).toFixed(3)}"`;
}

const CHANGES = { new: "new since the last run", still: "still failing", fixed: "fixed since the last run" } as const;

/** One property for each test case that the last run makes a difference for. */
function changes(cases: readonly Case[]): string[] {
  const properties = cases.flatMap(({ name, finding: { change } }) =>
    change === undefined ? [] : [`      <property name="${CHANGES[change]}" value="${escape(name)}"/>`],
  );
  return properties.length === 0 ? [] : ["    <properties>", ...properties, "    </properties>"];
}

function testCase(suite: string, { name, finding }: Case, time: string): string {
  const { code, status, expected, got, fix, request, change } = finding;
  const open = `    <testcase classname="${escape(suite)}" name="${escape(name)}"${time}`;
  if (status === "pass") return `${open}/>`;
  const text = [
    `expected ${expected}, got ${got}`,
    ...(fix === undefined ? [] : [fix]),
    ...(request === undefined ? [] : [`request: ${request}`]),
    ...(change === undefined ? [] : [CHANGES[change]]),
  ].join("\n");
  const inner = {
    fail: `<failure message="${escape(`expected ${expected}, got ${got}`)}" type="${escape(code)}">${escape(text)}</failure>`,
    skip: `<skipped message="${escape(got)}"/>`,
    warn: `<system-out>${escape(text)}</system-out>`,
  }[status];
  return `${open}>${inner}</testcase>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const NAMED = new RegExp(`[&<>"]|${HIDDEN_SOURCE}`, "g");

function escape(text: string): string {
  // Characters that XML 1.0 does not allow are replaced by a dot.
  // oxlint-disable-next-line no-control-regex -- control characters are what this matches
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "·");
  return clean.replaceAll(NAMED, (character) => ENTITIES[character] ?? `&#${character.codePointAt(0)};`);
}
