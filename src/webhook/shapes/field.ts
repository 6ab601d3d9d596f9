/** What a webhook field is: the word in `changes[].field`, and how its `value` reads. */
import type * as z from "zod";

import { asItem, type Item } from "../../json.ts";
import { defineKind, describeProblem, exampleName, type Kind } from "../../messages/kind.ts";
import type { WebhookEvent } from "../event.ts";

/** A bundled delivery before it has its envelope: the `value` of one change. */
export interface FieldExample {
  /** The fixture's name: `text`, `status.failed`, `account_update.disabled`. */
  name: string;
  value: object;
}

export interface Field {
  readonly name: string;
  /** Other words that Meta's pages have for the same field. */
  readonly aliases?: readonly string[];
  /** Management fields carry `entry[].time`; `messages` does not. */
  readonly timed: boolean;
  /** Who shows this shape: `Meta` in its documentation, unless said, or `others`: client libraries and measurements. */
  readonly source?: "Meta" | "others";
  readonly examples: readonly FieldExample[];
  events(value: unknown, path: string): WebhookEvent[];
}

/** Who, when and which: what an event has besides its words. */
export type Identity = Pick<WebhookEvent, "id" | "from" | "to" | "name" | "at" | "key" | "media">;

interface FieldOptions {
  aliases?: readonly string[];
  timed?: boolean;
  source?: "Meta" | "others";
  identify?(value: Item): Identity;
}

/** What a field's kind is made of. */
export type Definition<Schema extends z.ZodType> = Parameters<typeof defineKind<Schema>>[1];

/** A field of which each change is one event. Its kind is made when the first one comes: few accounts see more than a handful of fields. */
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
    events: (value, path) => [{ ...eventOf(kind(), value, path), ...identify(asItem(value) ?? {}) }],
  };
}

/** Makes something when it is first asked for. */
export function lazily<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

/** The event of a field that a kind reads off an item. */
export function eventOf(kind: Kind, item: unknown, path: string): WebhookEvent {
  return { group: "field", kind: kind.name, field: kind.name, path, ...told(kind, item) };
}

/** Examples by variant, with the names of their fixtures. */
export function examplesOf(name: string, values: Readonly<Record<string, object>>): FieldExample[] {
  return Object.entries(values).map(([variant, value]) => ({ name: exampleName(name, variant), value }));
}

/** One item with very many faults must not become an event larger than itself. */
const PROBLEMS_TOLD = 50;

/** A kind's reading of an item, as parts of an event. */
export function told(kind: Kind, item: unknown): Pick<WebhookEvent, "summary" | "problems"> {
  const reading = kind.read(item);
  if ("summary" in reading) return { summary: reading.summary };
  const problems = reading.problems.slice(0, PROBLEMS_TOLD).map(describeProblem);
  const more = reading.problems.length - problems.length;
  if (more > 0) problems.push(`and ${more} more`);
  return { summary: `not the shape we know: ${problems.join(", ")}`, problems };
}
