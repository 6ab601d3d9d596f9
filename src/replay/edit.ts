/** Edits a payload before delivery: single values, the sender, hidden numbers, fresh ids and timestamps. */
import { randomUUID } from "node:crypto";

import { UsageError } from "../errors.ts";
import { hideNumbers } from "../webhook/hide-numbers.ts";
import { userIdOf } from "../webhook/user-id.ts";
import { wamid } from "../webhook/wamid.ts";

type Json = Record<string, unknown>;

export interface Edits {
  /** `text.body=Hello`: a path inside the message, or from the root with a leading `$.`. */
  set: readonly string[];
  /** The sender's number, digits only. */
  from?: string;
  /** New message ids and timestamps. */
  fresh: boolean;
  /** Customers without a number: user ids and usernames in its place. */
  hideNumbers?: boolean;
  /** A customer of its own for each delivery, so that answers to it are distinguished from those to others. */
  ownCustomers?: boolean;
}

/** Whether there is anything to edit. */
export function isEdited({ set, from, fresh, hideNumbers: hidden = false, ownCustomers = false }: Edits): boolean {
  return set.length > 0 || from !== undefined || fresh || hidden || ownCustomers;
}

/** Edits `payload` in place. Adds each assignment whose path exists to `applied`. */
export function edit(payload: unknown, edits: Edits, now: number, applied: Set<string>): void {
  for (const assignment of edits.set) if (assign(payload, assignment)) applied.add(assignment);
  if (edits.from !== undefined) setSender(payload, edits.from);
  if (edits.hideNumbers === true) hideNumbers(payload);
  if (edits.fresh) refresh(payload, now);
}

/** The error for an assignment whose path exists in no payload. */
export function unappliedError(assignment: string): UsageError {
  const [path] = assignment.split("=", 1);
  return new UsageError(`--set ${path}: no delivery has that path`, {
    code: "set.path",
    hint: "run wa-hook fixtures show <name> for the paths; they start inside the message, or at the root with $.",
  });
}

function assign(payload: unknown, assignment: string): boolean {
  const at = assignment.indexOf("=");
  if (at < 1) {
    throw new UsageError(`--set ${assignment}: must be path=value`, {
      code: "set.form",
      hint: "use --set text.body=Hello",
    });
  }
  const [path, typed] = [assignment.slice(0, at), assignment.slice(at + 1)];
  const fromRoot = path.startsWith("$.");
  const steps = (fromRoot ? path.slice(2) : path).replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const roots = fromRoot ? [payload] : items(payload);
  return roots.map((root) => assignAt(root, steps, typed)).includes(true);
}

function assignAt(root: unknown, steps: readonly string[], typed: string): boolean {
  const last = steps.at(-1) ?? "";
  let holder = root;
  for (const step of steps.slice(0, -1)) holder = own(holder, step);
  const before = own(holder, last);
  if (before === undefined) return false;
  (holder as Json)[last] = sameType(before, typed);
  return true;
}

/** Own keys only, so that a path cannot reach a prototype. */
function own(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Json)[key]
    : undefined;
}

/** The typed value: a string where there was a string, otherwise parsed as JSON. */
function sameType(before: unknown, typed: string): unknown {
  if (typeof before === "string") return typed;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** The roots of paths: each message and status, or the value of any other field. */
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

/** Replaces an existing value. */
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

/** The first of the numbers that own customers have. */
const FIRST_CUSTOMER = 16_502_000_000;

/** Replaces the customer by another one, different for each position: number and user id. A hidden number stays hidden. */
export function setCustomer(payload: unknown, position: number): void {
  const number = String(FIRST_CUSTOMER + position);
  setSender(payload, number);
  for (const entry of list(payload, "entry")) {
    const account = own(entry, "id");
    const userId = userIdOf(number, typeof account === "string" ? account : "");
    for (const value of list(entry, "changes").map((change) => own(change, "value"))) {
      for (const contact of list(value, "contacts")) replace(contact, "user_id", userId);
      for (const message of list(value, "messages")) replace(message, "from_user_id", userId);
      for (const status of list(value, "statuses")) replace(status, "recipient_user_id", userId);
    }
  }
}

/** Gives messages and statuses other ids, the same ones for the same seed; a status stays one of its message. */
export function renewIds(payload: unknown, seed: string): void {
  for (const value of values(payload)) {
    for (const item of [...list(value, "messages"), ...list(value, "statuses")]) {
      replace(item, "id", wamid(customerIn(item), `${seed} ${String(own(item, "id"))}`));
    }
  }
}

function customerIn(item: unknown): string {
  const keys = ["from", "recipient_id", "from_user_id", "recipient_user_id"];
  const number = keys.map((key) => own(item, key)).find((value) => value !== undefined);
  return typeof number === "string" ? number : "";
}

function refresh(payload: unknown, now: number): void {
  const seconds = Math.floor(now / 1000);
  for (const entry of list(payload, "entry")) replace(entry, "time", seconds);
  for (const value of values(payload)) {
    for (const item of [...list(value, "messages"), ...list(value, "statuses")]) {
      replace(item, "id", wamid(customerIn(item), randomUUID()));
      replace(item, "timestamp", String(seconds));
    }
  }
}
