/** The GET request with which Meta verifies a callback URL before it uses it. */
import { createHash, timingSafeEqual } from "node:crypto";

import { requireSecret } from "../secret.ts";

/** What to answer: status 200 and exactly the challenge, or status 403 and the reason (for the log, not for the asker). */
export type HandshakeAnswer = { status: 200; challenge: string } | { status: 403; reason: string };

/**
 * Answers `?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`. The token is compared in constant time.
 * Throws a `UsageError` when the verify token is empty or only white space: anybody could pass it.
 * Source: Meta, "Create a webhook endpoint", verification requests.
 */
export function answerHandshake(query: URLSearchParams, verifyToken: string): HandshakeAnswer {
  requireSecret(verifyToken, "verifyToken");
  const [mode, token, challenge] = ["hub.mode", "hub.verify_token", "hub.challenge"].map((name) => query.get(name));
  if (mode == null) return { status: 403, reason: "hub.mode is missing: this is not Meta's handshake" };
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
  const reason = "hub.verify_token is not the verify token";
  if (given.trim() === expected) return `${reason}: it has white space around it`;
  if (given.replaceAll(" ", "+") === expected)
    return `${reason}: a + arrived as a space; use letters, digits, - and _ only`;
  return reason;
}
