/** How findings are laid out at several terminal widths. */
import { expect, test } from "vitest";

import { printFinding } from "../../../src/commands/views/findings.ts";
import type { Finding } from "../../../src/report/finding.ts";
import { columnsOf, paintFor } from "../../../src/terminal/paint.ts";

const findings: readonly Finding[] = [
  { code: "a", status: "pass", title: "Token expiry", expected: "not expired", got: "never" },
  {
    code: "b",
    status: "fail",
    title: "App subscribed to WABA",
    expected: "this app",
    got: "only Another app of the same business (896369251542941) and 第三のアプリ (112233445566778)",
    fix: "run wa-hook webhook subscribe, then run wa-hook doctor again to check the remaining settings",
  },
  { code: "c", status: "warn", title: "System clock", expected: "Meta's clock", got: "2 days behind Meta's" },
  { code: "d", status: "skip", title: "App published", expected: "live mode", got: "unknown: check the app dashboard" },
];

function layout(columns: number): string[] {
  const paint = paintFor({ write: () => true, isTTY: true, columns }, { NO_COLOR: "1" }, true);
  return findings.flatMap((finding) => {
    const printed = printFinding(finding, paint) as string[] | { detail: string[] };
    return (Array.isArray(printed) ? printed : printed.detail).flatMap((lines) => lines.split("\n"));
  });
}

test.each([40, 80, 120])("findings fit into %i columns", async (columns) => {
  const lines = layout(columns);
  expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../../transcripts/findings-${columns}.txt`);
});

test("at 80 columns all results start in the same column", () => {
  const starts = layout(80)
    .filter((line) => /^[✓!✗–]/.test(line))
    .map((line) => line.search(/(?<= {2,})\S/));
  expect(new Set(starts).size).toBe(1);
});
