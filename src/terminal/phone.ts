/** Phone numbers as people write them; apart from `paint.ts`, because the numbering plans of all countries take long to load. */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";

import { plain } from "../printable.ts";

const PHONES_KEPT = 1000;
const phones = new Map<string, string>();

/** `+1 650 555 1234` for `16505551234`; a business-scoped user id and anything else stay as they are. */
export function phone(digits: string): string {
  const known = phones.get(digits);
  if (known !== undefined) return known;
  const shown = /^\+?\d{5,15}$/.test(digits) ? international(`+${digits.replace("+", "")}`) : plain(digits);
  if (phones.size >= PHONES_KEPT) phones.clear();
  phones.set(digits, shown);
  return shown;
}

function international(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}
