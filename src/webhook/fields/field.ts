/** What a webhook field is: the word in `changes[].field`, and how its `value` reads. */
import { describeProblem, type Kind } from "../../messages/kind.ts";
import type { WebhookEvent } from "../event.ts";

/** A bundled delivery before it has its envelope: the `value` of one change. */
export interface FieldExample {
  /** The fixture's name: `text`, `status.failed`, `account_update.disabled`. */
  name: string;
  value: object;
}

export interface Field {
  readonly name: string;
  /** Management fields carry `entry[].time`; `messages` does not. */
  readonly timed: boolean;
  readonly examples: readonly FieldExample[];
  events(value: unknown, path: string): WebhookEvent[];
}

/** A field of which each change is one event. */
export function defineField(kind: Kind): Field {
  return {
    name: kind.name,
    timed: true,
    examples: Object.entries(kind.examples).map(([variant, value]) => ({
      name: exampleName(kind.name, variant),
      value,
    })),
    events: (value, path) => [{ group: "field", kind: kind.name, field: kind.name, path, ...told(kind, value) }],
  };
}

/** `text` for the default example, `text.emoji` for another. */
export function exampleName(name: string, variant: string): string {
  return variant === "default" ? name : `${name}.${variant}`;
}

/** A kind's reading of an item, as parts of an event. */
export function told(kind: Kind, item: unknown): Pick<WebhookEvent, "summary" | "problems"> {
  const reading = kind.read(item);
  if ("summary" in reading) return { summary: reading.summary };
  const problems = reading.problems.map(describeProblem);
  return { summary: `not the shape we know: ${problems.join(", ")}`, problems };
}
