/** Formats one event of a delivery: time, kind, person, summary and fix. */
import { columnsOf, fit, pad, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import type { WebhookEvent } from "../../webhook/event.ts";

const KIND_WIDTH = 11;
const NAME_WIDTH = 14;

/**
 * The line of an event; `end` is shown at the right. The summary is cut to the width of the terminal, except for an event that
 * needs attention: then the full summary and the fix follow on lines of their own.
 */
export function eventLine(at: string, event: WebhookEvent, mark: string, end: string, paint: Paint): string {
  const kind = pad(event.kind, KIND_WIDTH);
  const person = describePerson(event);
  const { summary } = event;
  const rest = `${at} ${mark} ${kind} ${person === "" ? "" : `${person}  `}${end === "" ? "" : `  ${end}`}`;
  const room = paint.width === Infinity ? Infinity : Math.max(8, paint.width - columnsOf(rest));
  const fitted = fit(summary, room);
  const alarming = isAlarming(event);
  const below = alarming && fitted !== summary;
  const color = alarming ? paint.warn : paint.name;
  const middle = [person, below ? "" : fitted].filter(Boolean).join("  ");
  const indent = " ".repeat(at.length + 3);
  return [
    [`${at} ${mark} ${color(kind)} ${middle}`.trimEnd(), end].filter(Boolean).join("  "),
    ...(below ? [`${indent}${summary}`] : []),
    ...(event.fix === undefined ? [] : [`${indent}${paint.warn(`→ ${event.fix}`)}`]),
  ].join("\n");
}

function isAlarming({ group, kind, fix, unknown, problems }: WebhookEvent): boolean {
  const failed = group === "malformed" || group === "error" || kind === "failed";
  return failed || fix !== undefined || unknown === true || problems !== undefined;
}

function describePerson({ group, id, from, to, name }: WebhookEvent): string {
  const number = from ?? to;
  const shown = number === undefined ? undefined : phone(number);
  if (group === "status") return [id === undefined ? undefined : shortId(id), shown].filter(Boolean).join("  ");
  return [shown, name === undefined ? undefined : fit(name, NAME_WIDTH)].filter(Boolean).join("  ");
}

/** `wamid.…zA3RTcA`: the ids of one conversation start alike, so only their ends distinguish them. */
export function shortId(id: string): string {
  return id.startsWith("wamid.") && id.length > 18 ? `wamid.…${id.slice(-10)}` : fit(id, 18);
}
