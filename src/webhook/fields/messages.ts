/** `messages`: what customers write, how our own messages fare, and errors of the account. */
import { inboundKinds } from "../../messages/inbound/index.ts";
import { unknown } from "../../messages/inbound/unknown.ts";
import type { Kind } from "../../messages/kind.ts";
import { describeError, error } from "../../messages/parts.ts";
import { statusKinds } from "../../messages/statuses/index.ts";
import { asItem, membersAt, oddEvent, wordAt, type EventMedia, type WebhookEvent } from "../event.ts";
import { exampleMessage, exampleStatus } from "./envelope.ts";
import { exampleName, told, type Field, type FieldExample } from "./field.ts";

type Item = NonNullable<ReturnType<typeof asItem>>;

const inbound = new Map(inboundKinds.map((kind) => [kind.name, kind]));
const statuses = new Map(statusKinds.map((kind) => [kind.name, kind]));

export const messages: Field = {
  name: "messages",
  timed: false,
  examples: [...examplesOf(inboundKinds, "", exampleMessage), ...examplesOf(statusKinds, "status.", exampleStatus)],
  events(value, path) {
    const item = asItem(value);
    if (item === undefined) return [oddEvent("messages", path, "is not an object")];
    const names = profileNames(item);
    return [
      ...each(item, "messages", path, (message, at) => readMessage(message, at, names)),
      ...each(item, "statuses", path, readStatus),
      ...each(item, "errors", path, readError),
    ];
  },
};

function examplesOf(
  kinds: readonly Kind[],
  prefix: string,
  wrap: (kind: string, example: object, variant: string) => object,
): FieldExample[] {
  return kinds.flatMap((kind) =>
    Object.entries(kind.examples).map(([variant, example]) => ({
      name: prefix + exampleName(kind.name, variant),
      value: wrap(kind.name, example, variant),
    })),
  );
}

function each(
  value: Item,
  key: string,
  path: string,
  read: (item: Item, path: string) => WebhookEvent,
): WebhookEvent[] {
  const { members, odd } = membersAt(value, key, { field: "messages", path });
  return [...members.map((member) => read(member.item, member.path)), ...odd];
}

function readMessage(message: Item, path: string, names: Map<string, string>): WebhookEvent {
  const type = wordAt(message, "type") ?? "unknown";
  const kind = inbound.get(type) ?? unknown;
  const event: WebhookEvent = { group: "message", kind: type, field: "messages", path, ...told(kind, message) };
  if (kind === unknown) event.unknown = true;
  identify(event, message, (id) => `message ${id}`);
  const from = wordAt(message, "from") ?? wordAt(message, "from_user_id");
  const name = from === undefined ? undefined : names.get(from);
  if (from !== undefined) event.from = from;
  if (name !== undefined) event.name = name;
  const media = readMedia(asItem(message[type]));
  if (media !== undefined) event.media = media;
  return event;
}

function readMedia(content: Item | undefined): EventMedia | undefined {
  const [id, mime, sha256, filename] = ["id", "mime_type", "sha256", "filename"].map((key) => wordAt(content, key));
  if (id === undefined || mime === undefined) return undefined;
  return { id, mime, ...(sha256 === undefined ? {} : { sha256 }), ...(filename === undefined ? {} : { filename }) };
}

function readStatus(status: Item, path: string): WebhookEvent {
  const word = wordAt(status, "status") ?? "status";
  const kind = statuses.get(word);
  const reading = kind === undefined ? { summary: "a status that wa-hook does not know" } : told(kind, status);
  const event: WebhookEvent = { group: "status", kind: word, field: "messages", path, ...reading };
  if (kind === undefined) event.unknown = true;
  const participant = wordAt(status, "recipient_participant_id") ?? wordAt(status, "participant_recipient_id");
  identify(event, status, (id) => ["status", id, word, participant].filter(Boolean).join(" "));
  const to = participant ?? wordAt(status, "recipient_id") ?? wordAt(status, "recipient_user_id");
  if (to !== undefined) event.to = to;
  return event;
}

/** Adds the item's id, its key and its time, as far as it has them. */
function identify(event: WebhookEvent, item: Item, keyOf: (id: string) => string): void {
  const id = wordAt(item, "id");
  if (id !== undefined) {
    event.id = id;
    event.key = keyOf(id);
  }
  const at = Number(wordAt(item, "timestamp"));
  if (Number.isSafeInteger(at) && at > 0) event.at = at;
}

function readError(item: Item, path: string): WebhookEvent {
  const parsed = error.safeParse(item);
  const summary = parsed.success ? describeError(parsed.data) : "an error without a code";
  return { group: "error", kind: "error", field: "messages", path, summary };
}

/** Profile names by the number or the user id that `messages[].from` repeats. */
function profileNames(value: Item): Map<string, string> {
  const names = new Map<string, string>();
  for (const { item: contact } of membersAt(value, "contacts", { field: "messages", path: "" }).members) {
    const profile = asItem(contact["profile"]);
    const name = wordAt(profile, "name") ?? wordAt(profile, "username");
    if (name === undefined) continue;
    for (const key of ["wa_id", "user_id"]) {
      const id = wordAt(contact, key);
      if (id !== undefined) names.set(id, name);
    }
  }
  return names;
}
