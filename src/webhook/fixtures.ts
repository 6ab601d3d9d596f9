/** The bundled deliveries, made from the examples of the kinds. */
import { UsageError } from "../errors.ts";
import { conversation } from "./conversation.ts";
import { fields } from "./fields/index.ts";
import { readPayload } from "./payload.ts";
import { lazily } from "./shapes/field.ts";
import { closest } from "./words.ts";

export interface Fixture {
  /** `text`, `image.with-caption`, `status.failed`, `account_update`. */
  name: string;
  /** The webhook field it comes under. */
  field: string;
  /** Who shows this shape: Meta's own documentation, or others. */
  source: string;
  /** Its events in words. */
  about: string;
  /** A whole delivery. A fresh copy: it may be changed. */
  payload: Payload;
}

/** A whole delivery, as parsed JSON. */
export interface Payload {
  object: string;
  entry: { id: string; time?: number; changes: { value: object; field: string }[] }[];
}

const WABA = "102290129340398";
const SENT_AT = 1_785_499_201;

/** What the fixtures are made of: messages first, then statuses, then the other fields, then a story. */
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

/** The bundled fixture of that name, or nothing. */
export function findFixture(name: string): Fixture | undefined {
  const source = sources().find((candidate) => candidate.name === name);
  return source && toFixture(source);
}

/** The deliveries that a name stands for: the fixture of that name, or all whose names begin so (`status`); without a name, all. */
export function bundled(name?: string): { name: string; payload: Payload }[] {
  const exact = sources().filter((each) => name === undefined || each.name === name);
  const meant = exact.length > 0 ? exact : sources().filter((each) => each.name.startsWith(`${name}.`));
  return meant.map((each) => ({ name: each.name, payload: payloadOf(each) }));
}

/** The bundled fixture of that name. Throws a `UsageError` that names the closest one. */
export function fixture(name: string): Fixture {
  const found = findFixture(name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no bundled fixture ${name}`, { code: "fixture.unknown", hint: suggestFixture(name) });
}

/** What to try instead of a name that is not there. */
export function suggestFixture(name: string): string {
  const names = sources().map((candidate) => candidate.name);
  const close = closest(name, names);
  return close === undefined ? "wa-hook fixtures list shows the bundled ones" : `did you mean ${close}?`;
}

function toFixture(from: Source): Fixture {
  const { name, field, source } = from;
  const payload = payloadOf(from);
  const about = readPayload(payload).map(({ kind, summary }) => [kind, summary].filter(Boolean).join(" "));
  return { name, field, source, about: about.join(", "), payload };
}

function payloadOf({ value, field, timed }: Source): Payload {
  const changes = [{ value: structuredClone(value), field }];
  return { object: "whatsapp_business_account", entry: [{ id: WABA, ...(timed ? { time: SENT_AT } : {}), changes }] };
}
