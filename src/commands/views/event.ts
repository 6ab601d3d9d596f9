/** Formats one event of a delivery: time, kind, person, summary and fix. */
import { fit, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import { logDetail, logLine } from "./log-line.ts";

const NAME_WIDTH = 14;

/**
 * The line of an event; `end` is shown at the right. The summary is cut to the width of the terminal, except for an event that
 * needs attention: then the full summary and the fix follow on lines of their own.
 */
export function eventLine(at: string, event: WebhookEvent, mark: string, end: string, paint: Paint): string {
  const { kind, summary, fix } = event;
  const alarming = isAlarming(event);
  const head = { at, mark, kind, color: alarming ? paint.warn : paint.name };
  const columns = { before: describePerson(event), after: [end] };
  const line = logLine(head, { ...columns, text: summary }, paint);
  const below = alarming && !line.includes(summary);
  return [
    below ? logLine(head, columns, paint) : line,
    ...(below ? [logDetail(at, summary, paint)] : []),
    ...(fix === undefined ? [] : [paint.warn(logDetail(at, `→ ${fix}`, paint))]),
  ].join("\n");
}

function isAlarming({ group, kind, fix, unknown, problems }: WebhookEvent): boolean {
  const failed = group === "malformed" || group === "error" || kind === "failed";
  return failed || fix !== undefined || unknown === true || problems !== undefined;
}

function describePerson({ group, id, from, to, name }: WebhookEvent): string[] {
  const number = from ?? to;
  const shown = number === undefined ? "" : phone(number);
  if (group === "status") return [id === undefined ? "" : shortId(id), shown];
  return [shown, name === undefined ? "" : fit(name, NAME_WIDTH)];
}

/** `wamid.…zA3RTcA`: the ids of one conversation start alike, so only their ends distinguish them. */
export function shortId(id: string): string {
  return id.startsWith("wamid.") && id.length > 18 ? `wamid.…${id.slice(-10)}` : fit(id, 18);
}
