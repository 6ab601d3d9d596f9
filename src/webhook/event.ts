/** One thing that a delivery tells: a message, a status, a change of the account. */
import { asItem, type Item } from "../json.ts";

export interface WebhookEvent {
  /** What sort of item it is; `odd` is a part of the payload that has no place in Meta's shape. */
  group: "message" | "status" | "error" | "field" | "odd";
  /** Meta's word for it: a message's type, a status, or else the field's name. */
  kind: string;
  /** The webhook field that it came under. */
  field: string;
  /** Where it is in the payload: `entry[0].changes[0].value.messages[0]`. */
  path: string;
  /** What happened, in one line; empty when the kind says it all. */
  summary: string;
  /** The message's id (`wamid.…`), for messages and statuses. */
  id?: string;
  /** Whose message: a phone number (digits only) or, without one, a business-scoped user id. */
  from?: string;
  /** To whom, for statuses. */
  to?: string;
  /** The name in the sender's profile. */
  name?: string;
  /** The file that came with a message, to be fetched by its id within 7 days. */
  media?: EventMedia;
  /** When it happened, in seconds since 1970, as Meta says. */
  at?: number;
  /** The same event in a second delivery has the same key; events without identity have none. */
  key?: string;
  /** wa-hook has no kind for it. */
  unknown?: true;
  /** Where it differs from the shape that we know. */
  problems?: string[];
}

export interface EventMedia {
  id: string;
  /** `image/jpeg`; parameters may follow. */
  mime: string;
  /** Base64, unlike the hex of the Graph API. */
  sha256?: string;
  /** As the sender named it: not to be trusted. */
  filename?: string;
}

/** Meta puts 1000 into one delivery; each becomes an event that is far longer than the shortest text that makes one. */
export const MEMBERS_READ = 200_000;

/** The members of an array at `key`, each with its path; something else than an array is one odd event. */
export function membersAt(
  item: Item,
  key: string,
  place: { field: string; path: string },
): { members: { item: Item; path: string }[]; odd: WebhookEvent[] } {
  const path = place.path === "" ? key : `${place.path}.${key}`;
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  const members: { item: Item; path: string }[] = [];
  const odd: WebhookEvent[] = [];
  if (value === undefined || value === null) return { members, odd };
  if (!Array.isArray(value)) return { members, odd: [oddEvent(place.field, path, "is not a list")] };
  const unread = value.length - MEMBERS_READ;
  if (unread > 0) odd.push(oddEvent(place.field, path, `holds ${unread} more, which are not read`));
  for (const [index, member] of value.slice(0, MEMBERS_READ).entries()) {
    const memberItem = asItem(member);
    const memberPath = `${path}[${index}]`;
    if (memberItem === undefined) odd.push(oddEvent(place.field, memberPath, "is not an object"));
    else members.push({ item: memberItem, path: memberPath });
  }
  return { members, odd };
}

export function oddEvent(field: string, path: string, problem: string): WebhookEvent {
  return { group: "odd", kind: "odd", field, path, summary: `${path} ${problem}`, problems: [`${path} ${problem}`] };
}
