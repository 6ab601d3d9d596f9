/** Fields whose `value` holds lists: each item of a list is one event. */
import * as z from "zod";

import { asJsonObject, type JsonObject } from "../../json.ts";
import { defineKind, orList } from "../../messages/kind.ts";
import { malformedEvent, membersAt, type WebhookEvent } from "../event.ts";
import { valueOf } from "./examples.ts";
import { eventOf, examplesOf, lazily, type Definition, type Field } from "./field.ts";
import type { Identity } from "./identity.ts";
import { readNested } from "./message-items.ts";

/** Reads one item of a list; `value` is the object that holds the list. */
type ReadItem = (item: JsonObject, path: string, value: JsonObject) => WebhookEvent | WebhookEvent[];

interface ListFieldOptions {
  aliases?: readonly string[];
  source?: "Meta" | "others";
  subscribable?: boolean;
  /** Other keys of the `value`, for the examples. */
  otherKeys?: object;
  identify(item: JsonObject, value: JsonObject): Identity;
}

/** A field with one list, whose kind reads one item. Its examples are items; an array is several items in one delivery. */
export function defineListField<Schema extends z.ZodType>(
  name: string,
  define: () => Definition<Schema>,
  list: string,
  { aliases = [], source = "Meta", subscribable = true, otherKeys = {}, identify }: ListFieldOptions,
): Field {
  const kind = lazily(() => defineKind(name, define()));
  const read: ReadItem = (item, path, value) => ({ ...eventOf(kind(), item, path), ...identify(item, value) });
  return {
    name,
    aliases,
    timed: false,
    source,
    subscribable,
    get examples() {
      const values = Object.entries(kind().examples).map(([variant, item]) => [
        variant,
        valueOf({ ...otherKeys, [list]: Array.isArray(item) ? item : [item] }),
      ]);
      return examplesOf(name, Object.fromEntries(values));
    },
    get schema() {
      return z.looseObject({ [list]: z.array(kind().schema) });
    },
    events: (value, path) => readLists(name, value, path, { [list]: read }),
  };
}

/** The events of several lists, in the given order, followed by those of `errors`. A `value` without items is malformed. */
export function readLists(
  field: string,
  value: unknown,
  path: string,
  lists: Record<string, ReadItem>,
): WebhookEvent[] {
  const item = asJsonObject(value);
  if (item === undefined) return [malformedEvent(field, path, "is not an object")];
  const readers: Record<string, ReadItem> = {
    ...lists,
    errors: (error, at) => readNested("errors", error, { field, path: at }),
  };
  const events = Object.entries(readers).flatMap(([list, read]) => {
    const { members, malformed } = membersAt(item, list, { field, path });
    return [...members.flatMap((member) => read(member.item, member.path, item)), ...malformed];
  });
  return events.length > 0 ? events : [malformedEvent(field, path, `has no ${orList(Object.keys(lists))}`)];
}
