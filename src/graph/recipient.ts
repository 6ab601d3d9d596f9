/** Who a message goes to: a number in the form that Meta understands, and whether it is on the list of allowed ones. */
import { validatePhoneNumberLength } from "libphonenumber-js/min";

import { UsageError } from "../errors.ts";
import { USER_ID } from "../messages/outbound/envelope.ts";

/** A phone number or, for people who show none, a business-scoped user id. */
export type Recipient = { to: string } | { recipient: string };

/**
 * Reads a recipient as typed: `+1 650 555 1234`, or `US.13491208655302741918`. Throws a `UsageError` when it is neither.
 * The `+` must be there: without it, Meta puts the business number's own country code in front.
 */
export function readRecipient(typed: string): Recipient {
  const given = typed.trim();
  if (USER_ID.test(given)) return { recipient: given };
  const digits = digitsOf(given);
  if (/[^\d\s()+.\-/]/.test(given) || digits === "" || given.lastIndexOf("+") > 0) {
    throw unusable(given, "is not a phone number", "write it with its country code, as in +16505551234");
  }
  if (!given.startsWith("+")) {
    const hint = `write it with a +, as in +${digits}: without it, Meta puts the country code of your own number in front`;
    throw unusable(given, "has no + and country code", hint);
  }
  // Of a number with two forms, one has to be right: the longer one of Mexico is known to WhatsApp only.
  const forms = [`+${digits}`, otherForm(digits)].filter((form) => form !== undefined);
  const faults = forms.map((form) => validatePhoneNumberLength(form));
  const fault = faults.includes(undefined) ? undefined : LENGTHS[faults[0] ?? ""];
  if (fault !== undefined) throw unusable(given, fault, "look at its country code and count its digits");
  return { to: `+${digits}` };
}

const LENGTHS: Record<string, string> = {
  TOO_SHORT: "is too short for its country",
  TOO_LONG: "is too long for its country",
  INVALID_LENGTH: "has a number of digits that its country does not use",
  INVALID_COUNTRY: "begins with a country code that does not exist",
  NOT_A_NUMBER: "is not a phone number",
};

function unusable(given: string, reason: string, hint: string): UsageError {
  return new UsageError(`the recipient ${given} ${reason}`, { code: "recipient.invalid", hint });
}

function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, "");
}

/** Where a number stands on the list; `as` is the form in which the list has it. */
export type Standing = { allowed: true; as: string } | { allowed: false };

/** Compares with the list as Meta does, by digits, and also knows the two forms of Mexican, Argentine and Brazilian numbers. */
export function standingOf(number: string, allowed: readonly string[]): Standing {
  const digits = digitsOf(number);
  const known = allowed.map(digitsOf);
  const other = otherForm(digits);
  const as = known.find((each) => each === digits) ?? known.find((each) => `+${each}` === other);
  return as === undefined ? { allowed: false } : { allowed: true, as: `+${as}` };
}

/** The other form of a number in a country that has two; nothing elsewhere. Source: the digits of `wa_id` in Meta's answers. */
export function otherForm(number: string): string | undefined {
  const digits = digitsOf(number);
  for (const { long, short, toLong, toShort } of TWO_FORMS) {
    if (long.test(digits)) return `+${digits.replace(long, toShort)}`;
    if (short.test(digits)) return `+${digits.replace(short, toLong)}`;
  }
  return undefined;
}

const TWO_FORMS = [
  // Mexico: 52 1 and 52, before ten digits.
  { long: /^521(\d{10})$/, short: /^52(\d{10})$/, toLong: "521$1", toShort: "52$1" },
  // Argentina: 54 9 and 54, before ten digits.
  { long: /^549(\d{10})$/, short: /^54(\d{10})$/, toLong: "549$1", toShort: "54$1" },
  // Brazil: area code, then mobile numbers with and without a leading 9.
  { long: /^55(\d\d)9([6-9]\d{7})$/, short: /^55(\d\d)([6-9]\d{7})$/, toLong: "55$19$2", toShort: "55$1$2" },
] as const;

/** The numbers of `WHATSAPP_ALLOWED_NUMBERS`, separated by commas. */
export function readAllowed(list: string | undefined): string[] {
  return (list ?? "")
    .split(/[,;\n]/)
    .map((each) => digitsOf(each))
    .filter((digits) => digits !== "")
    .map((digits) => `+${digits}`);
}
