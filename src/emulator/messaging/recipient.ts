/** Normalizes phone numbers and derives WhatsApp ids. */

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
