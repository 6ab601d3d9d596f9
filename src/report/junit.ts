/** Findings as JUnit XML, which CI systems show. */
import { HIDDEN_SOURCE } from "../printable.ts";
import type { Finding } from "./finding.ts";

/** What was checked: one test case for each of its findings. */
export interface Suite {
  name: string;
  findings: readonly Finding[];
  /** Of the whole suite, in milliseconds. */
  ms?: number;
}

/** A whole document: warnings pass and say what they warn of in `system-out`. */
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
  const cases = findings.map((finding) => testCase(name, finding));
  return [`  <testsuite name="${escape(name)}" ${counts(findings)}${time}>`, ...cases, "  </testsuite>"].join("\n");
}

function counts(findings: readonly Finding[]): string {
  const of = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  return `tests="${findings.length}" failures="${of("fail")}" skipped="${of("skip")}"`;
}

function testCase(suite: string, { code, status, title, expected, got, fix }: Finding): string {
  const open = `    <testcase classname="${escape(suite)}" name="${escape(`${code}: ${title}`)}"`;
  const said = `expected ${expected}, got ${got}${fix === undefined ? "" : `\n${fix}`}`;
  if (status === "pass") return `${open}/>`;
  const inner = {
    fail: `<failure message="${escape(`expected ${expected}, got ${got}`)}">${escape(said)}</failure>`,
    skip: `<skipped message="${escape(got)}"/>`,
    warn: `<system-out>${escape(said)}</system-out>`,
  }[status];
  return `${open}>${inner}</testcase>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const NAMED = new RegExp(`[&<>"]|${HIDDEN_SOURCE}`, "g");

function escape(text: string): string {
  // What XML has no way to write becomes a dot.
  // oxlint-disable-next-line no-control-regex -- these are what is to be found
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "·");
  return clean.replaceAll(NAMED, (character) => ENTITIES[character] ?? `&#${character.codePointAt(0)};`);
}
