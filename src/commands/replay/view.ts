/** Formats the output of `wa-hook replay`: one line per delivery, a progress bar, the summary with a recap of failures. */
import type { Delivered } from "../../replay/deliver.ts";
import type { Summary } from "../../replay/tally.ts";
import { columnsOf, counted, fit, ms, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";
import { fixLines } from "../views/findings.ts";
import { wrapCut } from "../views/log-line.ts";
import { mistakeLines } from "../views/mistake.ts";

/** Each delivery of the first round, and only failures of later rounds. */
export function deliveredLines({ fixture, round, status, ms: took, ok, verdict }: Delivered, paint: Paint): string[] {
  if (ok && round > 1) return [];
  const duplicate = verdict === "duplicate";
  const mark = !ok ? paint.bad("✗") : duplicate ? paint.warn("=") : paint.good("✓");
  const { width } = paint;
  const result = `${pad(String(status ?? "–"), 3)} ${paint.quiet(ms(took).padStart(8))}`;
  const nameWidth = Math.min(NAME_WIDTH, width - RESULT_WIDTH);
  const name = width === Infinity ? plain(fixture) : fit(plain(fixture), width - 2);
  // A name wider than its column has a line of its own, so that the columns stay aligned.
  const isLong = width !== Infinity && columnsOf(name) > nameWidth;
  const line = `${mark} ${isLong ? `${name}\n${" ".repeat(nameWidth + 2)}` : pad(name, nameWidth)} ${result}`;
  const note = duplicate ? `  ${paint.warn("duplicate, not forwarded")}` : "";
  return columnsOf(`${line.split("\n").at(-1)}${note}`) > width ? [line, note] : [`${line}${note}`];
}

const NAME_WIDTH = 39;
/** The mark, the status, the time and the spaces between them. */
const RESULT_WIDTH = 15;

const BAR_WIDTH = 24;

export function progressBar({ done, total }: Delivered, paint: Paint): string {
  if (total === undefined) return `${done} delivered`;
  const counts = ` ${done}/${total}`;
  // The last column stays free: a full line would move the cursor to the next one.
  const bar = Math.max(0, Math.min(BAR_WIDTH, paint.width - counts.length - 1));
  const filled = Math.round((done / total) * bar);
  return `${paint.name("█".repeat(filled))}${paint.quiet("░".repeat(bar - filled))}${counts}`;
}

export function summaryLines(summary: Summary, paint: Paint): string[] {
  return [...failureLines(summary, paint), countsLine(summary, paint)];
}

/** Each reason once, with its number of failures; then the diagnosis or the fixes. */
function failureLines({ failures, diagnosis }: Summary, paint: Paint): string[] {
  if (failures.length === 0) return [];
  const lines = failures.flatMap(({ reason, fix, count, fixtures }) => [
    wrapCut(
      `${paint.bad(`${count} ×`)} ${plain(reason)} (${fixtures.map(plain).join(", ")}${count > fixtures.length ? ", …" : ""})`,
      paint.width,
      4,
    ),
    ...(fix === undefined || diagnosis !== undefined ? [] : fixLines(plain(fix), paint)),
  ]);
  return ["", ...lines, ...(diagnosis === undefined ? [] : mistakeLines(diagnosis, paint)), ""];
}

function countsLine({ passed, failed: bad, duplicates, p50, p95, max, perSecond }: Summary, paint: Paint): string {
  // A duplicate has passed: the listener responded as expected.
  const note = duplicates > 0 ? paint.warn(` (${counted(duplicates, "duplicate")})`) : "";
  const counts = `${paint.good(`${passed} passed`)}${note}${bad > 0 ? `, ${paint.bad(`${bad} failed`)}` : ""}`;
  const times = `p50 ${ms(p50)}  p95 ${ms(p95)}  max ${ms(max)}  ${paint.quiet(`${Math.round(perSecond)}/s`)}`;
  const line = `${counts}   ${times}`;
  return columnsOf(line) <= paint.width ? line : `${counts}\n${wrap(times, paint.width, 0)}`;
}
