/** Findings as JUnit XML, for CI systems. */
import { HIDDEN_SOURCE } from "../printable.ts";
import type { Finding } from "./finding.ts";

/** A named group of findings; each finding becomes a test case. */
export interface Suite {
  name: string;
  findings: readonly Finding[];
  /** The duration of the suite, in milliseconds. */
  ms?: number;
}

/** A complete document. A warning is a passed test case with its text in `system-out`. */
export function junit(name: string, suites: readonly Suite[]): string {
  const all = suites.flatMap(({ findings }) => findings);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(name)}" ${counts(all)}>`,
    ...suites.map(suite),
    "</testsuites>",
  ].join("\n");
}

function suite({ name, findings, ms }: Suite): string {
  const time = ms === undefined ? "" : ` time="${(ms / 1000).toFixed(3)}"`;
  const cases = findings.map((finding) => testCase(name, finding, findings));
  return [`  <testsuite name="${escape(name)}" ${counts(findings)}${time}>`, ...cases, "  </testsuite>"].join("\n");
}

function counts(findings: readonly Finding[]): string {
  const of = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  return `tests="${findings.length}" failures="${of("fail")}" skipped="${of("skip")}"`;
}

function testCase(suite: string, finding: Finding, all: readonly Finding[]): string {
  const { status, expected, got, fix } = finding;
  const open = `    <testcase classname="${escape(suite)}" name="${escape(nameOf(finding, all))}"`;
  const text = `expected ${expected}, got ${got}${fix === undefined ? "" : `\n${fix}`}`;
  if (status === "pass") return `${open}/>`;
  const inner = {
    fail: `<failure message="${escape(`expected ${expected}, got ${got}`)}">${escape(text)}</failure>`,
    skip: `<skipped message="${escape(got)}"/>`,
    warn: `<system-out>${escape(text)}</system-out>`,
  }[status];
  return `${open}>${inner}</testcase>`;
}

/** CI systems merge test cases of the same name, so the expectation tells findings with the same code apart. */
function nameOf({ code, title, expected }: Finding, all: readonly Finding[]): string {
  const isUnique = all.filter((other) => other.code === code).length === 1;
  return isUnique ? `${code}: ${title}` : `${code}: ${title} ${expected}`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const NAMED = new RegExp(`[&<>"]|${HIDDEN_SOURCE}`, "g");

function escape(text: string): string {
  // Characters that XML 1.0 does not allow are replaced by a dot.
  // oxlint-disable-next-line no-control-regex -- control characters are what this matches
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "·");
  return clean.replaceAll(NAMED, (character) => ENTITIES[character] ?? `&#${character.codePointAt(0)};`);
}
