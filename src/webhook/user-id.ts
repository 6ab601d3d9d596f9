/** Business-scoped user ids in Meta's format, and usernames. Source: Meta, "Business-scoped user IDs". */
import { digitsOf } from "./derive.ts";

const COUNTRIES = Object.entries({
  "1": "US",
  "27": "ZA",
  "33": "FR",
  "34": "ES",
  "39": "IT",
  "44": "GB",
  "49": "DE",
  "52": "MX",
  "54": "AR",
  "55": "BR",
  "57": "CO",
  "62": "ID",
  "91": "IN",
  "234": "NG",
  "351": "PT",
  "971": "AE",
  "972": "IL",
});

/** The user id of a customer: the country code of the number and 20 digits, different for each business. */
export function userIdOf(number: string, businessAccountId: string): string {
  const country = COUNTRIES.find(([prefix]) => number.startsWith(prefix))?.[1] ?? "ZZ";
  return `${country}.${digitsOf(`${businessAccountId} ${number}`, 20)}`;
}

/** A username for a customer who has not chosen one: `sheena.1234`. */
export function usernameOf(name: string | undefined, userId: string): string {
  const word = (name ?? "").toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return `${word === "" ? "customer" : word.slice(0, 25)}.${digitsOf(userId, 4)}`;
}
