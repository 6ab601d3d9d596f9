/** Changes to a payload before it is delivered: single values, another sender, fresh ids and times. */
import { randomUUID } from "node:crypto";

import { UsageError } from "../errors.ts";
import { wamid } from "../webhook/wamid.ts";

type Json = Record<string, unknown>;

export interface Edits {
  /** `text.body=Hello`: a path inside the message, or from the root with a leading `$.`. */
  set: readonly string[];
  /** The sender's number, digits only. */
  from?: string;
  /** New message ids and timestamps. */
  fresh: boolean;
}

/** Whether anything is to be changed. */
export function isEdited({ set, from, fresh }: Edits): boolean {
  return set.length > 0 || from !== undefined || fresh;
}

/** Changes `payload` in place. Adds to `applied` each assignment whose path was there. */
export function edit(payload: unknown, edits: Edits, now: number, applied: Set<string>): void {
  for (const assignment of edits.set) if (assign(payload, assignment)) applied.add(assignment);
  if (edits.from !== undefined) setSender(payload, edits.from);
  if (edits.fresh) refresh(payload, now);
}

/** The assignment that no payload had a place for. */
export function unappliedError(assignment: string): UsageError {
  const [path] = assignment.split("=", 1);
  return new UsageError(`--set ${path}: no delivery has that path`, {
    code: "set.path",
    hint: "wa-hook fixtures show <name> prints the paths; a path starts inside the message, or at the root with $.",
  });
}

function assign(payload: unknown, assignment: string): boolean {
  const at = assignment.indexOf("=");
  if (at < 1) {
    throw new UsageError(`--set ${assignment}: there is no path=value`, {
      code: "set.form",
      hint: "write it as --set text.body=Hello",
    });
  }
  const [path, typed] = [assignment.slice(0, at), assignment.slice(at + 1)];
  const fromRoot = path.startsWith("$.");
  const steps = (fromRoot ? path.slice(2) : path).replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const places = fromRoot ? [payload] : items(payload);
  return places.map((place) => assignAt(place, steps, typed)).includes(true);
}

function assignAt(place: unknown, steps: readonly string[], typed: string): boolean {
  const last = steps.at(-1) ?? "";
  let holder = place;
  for (const step of steps.slice(0, -1)) holder = own(holder, step);
  const before = own(holder, last);
  if (before === undefined) return false;
  (holder as Json)[last] = likeBefore(before, typed);
  return true;
}

/** Own keys only: a path never reaches into a prototype. */
function own(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Json)[key]
    : undefined;
}

/** What was typed, as text where there was text, and otherwise as the JSON that it is. */
function likeBefore(before: unknown, typed: string): unknown {
  if (typeof before === "string") return typed;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** What a path starts in: each message and status, or the value of another field. */
function items(payload: unknown): unknown[] {
  return values(payload).flatMap((value) => {
    const inside = [...list(value, "messages"), ...list(value, "statuses")];
    return inside.length > 0 ? inside : [value];
  });
}

function values(payload: unknown): unknown[] {
  return list(payload, "entry").flatMap((entry) => list(entry, "changes").map((change) => own(change, "value")));
}

function list(holder: unknown, key: string): unknown[] {
  const value = own(holder, key);
  return Array.isArray(value) ? value : [];
}

/** Puts a value where there was one. */
function replace(holder: unknown, key: string, value: unknown): void {
  if (own(holder, key) !== undefined) (holder as Json)[key] = value;
}

function setSender(payload: unknown, number: string): void {
  for (const value of values(payload)) {
    for (const contact of list(value, "contacts")) replace(contact, "wa_id", number);
    for (const message of list(value, "messages")) replace(message, "from", number);
    for (const status of list(value, "statuses")) replace(status, "recipient_id", number);
  }
}

function refresh(payload: unknown, now: number): void {
  const seconds = Math.floor(now / 1000);
  for (const entry of list(payload, "entry")) replace(entry, "time", seconds);
  for (const value of values(payload)) {
    for (const item of [...list(value, "messages"), ...list(value, "statuses")]) {
      const number = own(item, "from") ?? own(item, "recipient_id");
      replace(item, "id", wamid(typeof number === "string" ? number : "", randomUUID()));
      replace(item, "timestamp", String(seconds));
    }
  }
}
