/** The signature that Meta puts on a delivery: HMAC-SHA256 of the body's bytes under the app secret. */
import { createHmac, timingSafeEqual } from "node:crypto";

import { requireSecret } from "../secret.ts";

/** The header's name as `node:http` gives it. */
export const SIGNATURE_HEADER = "x-hub-signature-256";

/**
 * The value of `X-Hub-Signature-256` for a body: `sha256=` and 64 lower-case hex digits.
 * The key is the app secret as text (its hex is not decoded); the message is the body as sent, byte for byte.
 * Throws a `UsageError` when the app secret is empty or only white space.
 * Source: Meta, "Get started with webhooks", validating payloads.
 */
export function sign(body: string | Uint8Array, appSecret: string): string {
  return `sha256=${createHmac("sha256", requireSecret(appSecret, "appSecret")).update(body).digest("hex")}`;
}

/** The value of the older `X-Hub-Signature` header (`sha1=` and 40 hex digits), which Meta still sends beside the newer one. */
export function signSha1(body: string | Uint8Array, appSecret: string): string {
  return `sha1=${createHmac("sha1", requireSecret(appSecret, "appSecret")).update(body).digest("hex")}`;
}

/**
 * Whether a header's value is the signature of exactly these bytes, compared in constant time.
 * A header that is missing, short, long, upper-case, repeated or no hex at all is a plain `false`, never an exception.
 * Throws a `UsageError` when the app secret is empty or only white space, whatever the header: an empty key proves nothing.
 */
export function verify(
  body: string | Uint8Array,
  header: string | readonly string[] | undefined,
  appSecret: string,
): boolean {
  requireSecret(appSecret, "appSecret");
  if (typeof header !== "string") return false;
  const expected = Buffer.from(sign(body, appSecret));
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
