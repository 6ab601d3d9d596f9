/** Annotations and job summary for GitHub Actions. */
import { expect, test } from "vitest";

import { annotations, summary } from "../../src/report/github.ts";
import { EXPLAINED_REPORT, HOSTILE_REPORT, REPORT } from "./sample.ts";

/** Reads a workflow command as GitHub's runner does. */
function read(line: string): { level: string; title: string; text: string } {
  const [, level = "", properties = "", data = ""] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
  const unescape = (text: string) =>
    text
      .replaceAll("%0D", "\r")
      .replaceAll("%0A", "\n")
      .replaceAll("%3A", ":")
      .replaceAll("%2C", ",")
      .replaceAll("%25", "%");
  const all = properties.split(",").map((each) => each.split("=").map(unescape));
  expect(all.map(([key]) => key)).toEqual(["title"]);
  return { level, title: all[0]?.slice(1).join("=") ?? "", text: unescape(data) };
}

test("each reason is one annotation, with where it was found and what to do", () => {
  expect(annotations(REPORT).map(read)).toEqual([
    {
      level: "error",
      title: "wa-hook check: Status (2 ×)",
      text: 'Status: 401, expected 200 (text.emoji, image.with-caption)\n→ use the raw request body: express.raw({ type: "application/json" })',
    },
    {
      level: "error",
      title: "wa-hook check: Status",
      text: "Status: 500, expected 200 (status.failed)\n→ check the app's log for the error",
    },
    {
      level: "warning",
      title: "wa-hook check: Content type",
      text: 'text/html, expected text/plain\n→ respond with Content-Type: text/plain, such as response.type("text/plain")',
    },
  ]);
});

test("the likely cause is the first annotation", () => {
  const [first, second] = annotations(EXPLAINED_REPORT).map(read);
  expect(first).toEqual({
    level: "error",
    title: "wa-hook check: Likely cause",
    text: "the app verifies the signature of the parsed body\n→ verify it over the raw request body",
  });
  expect(second?.title).toBe("wa-hook check: Status (2 ×)");
});

test("no text ends an annotation, adds a property or begins another command", () => {
  const report = {
    title: "a,b::c%0A",
    suites: [{ name: "x\n::warning::y", findings: [{ ...HOSTILE_REPORT.suites[0]!.findings[0]!, got: "50%\r\n%25" }] }],
  };
  const lines = annotations(report);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/[\r\n]/);
  const { title, text } = read(lines[0] ?? "");
  expect(title).toMatch(/^a,b::c%0A: /);
  expect(text).toContain("50%·\n%25");
});

test("GitHub shows ten annotations of a sort, so the tenth counts the rest", () => {
  const findings = Array.from({ length: 30 }, (_, at) => ({
    code: `c${at}`,
    status: at % 2 === 0 ? ("fail" as const) : ("warn" as const),
    title: `Finding ${at}`,
    expected: "200",
    got: "500",
  }));
  const lines = annotations({ title: "wa-hook check", suites: [{ name: "all", findings }] }).map(read);
  expect(lines.map(({ level }) => level)).toEqual([...Array(10).fill("error"), ...Array(10).fill("warning")]);
  expect(lines[9]?.text).toBe("6 more; the job summary and the log show all");
});

test("the job summary has the counts, what changed, the reasons, and a table of what did not pass", () => {
  const text = summary(REPORT);
  expect(text.split("\n").slice(0, 7)).toEqual([
    "### ❌ wa-hook check",
    "",
    "3 failed, 1 warning, 4 passed, 1 skipped · since the last run: 1 new failure, 1 still failing, 1 fixed",
    "",
    "- **2 ×** Status: 401, expected 200 (text.emoji, image.with-caption)",
    '  → use the raw request body: express.raw({ type: "application/json" })',
    "- **1 ×** Status: 500, expected 200 (status.failed)",
  ]);
  expect(text).toContain("| ❌ | text.emoji | Status (new) | 200 | 401 |");
  expect(text.match(/^\| ❌/gm)).toHaveLength(3);
  expect(summary({ title: "wa-hook check", suites: REPORT.suites.slice(0, 1) })).toBe(
    "### ✅ wa-hook check\n\n1 passed · since the last run: 1 fixed\n",
  );
});

test("a text in the job summary is neither HTML nor Markdown, and stays in its cell", () => {
  const rows = summary(HOSTILE_REPORT)
    .split("\n")
    .filter((line) => line.startsWith("| ❌"));
  expect(rows).toHaveLength(1);
  const [row = ""] = rows;
  expect(row.match(/\|/g)).toHaveLength(7);
  expect(row).not.toMatch(/[<>[\]`*~@]|&(?!amp;|lt;|gt;|#\d+;)/);
});

test("a summary that GitHub would reject is replaced by its counts", () => {
  const finding = { code: "a", status: "fail" as const, title: "A", expected: "b".repeat(10_000), got: "c" };
  const suites = Array.from({ length: 300 }, (_, at) => ({ name: String(at), findings: [finding] }));
  const text = summary({ title: "wa-hook check", suites });
  expect(text.length).toBeLessThan(1000);
  expect(text).toContain("300 failed");
});
