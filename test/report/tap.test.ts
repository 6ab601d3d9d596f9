/** The TAP report, opened by a real parser. */
import { Parser } from "tap-parser";
import { expect, test } from "vitest";

import { tap } from "../../src/report/tap.ts";
import { HOSTILE_REPORT, REPORT } from "./sample.ts";

interface Point {
  ok: boolean;
  id: number;
  name: string;
  skip: false | string;
  diag: Record<string, string> | null;
}

function parse(text: string) {
  const [points, comments, extra]: [Point[], string[], string[]] = [[], [], []];
  const parser = new Parser({ strict: true });
  parser.on("assert", (point) => points.push(point as unknown as Point));
  parser.on("comment", (comment) => comments.push(comment));
  parser.on("extra", (line) => extra.push(line));
  parser.end(`${text}\n`);
  const { count, pass, fail, skip, failures } = parser.results ?? {};
  return { points, comments, extra, counts: { count, pass, fail, skip }, failures };
}

test("a parser finds each finding, and in its block what was expected and what to do", () => {
  const { points, comments, extra, counts } = parse(tap(REPORT));
  expect(counts).toEqual({ count: 9, pass: 6, fail: 3, skip: 1 });
  expect(extra).toEqual([]);
  expect(points.map(({ ok, name, skip }) => [ok, name, skip])).toEqual([
    [true, "text: status: Status", false],
    [false, "text.emoji: status: Status", false],
    [false, "image.with-caption: status: Status", false],
    [false, "status.failed: status: Status", false],
    [true, "handshake: handshake.token: Right token", false],
    [true, "handshake: handshake.type: Content type", false],
    [true, "handshake: tls: TLS certificate", "not checked: the URL is http://localhost:3000/webhook"],
    [true, "handshake: method: Status GET", false],
    [true, "handshake: method: Status POST", false],
  ]);
  expect(points[1]?.diag).toEqual({
    severity: "fail",
    code: "status",
    expected: "200",
    got: "401",
    fix: 'use the raw request body: express.raw({ type: "application/json" })',
    request: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTdBNTkyQzA5RkQ3QjQwQjY1MwA=",
    change: "new",
  });
  expect(points[5]?.diag).toMatchObject({ severity: "warn", got: "text/html" });
  expect(comments).toEqual([
    "# 2 × Status: 401, expected 200 (text.emoji, image.with-caption)\n",
    "# 1 × Status: 500, expected 200 (status.failed)\n",
    "# 3 failed, 1 warning, 4 passed, 1 skipped\n",
  ]);
});

test("no text in a finding makes another test point, a directive or a line that is no TAP", () => {
  const { points, extra, counts } = parse(tap(HOSTILE_REPORT));
  expect(counts).toEqual({ count: 4, pass: 3, fail: 1, skip: 1 });
  expect(extra).toEqual([]);
  const { findings } = HOSTILE_REPORT.suites[0] ?? {};
  expect(points[0]?.diag?.["got"]).toBe(findings?.[0]?.got);
});

test("a report of nothing is complete too", () => {
  expect(tap({ title: "wa-hook check", suites: [] })).toBe("TAP version 14\n1..0\n# nothing checked");
});
