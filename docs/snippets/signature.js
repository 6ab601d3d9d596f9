import { createHmac, timingSafeEqual } from "node:crypto";

const { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = process.env;
if (!appSecret || !verifyToken) throw new Error("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN");

/** Whether a header X-Hub-Signature-256 is the signature of these bytes. */
export function isSigned(body, header) {
  if (!Buffer.isBuffer(body) || typeof header !== "string") return false;
  const expected = Buffer.from(`sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`);
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** What to respond to the handshake with; undefined when the verify token is another one. */
export function challengeOf(query) {
  const isOurs = query["hub.mode"] === "subscribe" && query["hub.verify_token"] === verifyToken;
  return isOurs ? query["hub.challenge"] : undefined;
}
