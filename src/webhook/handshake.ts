/** The handshake: the GET request with which Meta verifies a callback URL. */
import { createHash, timingSafeEqual } from "node:crypto";

import { requireSecret } from "../secret.ts";

/** The response: status 200 with exactly the challenge, or status 403. The reason is for logs and must not be sent. */
export type HandshakeAnswer = { status: 200; challenge: string } | { status: 403; reason: string };

/**
 * Handles `?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`. The token is compared in constant time.
 * Throws a `UsageError` if the verify token is empty or white space, because anyone could guess it.
 * Source: Meta, "Create a webhook endpoint", verification requests.
 */
export function answerHandshake(query: URLSearchParams, verifyToken: string): HandshakeAnswer {
  requireSecret(verifyToken, "verifyToken");
  const [mode, token, challenge] = ["hub.mode", "hub.verify_token", "hub.challenge"].map((name) => query.get(name));
  if (mode == null) return { status: 403, reason: "hub.mode is missing (not a handshake from Meta)" };
  if (mode !== "subscribe") return { status: 403, reason: "hub.mode is not subscribe" };
  if (token == null) return { status: 403, reason: "hub.verify_token is missing" };
  if (!equal(token, verifyToken)) return { status: 403, reason: describeMismatch(token, verifyToken) };
  if (challenge == null || challenge === "") return { status: 403, reason: "hub.challenge is missing" };
  return { status: 200, challenge };
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

function describeMismatch(given: string, expected: string): string {
  const reason = "hub.verify_token does not match the verify token";
  if (given.trim() === expected) return `${reason}: it has leading or trailing white space`;
  if (given.replaceAll(" ", "+") === expected)
    return `${reason}: + was decoded as a space; use only letters, digits, - and _`;
  return reason;
}
