/** How one event of a delivery reads: when, what, who, and in which words. */
import { columnsOf, fit, pad, phone, type Paint } from "../../terminal/paint.ts";
import type { WebhookEvent } from "../../webhook/event.ts";

const KIND_WIDTH = 11;
const NAME_WIDTH = 14;

/**
 * The line for an event; `end` is what stands at the right. What does not fit into the terminal is cut, but for what a person has to act
 * on: that goes on a line of its own, whole.
 */
export function eventLine(at: string, event: WebhookEvent, mark: string, end: string, paint: Paint): string {
  const alarming = isAlarming(event);
  const kind = pad(event.kind, KIND_WIDTH);
  const who = whoIs(event);
  const what = event.summary;
  const taken = `${at} ${mark} ${kind} ${who === "" ? "" : `${who}  `}${end === "" ? "" : `  ${end}`}`;
  const room = paint.width === Infinity ? Infinity : Math.max(8, paint.width - columnsOf(taken));
  const shown = fit(what, room);
  const below = alarming && shown !== what;
  const colour = alarming ? paint.warn : paint.name;
  const middle = [who, below ? "" : shown].filter(Boolean).join("  ");
  const line = [`${at} ${mark} ${colour(kind)} ${middle}`.trimEnd(), end].filter(Boolean).join("  ");
  return below ? `${line}\n${" ".repeat(at.length + 3)}${what}` : line;
}

function isAlarming({ group, kind, summary, unknown, problems }: WebhookEvent): boolean {
  // Of a status, what to do stands behind an arrow; in what customers write it may be theirs.
  const advised = group === "status" && summary.includes(" → ");
  return (
    group === "odd" || group === "error" || kind === "failed" || advised || unknown === true || problems !== undefined
  );
}

function whoIs({ group, id, from, to, name }: WebhookEvent): string {
  const number = from ?? to;
  const shown = number === undefined ? undefined : phone(number);
  if (group === "status") return [id === undefined ? undefined : shortId(id), shown].filter(Boolean).join("  ");
  return [shown, name === undefined ? undefined : fit(name, NAME_WIDTH)].filter(Boolean).join("  ");
}

/** `wamid.…zA3RTcA`: all ids of one conversation begin alike, so their ends are what tells them apart. */
export function shortId(id: string): string {
  return id.startsWith("wamid.") && id.length > 18 ? `wamid.…${id.slice(-10)}` : fit(id, 18);
}
