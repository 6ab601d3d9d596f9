/** Ids derived from text, so that the same text gives the same id. */
import { createHash } from "node:crypto";

/** Derives a number of `length` digits from the text; the first digit is not 0. */
export function digitsOf(text: string, length: number): string {
  const number = BigInt(`0x${hexOf(text)}`);
  return String(10n ** BigInt(length - 1) + (number % (9n * 10n ** BigInt(length - 1))));
}

/** SHA-256 of the text, in hex. */
export function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
