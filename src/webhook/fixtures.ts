/** The bundled deliveries, built from the examples of the kinds. */
import { conversation } from "./conversation.ts";
import { envelope, type Payload } from "./envelope.ts";
import { fields } from "./fields/index.ts";
import { named, unknownFixture } from "./fixture-names.ts";
import { originOf } from "./fixture-origins.ts";
import { readPayload } from "./payload.ts";
import { lazily } from "./shapes/field.ts";

/** A bundled delivery. */
export interface Fixture {
  /** `text`, `image.with-caption`, `status.failed`, `account_update`. */
  name: string;
  /** The webhook field. */
  field: string;
  /** The Graph version of its shape: `v25.0`; `none` when the shape is invented. */
  version: string;
  /** `since 2026-04`, `until 2026-04`, or `seen 2026-08` for a shape that Meta does not date; `none` when it is invented. */
  date: string;
  /** Where the shape is known from: a page of Meta's documentation, `others` (client libraries and captures), or `invented`. */
  source: string;
  /** Its events, each with kind and summary. */
  summary: string;
  /** A complete payload; a fresh copy that callers may modify. */
  payload: Payload;
}

/** What can be said of a fixture without its payload. */
export type FixtureEntry = Omit<Fixture, "payload">;

const WABA = "102290129340398";
const SENT_AT = 1_785_499_201;

/** The examples behind the fixtures: messages, statuses, the other fields, and a conversation. */
const sources = lazily(() => [
  ...fields.flatMap(({ name: field, timed, examples, source = "Meta" }) =>
    examples.map((example) => ({ ...example, field, timed, source })),
  ),
  ...conversation.map((example) => ({ ...example, field: "messages", timed: false, source: "Meta" })),
]);

type Source = ReturnType<typeof sources>[number];

/** Every bundled fixture. */
export function fixtures(): Fixture[] {
  return sources().map(toFixture);
}

/** The bundled fixture with this name, if there is one. */
export function findFixture(name: string): Fixture | undefined {
  const source = sources().find((candidate) => candidate.name === name);
  return source && toFixture(source);
}

/** The deliveries that `named` finds for a name; without a name, all of them. */
export function bundled(typed?: string): { name: string; payload: Payload }[] {
  const wanted = typed === undefined ? sources() : named(typed, sources());
  return wanted.map((each) => ({ name: each.name, payload: payloadOf(each) }));
}

/** The bundled fixture with this name. Throws a `UsageError` that suggests the closest name. */
export function fixture(name: string): Fixture {
  const found = findFixture(name);
  if (found === undefined) throw unknownFixture(name, fixtureNames());
  return found;
}

/** The names of all bundled fixtures. */
export function fixtureNames(): string[] {
  return sources().map(({ name }) => name);
}

function toFixture(from: Source): Fixture {
  const { name, field } = from;
  const payload = payloadOf(from);
  const origin = originOf(name, { field, payload, documented: from.source === "Meta" });
  const events = readPayload(payload).map(({ kind, summary }) => [kind, summary].filter(Boolean).join(" "));
  return { name, field, ...origin, summary: events.join(", "), payload };
}

function payloadOf({ value, field, timed }: Source): Payload {
  return envelope(WABA, { field, value: structuredClone(value) }, timed ? SENT_AT : undefined);
}
