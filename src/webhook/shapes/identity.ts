/** The identity of an event: id, people, time, and the key that identifies it in a repeated delivery. */
import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { membersAt, type WebhookEvent } from "../event.ts";

export type Identity = Pick<WebhookEvent, "id" | "from" | "to" | "name" | "at" | "key" | "media">;

/** An identity without the parts that are missing; `at` is Unix seconds as text. */
export function identity({
  id,
  key,
  from,
  to,
  name,
  at,
}: { [Part in "id" | "from" | "to" | "name" | "at" | "key"]?: string | undefined }): Identity {
  const known: Identity = {};
  if (id !== undefined) known.id = id;
  if (key !== undefined) known.key = key;
  if (from !== undefined) known.from = from;
  if (to !== undefined) known.to = to;
  if (name !== undefined) known.name = name;
  const seconds = Number(at);
  if (Number.isSafeInteger(seconds) && seconds > 0) known.at = seconds;
  return known;
}

/** A key of all parts and lists of parts, or nothing if one of them is missing. */
export function keyOf(...parts: (string | undefined | readonly (string | undefined)[])[]): string | undefined {
  const texts = parts.flat();
  return texts.includes(undefined) ? undefined : texts.join(" ");
}

/** The profile name of the contact with one of these phone numbers or user ids. */
export function profileName(value: JsonObject, ...ids: (string | undefined)[]): string | undefined {
  const names = cachedProfileNames(value);
  return ids.map((id) => names.get(id ?? "")).find((name) => name !== undefined);
}

const cache = new WeakMap<JsonObject, ReadonlyMap<string, string>>();

/** Profile names by phone number and by user id, read once per `value`, because every item of a list in it needs them. */
export function cachedProfileNames(value: JsonObject): ReadonlyMap<string, string> {
  const names = cache.get(value) ?? profileNames(value, { field: "", path: "" }).names;
  cache.set(value, names);
  return names;
}

/** Profile names by phone number and by user id, and what is malformed in `contacts`. */
export function profileNames(
  value: JsonObject,
  at: { field: string; path: string },
): { names: Map<string, string>; malformed: WebhookEvent[] } {
  const names = new Map<string, string>();
  const { members, malformed } = membersAt(value, "contacts", at);
  for (const { item: contact } of members) {
    const profile = asJsonObject(contact["profile"]);
    const name = stringAt(profile, "name") ?? stringAt(profile, "username");
    if (name === undefined) continue;
    for (const key of ["wa_id", "user_id"]) {
      const id = stringAt(contact, key);
      if (id !== undefined) names.set(id, name);
    }
  }
  return { names, malformed };
}
