/** A run compared with the last one. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { changesOf, changesText, compare, type Results } from "../../src/report/changes.ts";
import type { Finding } from "../../src/report/finding.ts";
import { lastRun, readRuns, saveRun } from "../../src/report/last-run.ts";
import type { Suite } from "../../src/report/suite.ts";
import { temporaryFolder } from "../support/world.ts";

/** `text:fail image:pass`: a suite each, with one finding. */
function run(text: string, got = "500"): Suite[] {
  return text.split(" ").map((each) => {
    const [name = "", status] = each.split(":");
    return { name, findings: [{ code: "status", status, title: "Status", expected: "200", got } as Finding] };
  });
}

/** The changes of each run since the one before. */
function changes(...texts: string[]): (string | undefined)[][] {
  let before: Results | undefined;
  return texts.map((text, at) => {
    const result = compare(run(text, `got ${at}`), before);
    before = result.results;
    return result.suites.flatMap(({ findings }) => findings.map(({ change }) => change));
  });
}

test("the first run says nothing, then failures are new or remain, and what passes again is fixed", () => {
  expect(changes("a:fail b:pass c:fail", "a:fail b:fail c:pass", "a:pass b:fail c:pass")).toEqual([
    [undefined, undefined, undefined],
    ["still", "new", "fixed"],
    ["fixed", "still", undefined],
  ]);
});

test("a warning has not failed, and what is skipped or not run stays as it was", () => {
  expect(changes("a:fail b:fail c:fail", "a:warn b:skip", "a:fail b:fail c:fail")).toEqual([
    [undefined, undefined, undefined],
    ["fixed", undefined],
    ["new", "still", "still"],
  ]);
});

test("what ran twice has failed when it failed once", () => {
  expect(changes("a:fail", "a:pass a:fail", "a:pass a:pass")).toEqual([
    [undefined],
    [undefined, "still"],
    ["fixed", "fixed"],
  ]);
});

test("another expectation is another finding; another result is not", () => {
  const first = compare(run("a:fail", "401"), undefined).results;
  const [same] = compare(run("a:fail", "500"), first).suites;
  const other = run("a:fail").map((suite) => ({
    ...suite,
    findings: suite.findings.map((finding) => ({ ...finding, expected: "4xx" })),
  }));
  const [changed] = compare(other, first).suites;
  expect([same?.findings[0]?.change, changed?.findings[0]?.change]).toEqual(["still", undefined]);
});

test("a check that never ran before has not changed", () => {
  expect(changes("a:fail", "a:fail b:fail c:pass", "b:fail c:fail")).toEqual([
    [undefined],
    ["still", undefined, undefined],
    ["still", "new"],
  ]);
});

const many = (status: string, count: number) => Array.from({ length: count }, (_, at) => `f${at}:${status}`).join(" ");

test("the changes are counted, with the names of the first", () => {
  const before = compare(run(`${many("pass", 30)} x:fail`), undefined).results;
  const counted = changesOf(compare(run(`${many("fail", 30)} x:pass`), before).suites);
  expect(counted).toMatchObject({ new: 30, still: 0, fixed: 1 });
  expect(counted.names).toEqual({
    new: Array.from({ length: 10 }, (_, at) => `f${at}: Status`),
    fixed: ["x: Status"],
  });
  expect(changesText(counted)).toBe("30 new failures, 1 fixed");
});

test("of a run, at most five thousand failures and five thousand passes are remembered", () => {
  const failed = compare(run(many("fail", 6000)), undefined).results;
  const passed = compare(run(many("pass", 6000)), undefined).results;
  expect([failed.failed.size, passed.passed.size]).toEqual([5000, 5000]);
  const { suites } = compare(run("f0:fail f5999:fail"), passed);
  expect(suites.map(({ findings }) => findings[0]?.change)).toEqual(["new", undefined]);
});

test("the file keeps the last run of each command and target, holds no texts, and is for its owner only", () => {
  const file = join(temporaryFolder(), "cache", "last-run.json");
  expect(readRuns(file)).toEqual([]);
  saveRun(file, { of: "replay 3000", ...compare(run("secret-name:fail"), undefined).results }, readRuns(file));
  saveRun(file, { of: "replay 4000", failed: new Set(), passed: new Set() }, readRuns(file));
  const runs = readRuns(file);
  expect(lastRun(runs, "replay 3000")?.failed.size).toBe(1);
  expect(lastRun(runs, "replay 4000")?.failed.size).toBe(0);
  expect(lastRun(runs, "replay 5000")).toBeUndefined();
  expect(readFileSync(file, "utf8")).not.toMatch(/secret-name|500|Status/);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("the file remembers twenty runs", () => {
  const file = join(temporaryFolder(), "last-run.json");
  for (let at = 0; at < 25; at++)
    saveRun(file, { of: String(at), failed: new Set(), passed: new Set() }, readRuns(file));
  expect(readRuns(file).map(({ of }) => of)).toEqual(Array.from({ length: 20 }, (_, at) => String(24 - at)));
});

test("another sort of file is refused, so that it is not replaced", () => {
  const file = join(temporaryFolder(), "package.json");
  for (const text of ['{"name":"app"}', "no JSON", "x".repeat(5_000_000)]) {
    writeFileSync(file, text);
    expect(() => readRuns(file)).toThrow(/is not a last run saved by wa-hook/);
  }
});
