/** Customers as requests name them and as webhooks show them. */
import * as envelope from "../../webhook/envelope.ts";
import type { Customer, Customers } from "../messaging/customers.ts";
import { personOf } from "../messaging/payloads.ts";
import { digitsIn } from "../messaging/recipient.ts";

/** The customer with a phone number or a business-scoped user id. */
export function findPerson(input: string, customers: Customers): Customer | undefined {
  const number = digitsIn(input);
  return number === undefined ? customers.findByUserId(input) : customers.get(number);
}

/** The ids of a customer in Meta's format. */
export function idsOf({ waId, userId }: Customer): { wa_id?: string; user_id: string } {
  return { ...(waId === undefined ? {} : { wa_id: waId }), user_id: userId };
}

/** The entry of a customer in `contacts[]`. */
export function contactOf(customer: Customer): object {
  const { name, username, waId, userId } = customer;
  return envelope.contactOf({ ...personOf(customer), name: name ?? username ?? waId ?? userId });
}
