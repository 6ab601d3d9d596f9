/** How `wa-hook replay` reads: a line for each delivery, a bar while it runs, the summary. */
import type { Delivered } from "../../replay/deliver.ts";
import type { Summary } from "../../replay/tally.ts";
import { ms, pad, plain, type Paint } from "../../terminal/paint.ts";

/** Each delivery of the first round; of the later rounds only what failed. */
export function deliveredLines({ fixture, round, status, ms: took, ok, findings }: Delivered, paint: Paint): string[] {
  if (ok && round > 1) return [];
  const mark = ok ? paint.good("✓") : paint.bad("✗");
  const line = `${mark} ${pad(plain(fixture), 39)} ${pad(String(status ?? "–"), 3)} ${paint.quiet(ms(took).padStart(8))}`;
  const failures = findings.filter((finding) => finding.status === "fail");
  return [
    line,
    ...failures.flatMap(({ title, expected, got, fix }) => [
      `    ${title}: expected ${expected}, got ${got}`,
      ...(fix === undefined ? [] : [`    ${paint.warn(`→ ${plain(fix)}`)}`]),
    ]),
  ];
}

const BAR_WIDTH = 24;

export function progressBar({ done, total }: Delivered, paint: Paint): string {
  if (total === undefined) return `${done} delivered`;
  const filled = Math.round((done / total) * BAR_WIDTH);
  return `${paint.name("█".repeat(filled))}${paint.quiet("░".repeat(BAR_WIDTH - filled))} ${done}/${total}`;
}

export function summaryLine({ passed, failed: bad, p50, p95, max, perSecond }: Summary, paint: Paint): string {
  const counts = [paint.good(`${passed} passed`), bad > 0 ? paint.bad(`${bad} failed`) : ""].filter(Boolean).join(", ");
  return `${counts}   p50 ${ms(p50)}  p95 ${ms(p95)}  max ${ms(max)}  ${paint.quiet(`${Math.round(perSecond)}/s`)}`;
}
