/** Findings for GitHub Actions: annotations as workflow commands, and the job summary in Markdown. */
import { plain } from "../printable.ts";
import { changesOf, changesText } from "./changes.ts";
import { namesText, recapOf, type FailureGroup } from "./recap.ts";
import { countsOf, countsText, isClean, type Report, type Suite } from "./suite.ts";

/** GitHub shows ten errors and ten warnings of a step; what is behind them is dropped without a word. */
const MAX_ANNOTATIONS = 10;
/** GitHub accepts 1 MiB of summary per step. */
const MAX_SUMMARY = 900_000;
const MAX_ROWS = 500;

/**
 * `::error title=…::…`, one line per reason of failures and per warning. The runner reads them on stdout and on stderr.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function annotations({ title, suites, diagnosis }: Report): string[] {
  const failures = recapOf(suites);
  const cause = diagnosis === undefined ? [] : [likely(title, diagnosis)];
  const errors = failures.map((group) => {
    const where = `${group.reason} (${namesText(group)})`;
    const text = group.fix === undefined ? where : `${where}\n→ ${group.fix}`;
    return command("error", `${title}: ${group.title}${group.count === 1 ? "" : ` (${group.count} ×)`}`, text);
  });
  const warnings = suites.flatMap(({ findings }) =>
    findings.flatMap((finding) => {
      if (finding.status !== "warn") return [];
      const { got, expected, fix } = finding;
      const text = `${got}, expected ${expected}${fix === undefined ? "" : `\n→ ${fix}`}`;
      return [command("warning", `${title}: ${finding.title}`, text)];
    }),
  );
  return [...limited([...cause, ...errors], "error", title), ...limited(warnings, "warning", title)];
}

function likely(title: string, { cause, fix }: NonNullable<Report["diagnosis"]>): string {
  return command("error", `${title}: Likely cause`, `${cause}\n→ ${fix}`);
}

function limited(commands: readonly string[], level: "error" | "warning", title: string): string[] {
  if (commands.length <= MAX_ANNOTATIONS) return [...commands];
  const shown = commands.slice(0, MAX_ANNOTATIONS - 1);
  const more = `${commands.length - shown.length} more; the job summary and the log show all`;
  return [...shown, command(level, title, more)];
}

function command(level: "error" | "warning", title: string, text: string): string {
  const property = escape(plain(title)).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const data = escape(text.split("\n").map(plain).join("\n"));
  return `::${level} title=${property}::${data}`;
}

function escape(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** The job summary: counts, failures by reason, and a table of what did not pass. */
export function summary(report: Report): string {
  const { title, suites, diagnosis } = report;
  const counts = countsOf(suites);
  const mark = counts.fail > 0 ? "❌" : counts.warn > 0 ? "⚠️" : "✅";
  const changes = changesText(changesOf(suites));
  const head = [
    `### ${mark} ${markdown(title)}`,
    "",
    `${countsText(counts)}${changes === "" ? "" : ` · since the last run: ${changes}`}`,
  ];
  if (diagnosis !== undefined) {
    head.push("", `**Likely cause:** ${markdown(diagnosis.cause)}`, `→ ${markdown(diagnosis.fix)}`);
  }
  const table = tableOf(suites);
  const text = [...head, ...reasons(recapOf(suites)), ...table, ""].join("\n");
  if (Buffer.byteLength(text) <= MAX_SUMMARY) return text;
  return [...head, "", "The findings are too long for a job summary: use `--report html=report.html`.", ""].join("\n");
}

function reasons(groups: readonly FailureGroup[]): string[] {
  const items = groups.flatMap((group) => [
    `- **${group.count} ×** ${markdown(group.reason)} (${markdown(namesText(group))})`,
    ...(group.fix === undefined ? [] : [`  → ${markdown(group.fix)}`]),
  ]);
  return items.length === 0 ? [] : ["", ...items];
}

const MARKS = { fail: "❌", warn: "⚠️", skip: "–", pass: "✅" } as const;

/** What failed first, then what is to be done or was not checked. */
function tableOf(suites: readonly Suite[]): string[] {
  const rows = (["fail", "warn", "skip"] as const).flatMap((wanted) =>
    suites.flatMap(({ name, findings }) =>
      findings.flatMap(({ status, title, expected, got, fix, request, change }) => {
        if (status !== wanted) return [];
        const label = change === "new" ? `${title} (new)` : title;
        const cells = [name, label, expected, got, [fix, request].filter((each) => each !== undefined).join(" · ")];
        return [`| ${MARKS[status]} | ${cells.map(markdown).join(" | ")} |`];
      }),
    ),
  );
  if (rows.length === 0) return [];
  const clean = suites.filter(isClean).length;
  const more = rows.length > MAX_ROWS ? [`\n${rows.length - MAX_ROWS} more rows are left out.`] : [];
  return [
    "",
    `<details${rows.length <= 20 ? " open" : ""}><summary>Findings</summary>`,
    "",
    "|  | of | finding | expected | got | what to do |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.slice(0, MAX_ROWS),
    ...more,
    "",
    ...(clean === 0 || suites.length === 1 ? [] : [`${clean} of ${suites.length} passed completely.`, ""]),
    "</details>",
  ];
}

/** Text that is nothing but text in Markdown, also in a cell of a table. */
function markdown(text: string): string {
  return plain(text)
    .replaceAll(/[\\`*_[\]#|~$@]/g, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll(/&(?!#\d+;)|[<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;" })[character] ?? "&gt;");
}
