/** Customers as requests name them and as webhooks show them. */
import type { Customers } from "../messaging/customers.ts";
import { digitsIn } from "../messaging/recipient.ts";

/** Without `waId`, the number is hidden. */
export interface Person {
  waId?: string;
  userId: string;
  name?: string;
}

/** The customer with a phone number or a business-scoped user id. */
export function findPerson(input: string, customers: Customers): Person | undefined {
  const number = digitsIn(input);
  return number === undefined ? customers.findByUserId(input) : customers.get(number);
}

/** The ids of a customer in Meta's format. */
export function idsOf({ waId, userId }: Person): { wa_id?: string; user_id: string } {
  return { ...(waId === undefined ? {} : { wa_id: waId }), user_id: userId };
}

/** The entry of a customer in `contacts[]`. */
export function contactOf(person: Person): object {
  return { profile: { name: person.name ?? person.waId ?? person.userId }, ...idsOf(person) };
}
