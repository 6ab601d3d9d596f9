/** Formats what was counted while `wa-hook listen` ran. */
import type { ListenerSummary } from "../../listener/metrics.ts";
import { counted, ms, plain, type Paint } from "../../terminal/paint.ts";
import { wrapCut } from "../views/log-line.ts";

/** Emitted last: what was received since the start. */
export interface Summary extends ListenerSummary {
  /** Whether deliveries were recorded on disk. */
  recorded: boolean;
}

/** The maximum number of kinds in the summary; `--json` contains all of them. */
const NAMED_KINDS = 12;

function frequentFirst(events: Summary["events"]): string[] {
  const kinds = Object.entries(events).toSorted(([, a], [, b]) => b - a);
  const named = kinds.slice(0, NAMED_KINDS).map(([kind, times]) => `${times} ${plain(kind)}`);
  return kinds.length > named.length ? [...named, counted(kinds.length - named.length, "other kind")] : named;
}

/** `hints`: with what to run next. */
export function summaryLines(summary: Summary, paint: Paint, hints = true): string {
  const { deliveries, duplicates, rejected, unrecorded, forwardFailures, waiting, ack, app, recorded } = summary;
  const kinds = frequentFirst(summary.events);
  const times = Object.values(summary.events).reduce((sum, each) => sum + each, 0);
  const counts = [
    counted(deliveries, "delivery", "deliveries"),
    `${counted(times, "event")}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`,
    duplicates > 0 ? counted(duplicates, "duplicate") : "",
    rejected > 0 ? `${rejected} rejected` : "",
    unrecorded > 0 ? `${unrecorded} not recorded` : "",
    forwardFailures > 0 ? counted(forwardFailures, "failed attempt") + " to forward" : "",
  ];
  const latency = [
    ack === undefined ? "" : `acknowledged p50 ${ms(ack.p50)}, p95 ${ms(ack.p95)}`,
    app === undefined ? "" : `app p50 ${ms(app.p50)}, p95 ${ms(app.p95)}`,
  ];
  const next = [
    hints && deliveries === 0 ? "No deliveries received. To try it, run wa-hook replay in another terminal" : "",
    waiting > 0 ? waitingForApp(waiting, recorded) : "",
    hints && duplicates > 0 ? "Duplicates are not forwarded; run wa-hook replay --fresh to send new messages" : "",
    deliveries > 0 && recorded ? "To list them: wa-hook events list" : "",
  ];
  return [counts, latency, next]
    .map((parts) => parts.filter(Boolean).join(" · "))
    .filter(Boolean)
    .map((line) => wrapCut(line, paint.width, 2))
    .join("\n");
}

function waitingForApp(waiting: number, recorded: boolean): string {
  const count = `${counted(waiting, "delivery waits", "deliveries wait")} for the app`;
  return recorded ? `${count}: forwarded after the next start with the same --forward-to` : `${count} and will be lost`;
}
