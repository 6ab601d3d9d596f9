/** Webhook payloads of messages and statuses, in the version that an app subscribed to. */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import { hexOf } from "../../webhook/derive.ts";
import {
  envelope,
  messageValue,
  statusValue,
  type Metadata,
  type Payload,
  type Person,
} from "../../webhook/envelope.ts";
import type { Participant } from "../business/group.ts";
import type { Account } from "../options.ts";
import type { Customer } from "./customers.ts";

/** The business's side of a conversation. */
export interface Business {
  businessAccountId: string;
  metadata: Metadata;
}

export interface Status {
  id: string;
  status: "sent" | "delivered" | "read" | "played" | "failed";
  /** Unix time in seconds. */
  at: number;
  to: Customer;
  callbackData?: string;
  pricing?: Price;
  /** Of a message to a group: its participants by user id. `to` is the group then. */
  participants?: readonly Participant[];
  /** Why delivery failed. */
  error?: DeliveryError;
}

interface Price {
  category: string;
  free: boolean;
}

export interface DeliveryError {
  code: number;
  details: string;
}

export interface InboundMessage {
  id: string;
  at: number;
  from: Customer & { name: string };
  type: string;
  /** The content object of the type, plus `context` and other fields. */
  content: Readonly<Record<string, unknown>>;
}

const HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
const DAY_SECONDS = 86_400;

export function businessOf({ businessAccountId, displayNumber, phoneNumberId }: Account): Business {
  return { businessAccountId, metadata: { display_phone_number: displayNumber, phone_number_id: phoneNumberId } };
}

/** `version` is that of the subscription, such as `v25.0`. */
export function statusPayload(business: Business, status: Status, version: string): Payload {
  const { id, at, to, callbackData, pricing, error } = status;
  const content = {
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...(pricing === undefined || !hasConversation(version) ? {} : { conversation: conversationOf(status, pricing) }),
    ...(pricing === undefined ? {} : { pricing: priceOf(pricing) }),
    ...(error === undefined ? {} : { errors: [errorOf(error)] }),
  };
  const item = { id, status: status.status, timestamp: String(at), to: personOf(to), content };
  const items = status.participants === undefined ? [item] : groupItems(item, status.participants);
  return payload(business, statusValue(business.metadata, items));
}

/** Meta reports a group's participants in one webhook, each in a status of its own; `sent` and `failed` are those of the group. */
function groupItems<Item extends { status: string; to: Person; content: object }>(
  item: Item,
  participants: readonly Participant[],
): Item[] {
  const group = { ...item, to: { number: item.to.number }, content: { recipient_type: "group", ...item.content } };
  if (item.status === "sent" || item.status === "failed") return [group];
  return participants.map(({ wa_id, user_id }) => {
    const number = wa_id === undefined ? {} : { recipient_participant_id: wa_id };
    return { ...group, content: { ...group.content, ...number, recipient_participant_user_id: user_id } };
  });
}

export function messagePayload(business: Business, { id, at, from, type, content }: InboundMessage): Payload {
  const message = { from: personOf(from), id, timestamp: String(at), content, type };
  return payload(business, messageValue(business.metadata, message));
}

function payload({ businessAccountId }: Business, value: object): Payload {
  return envelope(businessAccountId, { field: "messages", value });
}

/** The customer as the webhooks of any field name them. */
export function personOf({ waId, userId, name, username }: Customer): Person {
  return { number: waId, userId, name, username };
}

/** Meta omits `conversation` in statuses since v24.0. */
function hasConversation(version: string): boolean {
  return Number(version.replace(/^v/, "")) < 24;
}

/** Until v23.0, each message has a conversation of its own; only `sent` has its end. */
function conversationOf({ id, status, at }: Status, { category }: Price): object {
  const expiry = status === "sent" ? { expiration_timestamp: String(at + DAY_SECONDS) } : {};
  return { id: hexOf(id).slice(0, 32), ...expiry, origin: { type: category } };
}

function priceOf({ category, free }: Price): object {
  return { billable: !free, pricing_model: "PMP", category, type: free ? "free_customer_service" : "regular" };
}

function errorOf({ code, details }: DeliveryError): object {
  const title = findErrorCode(code)?.title ?? "";
  return { code, title, message: title, error_data: { details }, href: HREF };
}
