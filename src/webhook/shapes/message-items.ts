/** Reads messages, statuses and errors: the items of the field `messages`, which other fields contain too. */
import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { error } from "../../messages/error.ts";
import { inboundKinds } from "../../messages/inbound/index.ts";
import { unknown } from "../../messages/inbound/unknown.ts";
import { unsupported } from "../../messages/inbound/unsupported.ts";
import type { Kind } from "../../messages/kind.ts";
import { statusKinds } from "../../messages/statuses/index.ts";
import { payment } from "../../messages/statuses/payment.ts";
import type { EventMedia, WebhookEvent } from "../event.ts";
import { readingOf } from "./field.ts";
import { cachedProfileNames, identity } from "./identity.ts";

const inbound = new Map(inboundKinds.map((kind) => [kind.name, kind]));
const statuses = new Map(statusKinds.map((kind) => [kind.name, kind]));
// A payment is identified by `type`; its `status` is that of the payment.
statuses.delete(payment.name);

export function readMessage(message: JsonObject, path: string, names: ReadonlyMap<string, string>): WebhookEvent {
  const type = stringAt(message, "type");
  const kind = messageKind(type);
  const number = stringAt(message, "from");
  const userId = stringAt(message, "from_user_id");
  const media = type === undefined ? undefined : readMedia(asJsonObject(message[type]));
  return {
    group: "message",
    kind: type ?? "unknown",
    field: "messages",
    path,
    ...readingOf(kind, message),
    ...(kind === unknown ? { unknown: true } : {}),
    ...identity({
      id: stringAt(message, "id"),
      key: messageKey(message),
      at: stringAt(message, "timestamp"),
      from: number ?? userId,
      name: names.get(number ?? "") ?? names.get(userId ?? ""),
    }),
    ...(media === undefined ? {} : { media }),
  };
}

/** Identifies a message in a repeated delivery. */
export function messageKey(message: JsonObject): string | undefined {
  const id = stringAt(message, "id");
  return id === undefined ? undefined : `message ${id}`;
}

function messageKind(type: string | undefined): Kind {
  // Meta itself uses the type `unknown` for content that the Cloud API does not support.
  if (type === "unknown") return unsupported;
  return inbound.get(type ?? "") ?? unknown;
}

/** The file of a message, a call recording or a transcript; nothing without an id and a MIME type. */
export function readMedia(content: JsonObject | undefined): EventMedia | undefined {
  const [id, mime] = [stringAt(content, "id"), stringAt(content, "mime_type")];
  if (id === undefined || mime === undefined) return undefined;
  const [sha256, filename] = [stringAt(content, "sha256"), stringAt(content, "filename")];
  return { id, mime, ...(sha256 === undefined ? {} : { sha256 }), ...(filename === undefined ? {} : { filename }) };
}

export function readStatus(status: JsonObject, path: string): WebhookEvent {
  const name = stringAt(status, "status") ?? "status";
  const kind = isPayment(status) ? payment : statuses.get(name);
  const reading = kind === undefined ? { summary: "unknown status" } : readingOf(kind, status);
  return {
    group: "status",
    kind: kind?.name ?? name,
    field: "messages",
    path,
    ...reading,
    ...(kind === undefined ? { unknown: true } : {}),
    ...identity({
      id: stringAt(status, "id"),
      key: statusKey(status),
      at: stringAt(status, "timestamp"),
      to: participantOf(status) ?? stringAt(status, "recipient_id") ?? stringAt(status, "recipient_user_id"),
    }),
  };
}

/** Identifies a status in a repeated delivery: the same message has one of each kind, and of each participant of a group. */
export function statusKey(status: JsonObject): string | undefined {
  const id = stringAt(status, "id");
  if (id === undefined) return undefined;
  const paid = isPayment(status);
  const transaction = paid ? stringAt(asJsonObject(asJsonObject(status["payment"])?.["transaction"]), "id") : undefined;
  const name = stringAt(status, "status") ?? "status";
  const parts = ["status", id, paid ? payment.name : undefined, name, participantOf(status), transaction];
  return parts.filter(Boolean).join(" ");
}

function isPayment(status: JsonObject): boolean {
  return stringAt(status, "type") === payment.name;
}

/** Meta's pages spell the key of a group participant in two ways. */
function participantOf(status: JsonObject): string | undefined {
  return (
    stringAt(status, "recipient_participant_id") ??
    stringAt(status, "participant_recipient_id") ??
    stringAt(status, "recipient_participant_user_id")
  );
}

export function readError(item: JsonObject, path: string): WebhookEvent {
  return { group: "error", kind: error.name, field: "messages", path, ...readingOf(error, item) };
}

const readers = {
  messages: (item: JsonObject, path: string, value: JsonObject) => readMessage(item, path, cachedProfileNames(value)),
  statuses: readStatus,
  errors: readError,
};

/** Reads an item of the list `list` that is part of another field; `value` is the object that holds the list. */
export function readNested(
  list: keyof typeof readers,
  item: JsonObject,
  { field, path, value = {} }: { field: string; path: string; value?: JsonObject },
): WebhookEvent {
  const { key, ...event } = readers[list](item, path, value);
  return { ...event, field, ...(key === undefined ? {} : { key: `${field} ${key}` }) };
}
