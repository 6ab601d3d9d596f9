/** The contract of a webhook field: the name in `changes[].field` and how its `value` is read. */
import type * as z from "zod";

import { asJsonObject, type JsonObject } from "../../json.ts";
import { defineKind, describeProblem, exampleName, type Kind } from "../../messages/kind.ts";
import type { WebhookEvent } from "../event.ts";
import type { Identity } from "./identity.ts";

/** A bundled delivery without its envelope: the `value` of one change. */
export interface FieldExample {
  /** The name of the fixture: `text`, `status.failed`, `account_update.disabled`. */
  name: string;
  value: object;
}

export interface Field {
  readonly name: string;
  /** Other spellings of the name in Meta's documentation. */
  readonly aliases?: readonly string[];
  /** Whether `entry[].time` is present, as in management fields. */
  readonly timed: boolean;
  /** Where the shape is documented: by `Meta` (the default) or by `others`, such as client libraries and captures. */
  readonly source?: "Meta" | "others";
  /** `false`: apps cannot subscribe to it; it is only read. */
  readonly subscribable?: boolean;
  readonly examples: readonly FieldExample[];
  /** The keys of its `value` that are read; missing for a field that is read by code of its own. */
  readonly schema?: z.ZodType;
  events(value: unknown, path: string): WebhookEvent[];
}

interface FieldOptions {
  aliases?: readonly string[];
  timed?: boolean;
  source?: "Meta" | "others";
  identify?(value: JsonObject): Identity;
}

export type Definition<Schema extends z.ZodType> = Parameters<typeof defineKind<Schema>>[1];

/** A field with one event per change. Its kind is built on first use, because most accounts receive only a few fields. */
export function defineField<Schema extends z.ZodType>(
  name: string,
  define: () => Definition<Schema>,
  { aliases = [], timed = true, source = "Meta", identify = () => ({}) }: FieldOptions = {},
): Field {
  const kind = lazily(() => defineKind(name, define()));
  return {
    name,
    aliases,
    timed,
    source,
    get examples() {
      return examplesOf(name, kind().examples);
    },
    get schema() {
      return kind().schema;
    },
    events: (value, path) => [{ ...eventOf(kind(), value, path), ...identify(asJsonObject(value) ?? {}) }],
  };
}

/** Calls `make` on first use and caches its result. */
export function lazily<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

/** The event of a field, as read by its kind. */
export function eventOf(kind: Kind, item: unknown, path: string): WebhookEvent {
  return { group: "field", kind: kind.name, field: kind.name, path, ...readingOf(kind, item) };
}

/** Examples by variant, with the names of their fixtures. */
export function examplesOf(name: string, values: Readonly<Record<string, object>>): FieldExample[] {
  return Object.entries(values).map(([variant, value]) => ({ name: exampleName(name, variant), value }));
}

/** Keeps an item with very many problems from becoming an event larger than itself. */
const MAX_PROBLEMS = 50;

/** The keys of an event that a kind reads from an item. */
export function readingOf(kind: Kind, item: unknown): Pick<WebhookEvent, "summary" | "fix" | "code" | "problems"> {
  const reading = kind.read(item);
  if ("summary" in reading) return reading;
  const problems = reading.problems.slice(0, MAX_PROBLEMS).map(describeProblem);
  const more = reading.problems.length - problems.length;
  if (more > 0) problems.push(`and ${more} more`);
  return { summary: `unexpected shape: ${problems.join(", ")}`, problems };
}
