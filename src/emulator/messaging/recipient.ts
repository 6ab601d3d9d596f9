/** Normalizes phone numbers and derives WhatsApp ids and user ids. */
import { digitsOf } from "../ids.ts";

/** Converts `+1 (650) 555-1234` to `16505551234`; undefined when it is not a number with a country code. */
export function digitsIn(text: string): string | undefined {
  const digits = text.replace(/^\s*\+|[\s().-]/g, "");
  return /^[1-9]\d{4,14}$/.test(digits) ? digits : undefined;
}

/**
 * The `wa_id` of a number. It differs from the number in three countries: Mexico adds a 1 after the country code, Argentina adds a
 * 9, and Brazil drops the ninth digit outside the oldest area codes.
 */
export function waIdOf(number: string): string {
  return number
    .replace(/^52(?=\d{10}$)/, "521")
    .replace(/^54(?=[1-8]\d{9}$)/, "549")
    .replace(/^(55[3-9]\d)9(?=\d{8}$)/, "$1");
}

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

/** The business-scoped user id of a customer: a country code and digits, different for each business. */
export function userIdOf(waId: string, businessAccountId: string): string {
  const country = COUNTRIES.find(([prefix]) => waId.startsWith(prefix))?.[1] ?? "ZZ";
  return `${country}.${digitsOf(`${businessAccountId} ${waId}`, 20)}`;
}
