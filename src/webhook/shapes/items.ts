/** Fields of which one change holds lists: each item of a list is an event of its own. */
import type * as z from "zod";

import { asItem, type Item, wordAt } from "../../json.ts";
import { anyOf, defineKind } from "../../messages/kind.ts";
import { membersAt, oddEvent, type WebhookEvent } from "../event.ts";
import { readers } from "../fields/messages.ts";
import { valueOf } from "./envelope.ts";
import { eventOf, examplesOf, lazily, type Definition, type Field, type Identity } from "./field.ts";

/** Reads one item of a list; `value` is what holds the list. */
type ReadItem = (item: Item, path: string, value: Item) => WebhookEvent | WebhookEvent[];

interface ItemsOptions {
  aliases?: readonly string[];
  source?: "Meta" | "others";
  /** What stands beside the list in the examples. */
  beside?: object;
  identify(item: Item, value: Item): Identity;
}

/** A field whose `value` holds one list; the kind reads an item of it. Its examples are items; one that is a list stands for several. */
export function defineItems<Schema extends z.ZodType>(
  name: string,
  define: () => Definition<Schema>,
  list: string,
  { aliases = [], source = "Meta", beside = {}, identify }: ItemsOptions,
): Field {
  const kind = lazily(() => defineKind(name, define()));
  const read: ReadItem = (item, path, value) => ({ ...eventOf(kind(), item, path), ...identify(item, value) });
  return {
    name,
    aliases,
    timed: false,
    source,
    get examples() {
      const values = Object.entries(kind().examples).map(([variant, item]) => [
        variant,
        valueOf({ ...beside, [list]: Array.isArray(item) ? item : [item] }),
      ]);
      return examplesOf(name, Object.fromEntries(values));
    },
    events: (value, path) => eachItem(name, value, path, { [list]: read }),
  };
}

/** The events of the items of several lists, in the order of the lists, and then of `errors`. A `value` without items is odd. */
export function eachItem(field: string, value: unknown, path: string, lists: Record<string, ReadItem>): WebhookEvent[] {
  const item = asItem(value);
  if (item === undefined) return [oddEvent(field, path, "is not an object")];
  const readers: Record<string, ReadItem> = {
    ...lists,
    errors: (error, at) => readAs("errors", error, { field, path: at }),
  };
  const events = Object.entries(readers).flatMap(([list, read]) => {
    const { members, odd } = membersAt(item, list, { field, path });
    return [...members.flatMap((member) => read(member.item, member.path, item)), ...odd];
  });
  return events.length > 0 ? events : [oddEvent(field, path, `has no ${anyOf(Object.keys(lists))}`)];
}

/** Reads a message, a status or an error that stands in another field as the field `messages` does. */
export function readAs(
  list: keyof typeof readers,
  item: Item,
  { field, path, value = {} }: { field: string; path: string; value?: Item },
): WebhookEvent {
  const { key, ...event } = readers[list](item, path, value);
  return { ...event, field, ...(key === undefined ? {} : { key: `${field} ${key}` }) };
}

/** What is there of an identity; `at` is seconds since 1970, as a word or a number. */
export function identity(parts: {
  [Part in "id" | "from" | "to" | "name" | "at" | "key"]?: string | undefined;
}): Identity {
  const { at, ...words } = parts;
  const seconds = Number(at);
  const known = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  return { ...known, ...(Number.isSafeInteger(seconds) && seconds > 0 ? { at: seconds } : {}) };
}

/** A key of words, and lists of words, that are all there, or none. */
export function keyOf(...parts: (string | undefined | readonly (string | undefined)[])[]): string | undefined {
  const words = parts.flat();
  return words.includes(undefined) ? undefined : words.join(" ");
}

/** The name in the profile of the contact with that number or user id. */
export function nameIn(value: Item, ...ids: (string | undefined)[]): string | undefined {
  const known = contactsIn(value);
  const found = ids.flatMap((id) => (id === undefined ? [] : (known.get(id) ?? [])));
  return found.reduce<Contact | undefined>((first, each) => (first && first.at < each.at ? first : each), undefined)
    ?.name;
}

interface Contact {
  at: number;
  name: string | undefined;
}

const contacts = new WeakMap<Item, Map<string, Contact>>();

/** By number and user id, made once for all items of the list beside them. */
function contactsIn(value: Item): Map<string, Contact> {
  const made = contacts.get(value);
  if (made !== undefined) return made;
  const known = new Map<string, Contact>();
  const { members } = membersAt(value, "contacts", { field: "", path: "" });
  for (const [at, { item: contact }] of members.entries()) {
    const profile = asItem(contact["profile"]);
    const name = wordAt(profile, "name") ?? wordAt(profile, "username");
    for (const id of [wordAt(contact, "wa_id"), wordAt(contact, "user_id")]) {
      if (id !== undefined && !known.has(id)) known.set(id, { at, name });
    }
  }
  contacts.set(value, known);
  return known;
}
