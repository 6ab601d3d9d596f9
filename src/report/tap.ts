/** Findings in the Test Anything Protocol, version 14. */
import { plain, printableJson } from "../printable.ts";
import { namesText, recapOf } from "./recap.ts";
import { casesOf, countsOf, countsText, type Case, type Report } from "./suite.ts";

/**
 * A test point per finding, with a YAML block for what did not pass, and the failures by reason as comments at the end. There are no
 * subtests, which readers of version 13 would take for comments. https://testanything.org/tap-version-14-specification.html
 */
export function tap({ suites, diagnosis }: Report): string {
  const counts = countsOf(suites);
  const lines = ["TAP version 14", `1..${counts.all}`];
  let number = 0;
  for (const suite of suites) {
    for (const each of casesOf(suite)) lines.push(point(++number, suite.name, each));
  }
  for (const group of recapOf(suites)) lines.push(comment(`${group.count} × ${group.reason} (${namesText(group)})`));
  if (diagnosis !== undefined) lines.push(comment(`likely cause: ${diagnosis.cause}`), comment(`→ ${diagnosis.fix}`));
  return [...lines, comment(countsText(counts))].join("\n");
}

function point(number: number, suite: string, { name, finding }: Case): string {
  const { status, got } = finding;
  const line = `${status === "fail" ? "not ok" : "ok"} ${number} - ${escape(`${suite}: ${name}`)}`;
  if (status === "skip") return `${line} # SKIP ${plain(got)}`;
  return status === "pass" ? line : `${line}\n${diagnostics(finding)}`;
}

function diagnostics({ status, code, expected, got, fix, request, change }: Case["finding"]): string {
  const values = { severity: status, code, expected, got, fix, request, change };
  const rows = Object.entries(values).flatMap(([key, value]) =>
    // A JSON string is a YAML string.
    value === undefined ? [] : [`  ${key}: ${printableJson(value)}`],
  );
  return ["  ---", ...rows, "  ..."].join("\n");
}

/** `#` would begin a directive. */
function escape(text: string): string {
  return plain(text).replaceAll(/[\\#]/g, String.raw`\$&`);
}

function comment(text: string): string {
  return `# ${plain(text)}`;
}
