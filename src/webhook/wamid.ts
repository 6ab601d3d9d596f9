/** Message ids in Meta's format. */
import { createHash } from "node:crypto";

/**
 * `wamid.` followed by base64 of the customer's number and 20 hex digits, a format derived from real ids. The same seed gives the same id.
 */
export function wamid(number: string, seed: string): string {
  const digits = createHash("sha256").update(seed).digest("hex").slice(0, 20).toUpperCase();
  const bytes = Buffer.concat([
    Buffer.from([0x1c, 0x18, number.length]),
    Buffer.from(number, "latin1"),
    Buffer.from([0x15, 0x02, 0x00, 0x12, 0x18, digits.length]),
    Buffer.from(digits, "latin1"),
    Buffer.from([0x00]),
  ]);
  return `wamid.${bytes.toString("base64")}`;
}
