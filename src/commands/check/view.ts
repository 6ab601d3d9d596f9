/** Formats the output of `wa-hook check`: findings by topic, what was not checked, the mistakes, the summary. */
import type { Conclusion } from "../../check/conclusion.ts";
import type { CheckFinding } from "../../check/probe.ts";
import { topicOf } from "../../check/probes/index.ts";
import type { Notice, Printed } from "../../terminal/command.ts";
import { counted, ms, wrap, type Paint } from "../../terminal/paint.ts";
import { resultLine } from "../views/findings.ts";
import { mistakeLines } from "../views/mistake.ts";
import type { Event, Summary } from "./event.ts";

/** A heading above each topic, and what was not checked at the end. */
export async function* arrangeFindings(
  events: AsyncGenerator<Event | Notice, void, void>,
): AsyncGenerator<Event | Notice, void, void> {
  let topic: string | undefined;
  const skipped: CheckFinding[] = [];
  for await (const event of events) {
    if (event.type === "finding" && event.status === "skip") {
      skipped.push(event);
      continue;
    }
    if (event.type === "finding" && topicOf(event.code) !== topic) {
      topic = topicOf(event.code);
      yield { type: "topic", title: topic };
    }
    if (event.type === "summary") yield* notCheckedOf(skipped);
    yield event;
  }
}

function* notCheckedOf(skipped: readonly CheckFinding[]): Generator<Event> {
  if (skipped.length === 0) return;
  const byReason = new Map<string, string[]>();
  for (const { code, got } of skipped) {
    const reason = got.replace(/^not checked: /, "");
    byReason.set(reason, [...(byReason.get(reason) ?? []), code]);
  }
  yield { type: "not checked", reasons: [...byReason].map(([reason, codes]) => ({ reason, codes })) };
}

export function findingLines(finding: CheckFinding, paint: Paint): Printed {
  const { status, title, expected, got, why, source } = finding;
  const line = resultLine(status, { label: title, result: got }, paint);
  if (status === "pass") return { detail: line };
  const where = source === undefined ? "" : ` (${source})`;
  return [line, wrap(`    expected: ${expected}`, paint.width, 6), wrap(`    why: ${why}${where}`, paint.width, 6)];
}

export function notCheckedLines(
  reasons: readonly { reason: string; codes: readonly string[] }[],
  paint: Paint,
): { detail: string[] } {
  const lines = reasons.map(({ reason, codes }) =>
    paint.quiet(wrap(`– ${codes.join(", ")} (${reason})`, paint.width, 4)),
  );
  return { detail: ["", "Not checked", ...lines] };
}

export function conclusionLines(conclusion: Conclusion, paint: Paint): string[] {
  const { mistake, severity } = conclusion;
  const mark = severity === "fail" ? paint.bad("✗") : paint.warn("!");
  return ["", `${mark} ${mistake}`, ...mistakeLines(conclusion, paint)];
}

export function summaryLine({ passed, warned, failed, skipped, requests, ms: took }: Summary, paint: Paint): string[] {
  const counts = [
    paint.good(`${passed} passed`),
    ...(warned > 0 ? [paint.warn(counted(warned, "warning"))] : []),
    ...(failed > 0 ? [paint.bad(`${failed} failed`)] : []),
    ...(skipped > 0 ? [`${skipped} not checked`] : []),
  ];
  return ["", `${counts.join(", ")}   ${paint.quiet(`${counted(requests, "request")} in ${ms(took)}`)}`];
}
