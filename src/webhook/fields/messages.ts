/** `messages`: what customers write, how our own messages fare, and errors of the account. */
import { asItem, type Item, wordAt } from "../../json.ts";
import { inboundKinds } from "../../messages/inbound/index.ts";
import { unknown } from "../../messages/inbound/unknown.ts";
import { unsupported } from "../../messages/inbound/unsupported.ts";
import { exampleName, type Kind } from "../../messages/kind.ts";
import { statusKinds } from "../../messages/statuses/index.ts";
import { payment } from "../../messages/statuses/payment.ts";
import { error } from "../../meta-errors/error.ts";
import { membersAt, oddEvent, type EventMedia, type WebhookEvent } from "../event.ts";
import { exampleError, exampleMessage, exampleStatus } from "../shapes/envelope.ts";
import { told, type Field, type FieldExample } from "../shapes/field.ts";

const inbound = new Map(inboundKinds.map((kind) => [kind.name, kind]));
const statuses = new Map(statusKinds.map((kind) => [kind.name, kind]));
// It is told by its type: its status is a word of the payment.
statuses.delete(payment.name);

export const messages: Field = {
  name: "messages",
  timed: false,
  get examples() {
    return [
      ...examplesOf(inboundKinds, "", exampleMessage),
      ...examplesOf(statusKinds, "status.", exampleStatus),
      ...examplesOf([error], "", exampleError),
    ];
  },
  events(value, path) {
    const item = asItem(value);
    if (item === undefined) return [oddEvent("messages", path, "is not an object")];
    const { names, odd } = profileNames(item, path);
    const events = [
      ...each(item, "messages", path, (message, at) => readMessage(message, at, names)),
      ...each(item, "statuses", path, readStatus),
      ...each(item, "errors", path, readError),
      ...odd,
    ];
    return events.length > 0 ? events : [oddEvent("messages", path, "tells nothing")];
  },
};

const known = new WeakMap<Item, Map<string, string>>();

/** The same for an item that stands in another field; `value` is what holds its list. */
export const readers = {
  messages: (item: Item, path: string, value: Item) => {
    const names = known.get(value) ?? profileNames(value, "").names;
    // Every item of the list asks again.
    known.set(value, names);
    return readMessage(item, path, names);
  },
  statuses: readStatus,
  errors: readError,
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
  const type = wordAt(message, "type");
  const kind = kindOf(type);
  const event: WebhookEvent = {
    group: "message",
    kind: type ?? "unknown",
    field: "messages",
    path,
    ...told(kind, message),
  };
  if (kind === unknown) event.unknown = true;
  identify(event, message, (id) => `message ${id}`);
  const [number, userId] = [wordAt(message, "from"), wordAt(message, "from_user_id")];
  const from = number ?? userId;
  const name = names.get(number ?? "") ?? names.get(userId ?? "");
  if (from !== undefined) event.from = from;
  if (name !== undefined) event.name = name;
  const media = type === undefined ? undefined : readMedia(asItem(message[type]));
  if (media !== undefined) event.media = media;
  return event;
}

function kindOf(type: string | undefined): Kind {
  // The word itself is one of Meta's, for what it does not hand on.
  if (type === "unknown") return unsupported;
  return inbound.get(type ?? "") ?? unknown;
}

function readMedia(content: Item | undefined): EventMedia | undefined {
  const [id, mime, sha256, filename] = ["id", "mime_type", "sha256", "filename"].map((key) => wordAt(content, key));
  if (id === undefined || mime === undefined) return undefined;
  return { id, mime, ...(sha256 === undefined ? {} : { sha256 }), ...(filename === undefined ? {} : { filename }) };
}

function readStatus(status: Item, path: string): WebhookEvent {
  const word = wordAt(status, "status") ?? "status";
  const isPayment = wordAt(status, "type") === payment.name;
  const kind = isPayment ? payment : statuses.get(word);
  const reading = kind === undefined ? { summary: "a status that wa-hook does not know" } : told(kind, status);
  const event: WebhookEvent = { group: "status", kind: kind?.name ?? word, field: "messages", path, ...reading };
  if (kind === undefined) event.unknown = true;
  // Meta's pages spell the member of a group in two ways.
  const participant =
    wordAt(status, "recipient_participant_id") ??
    wordAt(status, "participant_recipient_id") ??
    wordAt(status, "recipient_participant_user_id");
  const transaction = isPayment ? wordAt(asItem(asItem(status["payment"])?.["transaction"]), "id") : undefined;
  const sort = isPayment ? payment.name : undefined;
  identify(event, status, (id) => ["status", id, sort, word, participant, transaction].filter(Boolean).join(" "));
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
  return { group: "error", kind: error.name, field: "messages", path, ...told(error, item) };
}

/** Profile names by the number or the user id that `messages[].from` repeats. */
function profileNames(value: Item, path: string): { names: Map<string, string>; odd: WebhookEvent[] } {
  const names = new Map<string, string>();
  const { members, odd } = membersAt(value, "contacts", { field: "messages", path });
  for (const { item: contact } of members) {
    const profile = asItem(contact["profile"]);
    const name = wordAt(profile, "name") ?? wordAt(profile, "username");
    if (name === undefined) continue;
    for (const key of ["wa_id", "user_id"]) {
      const id = wordAt(contact, key);
      if (id !== undefined) names.set(id, name);
    }
  }
  return { names, odd };
}
