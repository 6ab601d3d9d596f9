/** Mobile numbers of Mexico, Argentina and Brazil have two variants, of which WhatsApp may use either. */

/** The other variant of a number, with `+`; undefined where there is none. Source: the digits of `wa_id` in Meta's responses. */
export function otherVariant(number: string): string | undefined {
  const digits = digitsOf(number);
  for (const { long, short, toLong, toShort } of COUNTRIES) {
    if (long.test(digits)) return `+${digits.replace(long, toShort)}`;
    if (short.test(digits)) return `+${digits.replace(short, toLong)}`;
  }
  return undefined;
}

export function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, "");
}

const COUNTRIES = [
  // Mexico: 52 1 or 52, then ten digits.
  { long: /^521(\d{10})$/, short: /^52(\d{10})$/, toLong: "521$1", toShort: "52$1" },
  // Argentina: 54 9 or 54, then ten digits.
  { long: /^549(\d{10})$/, short: /^54(\d{10})$/, toLong: "549$1", toShort: "54$1" },
  // Brazil: area code, then mobile numbers with or without a leading 9.
  { long: /^55(\d\d)9([6-9]\d{7})$/, short: /^55(\d\d)([6-9]\d{7})$/, toLong: "55$19$2", toShort: "55$1$2" },
] as const;
