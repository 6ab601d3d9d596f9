/** The signature of a delivery: HMAC-SHA256 of the raw body with the app secret as key. */
import { createHmac, timingSafeEqual } from "node:crypto";

import { requireSecret } from "../secret.ts";

/** The header name in lower case, as in `node:http`. */
export const SIGNATURE_HEADER = "x-hub-signature-256";

/**
 * The value of `X-Hub-Signature-256` for a body: `sha256=` and 64 lower-case hex digits.
 * The key is the app secret as text (not decoded from hex); the message is the body as sent, byte for byte.
 * Throws a `UsageError` if the app secret is empty or white space.
 * Source: Meta, "Get started with webhooks", validating payloads.
 */
export function sign(body: string | Uint8Array, appSecret: string): string {
  return `sha256=${createHmac("sha256", requireSecret(appSecret, "appSecret")).update(body).digest("hex")}`;
}

/** The value of the legacy `X-Hub-Signature` header (`sha1=` and 40 hex digits), which Meta still sends as well. */
export function signSha1(body: string | Uint8Array, appSecret: string): string {
  return `sha1=${createHmac("sha1", requireSecret(appSecret, "appSecret")).update(body).digest("hex")}`;
}

/**
 * Whether a header value is the signature of exactly these bytes, compared in constant time.
 * Returns `false` for any other header: missing, too short, too long, upper-case, repeated or not hex.
 * Throws a `UsageError` if the app secret is empty or white space, because an empty key proves nothing.
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
