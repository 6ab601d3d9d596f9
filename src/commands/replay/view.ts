/** Formats the output of `wa-hook replay`: one line per delivery, a progress bar, the summary with a recap of failures. */
import type { Delivered } from "../../replay/deliver.ts";
import type { Diagnosis } from "../../replay/diagnosis.ts";
import type { Summary } from "../../replay/tally.ts";
import { counted, ms, pad, plain, type Paint } from "../../terminal/paint.ts";

/** Each delivery of the first round, and only failures of later rounds. */
export function deliveredLines({ fixture, round, status, ms: took, ok, verdict }: Delivered, paint: Paint): string[] {
  if (ok && round > 1) return [];
  const duplicate = verdict === "duplicate";
  const mark = !ok ? paint.bad("✗") : duplicate ? paint.warn("=") : paint.good("✓");
  const line = `${mark} ${pad(plain(fixture), 39)} ${pad(String(status ?? "–"), 3)} ${paint.quiet(ms(took).padStart(8))}`;
  return [`${line}${duplicate ? `  ${paint.warn("duplicate, not forwarded")}` : ""}`];
}

const BAR_WIDTH = 24;

export function progressBar({ done, total }: Delivered, paint: Paint): string {
  if (total === undefined) return `${done} delivered`;
  const filled = Math.round((done / total) * BAR_WIDTH);
  return `${paint.name("█".repeat(filled))}${paint.quiet("░".repeat(BAR_WIDTH - filled))} ${done}/${total}`;
}

export function summaryLines(summary: Summary, paint: Paint): string[] {
  return [...failureLines(summary, paint), countsLine(summary, paint)];
}

/** Each reason once, with its number of failures; then the diagnosis or the fixes. */
function failureLines({ failures, diagnosis }: Summary, paint: Paint): string[] {
  if (failures.length === 0) return [];
  const lines = failures.flatMap(({ reason, fix, count, fixtures }) => [
    `${paint.bad(`${count} ×`)} ${plain(reason)} (${fixtures.map(plain).join(", ")}${count > fixtures.length ? ", …" : ""})`,
    ...(fix === undefined || diagnosis !== undefined ? [] : [`    ${paint.warn(`→ ${plain(fix)}`)}`]),
  ]);
  return ["", ...lines, ...(diagnosis === undefined ? [] : diagnosisLines(diagnosis, paint)), ""];
}

function diagnosisLines({ cause, fix, snippets }: Diagnosis, paint: Paint): string[] {
  return [
    `    ${cause}`,
    `    ${paint.warn(`→ ${fix}`)}`,
    ...snippets.map(({ framework, code }) => `      ${pad(framework, 14)} ${code}`),
  ];
}

function countsLine({ passed, failed: bad, duplicates, p50, p95, max, perSecond }: Summary, paint: Paint): string {
  const counts = [
    paint.good(`${passed} passed`),
    bad > 0 ? paint.bad(`${bad} failed`) : "",
    duplicates > 0 ? paint.warn(counted(duplicates, "duplicate")) : "",
  ]
    .filter(Boolean)
    .join(", ");
  return `${counts}   p50 ${ms(p50)}  p95 ${ms(p95)}  max ${ms(max)}  ${paint.quiet(`${Math.round(perSecond)}/s`)}`;
}
