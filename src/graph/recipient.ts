/** Parses recipients: phone numbers with a country code, business-scoped user IDs, and groups. */
import { validatePhoneNumberLength } from "libphonenumber-js/min";

import { UsageError } from "../errors.ts";
import { USER_ID } from "../messages/outbound/envelope.ts";
import { digitsOf, otherVariant } from "./national-variants.ts";

/** A phone number or, for recipients without a visible number, a business-scoped user ID; or a group by its ID. */
export type Recipient = { to: string } | { recipient: string } | { recipient_type: string; to: string };

/** Group IDs are base64 of `capi_group:` and two numbers. Source: examples in Meta's "Groups API". */
const GROUP_ID = /^Y2FwaV9ncm91cDo[\w+/=-]{1,200}$/;

/** The ID or the number itself, as it is shown. */
export function idOf(recipient: Recipient): string {
  return "recipient" in recipient ? recipient.recipient : recipient.to;
}

/**
 * Parses `+1 650 555 1234`, `US.13491208655302741918` or a group ID. Throws a `UsageError` for anything else. The `+` is required: without it, Meta
 * prepends the country code of the business number. Group IDs are recognized by how they start.
 */
export function parseRecipient(typed: string): Recipient {
  const given = typed.trim();
  if (USER_ID.test(given)) return { recipient: given };
  if (GROUP_ID.test(given)) return { recipient_type: "group", to: given };
  const digits = digitsOf(given);
  if (/[^\d\s()+.\-/]/.test(given) || digits === "" || given.lastIndexOf("+") > 0) {
    throw invalid(given, "is not a phone number", `use the international form, such as ${EXAMPLE}`);
  }
  if (!given.startsWith("+")) {
    const hint = `add + and the country code, such as ${EXAMPLE}: without them, Meta prepends the country code of your own number`;
    throw invalid(given, "has no + and country code", hint);
  }
  // Of two variants only one may have a valid length: the longer Mexican one is used by WhatsApp only.
  const variants = [`+${digits}`, otherVariant(digits)].filter((variant) => variant !== undefined);
  const results = variants.map((variant) => validatePhoneNumberLength(variant));
  const problem = results.includes(undefined) ? undefined : LENGTHS[results[0] ?? ""];
  if (problem !== undefined) throw invalid(given, problem, "check the country code and the number of digits");
  return { to: `+${digits}` };
}

const EXAMPLE = "+1 650 555 1234";

const LENGTHS: Record<string, string> = {
  TOO_SHORT: "is too short for its country",
  TOO_LONG: "is too long for its country",
  INVALID_LENGTH: "has a length that its country does not use",
  INVALID_COUNTRY: "starts with a country code that does not exist",
  NOT_A_NUMBER: "is not a phone number",
};

function invalid(given: string, problem: string, hint: string): UsageError {
  return new UsageError(`the recipient ${given} ${problem}`, { code: "recipient.invalid", hint });
}
