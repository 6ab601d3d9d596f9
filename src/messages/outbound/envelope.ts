/** The keys of a send request around the message: recipient, context, callback data. Source: Meta, Cloud API, Messages. */
import * as z from "zod";

import type { JsonObject } from "../../json.ts";
import { formatValue, toProblems, type Problem } from "../kind.ts";
import { nonEmpty, text } from "./limits.ts";

/** A business-scoped user id, of one business or of a parent business (`ENT`). */
export const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

const envelope = z.strictObject({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.enum(["individual", "group"]).optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.string().optional(),
  context: z.strictObject({ message_id: nonEmpty }).optional(),
  biz_opaque_callback_data: text(512).optional(),
});

/** The additional keys of `/marketing_messages`, which accepts templates only. */
const marketing = {
  category: nonEmpty.optional(),
  ttl: z.int().optional(),
  message_activity_sharing: z.boolean().optional(),
};
const templateEnvelope = envelope.extend(marketing);

/** Validates a request from which the message itself was removed. */
export function envelopeProblems(request: JsonObject, { isTemplate }: { isTemplate: boolean }): Problem[] {
  const parsed = (isTemplate ? templateEnvelope : envelope).safeParse(request, { reportInput: true });
  const problems = parsed.success ? [] : parsed.error.issues.flatMap(toProblems).map(explainMarketingKey);
  return [...problems, ...recipientProblems(request)];
}

function explainMarketingKey(problem: Problem): Problem {
  if (problem.reason !== "unknown" || !Object.hasOwn(marketing, problem.path)) return problem;
  return { ...problem, message: "is supported for templates only" };
}

/** One of `to` and `recipient` is required; when both are present, `to` takes precedence. */
function recipientProblems({ to, recipient, recipient_type }: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const group = recipient_type === "group";
  if (to === undefined && (group || recipient === undefined)) {
    const message = group ? "is missing; it must be the group id" : "is missing; for a user id, use recipient";
    problems.push({ path: "to", message, reason: "missing" });
  }
  if (typeof to === "string" && !(group ? to !== "" : isPhoneNumber(to))) {
    const expected = group ? "a group id" : "a phone number such as +16505551234";
    const message = USER_ID.test(to)
      ? "must not be a user id; use recipient"
      : `must be ${expected}, not ${formatValue(to)}`;
    problems.push({ path: "to", message, reason: "invalid" });
  }
  if (typeof recipient === "string" && !USER_ID.test(recipient)) {
    const message = `must be a user id such as US.13491208655302741918, not ${formatValue(recipient)}`;
    problems.push({ path: "recipient", message, reason: "invalid" });
  }
  return problems;
}

/** Allows `+`, `-`, parentheses and spaces between the digits; E.164 allows at most 15 digits. */
function isPhoneNumber(to: string): boolean {
  return /^[+\d\s()-]+$/.test(to) && /^\d{5,15}$/.test(to.replaceAll(/\D/g, ""));
}
