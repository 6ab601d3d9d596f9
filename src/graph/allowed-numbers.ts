/** Decides whether a recipient may be messaged, by wa-hook's own list of allowed numbers. */
import { UsageError } from "../errors.ts";
import { envName } from "../setting-names.ts";
import { digitsOf, otherVariant } from "./national-variants.ts";
import { parseRecipient, type Recipient } from "./recipient.ts";

export interface RecipientPolicy {
  /** Each with `+`. An empty list allows every recipient. */
  allowed: readonly string[];
  /** Where the list comes from, for the hint: `.env`. */
  source: string | undefined;
  /** Accept recipients that are not on the list. */
  force: boolean;
}

/** `variantOf` is the number as typed, when the list has its other national variant. */
export interface AdmittedRecipient {
  recipient: Recipient;
  variantOf?: string;
}

/** Parses a recipient and applies the policy. Throws a `UsageError` when it is invalid or not allowed. */
export function admitRecipient(typed: string, { allowed, source, force }: RecipientPolicy): AdmittedRecipient {
  // Without a + the country code is a guess, unless the digits are those of an allowed number.
  const listed = allowed.find((number) => /^[\d\s().\-/]+$/.test(typed) && digitsOf(number) === digitsOf(typed));
  const recipient = parseRecipient(listed ?? typed);
  // The list has numbers only.
  if ("recipient" in recipient || "recipient_type" in recipient || allowed.length === 0) return { recipient };
  const match = findAllowed(recipient.to, allowed);
  if (match !== undefined) {
    return match === recipient.to ? { recipient } : { recipient: { to: match }, variantOf: recipient.to };
  }
  if (force) return { recipient };
  throw new UsageError(`the recipient ${recipient.to} is not an allowed number`, {
    code: "recipient.not-allowed",
    hint: `add it to ${envName("allowedNumbers")} in ${source ?? ".env"}, or use --force`,
    about: [`Allowed: ${allowed.join(", ")}`],
  });
}

/** The entry for a number on the list, compared by digits as Meta does, or else the entry for its other national variant. */
export function findAllowed(number: string, allowed: readonly string[]): string | undefined {
  const digits = digitsOf(number);
  const other = otherVariant(digits);
  const listed = allowed.map(digitsOf);
  const match = listed.find((each) => each === digits) ?? listed.find((each) => `+${each}` === other);
  return match === undefined ? undefined : `+${match}`;
}

/** Parses `WHATSAPP_ALLOWED_NUMBERS`, a list separated by commas. */
export function parseAllowedNumbers(list: string | undefined): string[] {
  return (list ?? "")
    .split(/[,;\n]/)
    .map((each) => digitsOf(each))
    .filter((digits) => digits !== "")
    .map((digits) => `+${digits}`);
}
