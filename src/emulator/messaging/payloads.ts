/** Webhook payloads of messages and statuses in the format since v24.0: no `conversation` in statuses, and user ids beside numbers. */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import type { Account } from "../options.ts";

/** The recipient of a message; when addressed by user id, the number can be unknown. */
export interface Recipient {
  waId?: string;
  userId: string;
  name?: string;
}

export interface Status {
  id: string;
  status: "sent" | "delivered" | "read" | "failed";
  /** Unix time in seconds. */
  at: number;
  to: Recipient;
  callbackData?: string;
  pricing?: { category: string; free: boolean };
  /** Why delivery failed. */
  error?: DeliveryError;
}

export interface DeliveryError {
  code: number;
  details: string;
}

export interface InboundMessage {
  id: string;
  at: number;
  from: Recipient & { name: string };
  type: string;
  /** The content object of the type, plus `context` and other fields. */
  content: Readonly<Record<string, unknown>>;
}

const HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

export function statusPayload(account: Account, status: Status): object {
  const { id, at, to, callbackData, pricing, error } = status;
  const recipient = to.waId === undefined ? {} : { recipient_id: to.waId };
  return payload(account, {
    // Meta omits `contacts` in failed statuses.
    ...(error === undefined && to.name !== undefined ? { contacts: [contact(to)] } : {}),
    statuses: [
      {
        id,
        status: status.status,
        timestamp: String(at),
        ...recipient,
        recipient_user_id: to.userId,
        ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
        ...(pricing === undefined ? {} : { pricing: priceOf(pricing) }),
        ...(error === undefined ? {} : { errors: [errorOf(error)] }),
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

function errorOf({ code, details }: DeliveryError): object {
  const title = findErrorCode(code)?.title ?? "";
  return { code, title, message: title, error_data: { details }, href: HREF };
}
