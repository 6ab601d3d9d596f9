/** One event of a delivery: a message, a status, an error or a change of the account. */
import { asJsonObject, type JsonObject } from "../json.ts";

/** One message, status or field change of a delivery. */
export interface WebhookEvent {
  /** The type of item; `malformed` is a part of the payload that does not have the structure Meta documents. */
  group: "message" | "status" | "error" | "field" | "malformed";
  /** Meta's name for it: the type of a message, a status, or the name of the field. */
  kind: string;
  /** The webhook field that contains it. */
  field: string;
  /** Its location in the payload: `entry[0].changes[0].value.messages[0]`. */
  path: string;
  /** What happened, in one line; empty when the kind says it all. */
  summary: string;
  /** What to do about it, as an imperative. */
  fix?: string;
  /** Meta's error code, for an item with `errors`. */
  code?: number;
  /** The message id (`wamid.…`), for messages and statuses. */
  id?: string;
  /** The sender: a phone number (digits only) or, without one, a business-scoped user id. */
  from?: string;
  /** The recipient, for statuses. */
  to?: string;
  /** The name in the sender's profile. */
  name?: string;
  /** The media of a message, which can be downloaded by its id for 7 days. */
  media?: EventMedia;
  /** When it happened, in Unix seconds, according to Meta. */
  at?: number;
  /** Identifies the same event in a repeated delivery; missing for events without identity. */
  key?: string;
  /** This version of wa-hook has no kind for it. */
  unknown?: true;
  /** Differences from the expected shape. */
  problems?: string[];
}

export interface EventMedia {
  /** The media ID, to download it. */
  id: string;
  /** `image/jpeg`; parameters may follow. */
  mime: string;
  /** Base64, unlike the hex of the Graph API. */
  sha256?: string;
  /** As the sender named it; untrusted. */
  filename?: string;
}

/** Meta sends at most 1000 members per delivery; this bound keeps the events of a hostile body from exhausting memory. */
export const MAX_MEMBERS = 200_000;

/** The objects of the array at `key`, each with its path. Anything else, and members past `MAX_MEMBERS`, become malformed events. */
export function membersAt(
  item: JsonObject,
  key: string,
  at: { field: string; path: string },
): { members: { item: JsonObject; path: string }[]; malformed: WebhookEvent[] } {
  const path = at.path === "" ? key : `${at.path}.${key}`;
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  const members: { item: JsonObject; path: string }[] = [];
  const malformed: WebhookEvent[] = [];
  if (value === undefined || value === null) return { members, malformed };
  if (!Array.isArray(value)) return { members, malformed: [malformedEvent(at.field, path, "is not an array")] };
  const unread = value.length - MAX_MEMBERS;
  if (unread > 0) malformed.push(malformedEvent(at.field, path, `is too long: ${unread} members were not read`));
  for (const [index, member] of value.slice(0, MAX_MEMBERS).entries()) {
    const memberItem = asJsonObject(member);
    const memberPath = `${path}[${index}]`;
    if (memberItem === undefined) malformed.push(malformedEvent(at.field, memberPath, "is not an object"));
    else members.push({ item: memberItem, path: memberPath });
  }
  return { members, malformed };
}

export function malformedEvent(field: string, path: string, problem: string): WebhookEvent {
  const summary = `${path} ${problem}`;
  return { group: "malformed", kind: "malformed", field, path, summary, problems: [summary] };
}
