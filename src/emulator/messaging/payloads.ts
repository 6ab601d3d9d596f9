/** The webhooks about messages, as Meta writes them from v24.0 on: a status has no `conversation`, and user ids stand beside numbers. */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import type { Account } from "../options.ts";

/** Whom a status tells of; somebody who is addressed by user id may have no number that we know. */
export interface Recipient {
  waId?: string;
  userId: string;
  name?: string;
}

export interface Status {
  id: string;
  status: "sent" | "delivered" | "read" | "failed";
  /** In seconds since 1970. */
  at: number;
  to: Recipient;
  tracker?: string;
  pricing?: { category: string; free: boolean };
  /** Why it failed. */
  fault?: Fault;
}

export interface Fault {
  code: number;
  details: string;
}

export interface InboundMessage {
  id: string;
  at: number;
  from: Recipient & { name: string };
  type: string;
  /** The object of the type, `context` and whatever else the message has. */
  content: Readonly<Record<string, unknown>>;
}

const HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

export function statusPayload(account: Account, status: Status): object {
  const { id, at, to, tracker, pricing, fault } = status;
  const recipient = to.waId === undefined ? {} : { recipient_id: to.waId };
  return payload(account, {
    // Meta tells whose message it was, except when it failed.
    ...(fault === undefined && to.name !== undefined ? { contacts: [contact(to)] } : {}),
    statuses: [
      {
        id,
        status: status.status,
        timestamp: String(at),
        ...recipient,
        recipient_user_id: to.userId,
        ...(tracker === undefined ? {} : { biz_opaque_callback_data: tracker }),
        ...(pricing === undefined ? {} : { pricing: priceOf(pricing) }),
        ...(fault === undefined ? {} : { errors: [errorOf(fault)] }),
      },
    ],
  });
}

export function messagePayload(account: Account, { id, at, from, type, content }: InboundMessage): object {
  const { waId, userId } = from;
  return payload(account, {
    contacts: [contact(from)],
    messages: [{ from: waId, from_user_id: userId, id, timestamp: String(at), ...content, type }],
  });
}

function payload({ businessAccountId, displayNumber, phoneNumberId }: Account, content: object): object {
  const metadata = { display_phone_number: displayNumber, phone_number_id: phoneNumberId };
  const value = { messaging_product: "whatsapp", metadata, ...content };
  return {
    object: "whatsapp_business_account",
    entry: [{ id: businessAccountId, changes: [{ value, field: "messages" }] }],
  };
}

function contact({ name, waId, userId }: Recipient): object {
  return { profile: { name }, ...(waId === undefined ? {} : { wa_id: waId }), user_id: userId };
}

function priceOf({ category, free }: { category: string; free: boolean }): object {
  return { billable: !free, pricing_model: "PMP", category, type: free ? "free_customer_service" : "regular" };
}

function errorOf({ code, details }: Fault): object {
  const title = findErrorCode(code)?.title ?? "";
  return { code, title, message: title, error_data: { details }, href: HREF };
}
