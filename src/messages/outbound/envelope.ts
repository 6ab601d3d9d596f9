/** The keys of a send request around the message: recipient, context, callback data. Source: Meta, Cloud API, Messages. */
import * as z from "zod";

import type { JsonObject } from "../../json.ts";
import { formatValue, type Problem } from "../kind.ts";
import { check } from "./kind.ts";
import { addProblem, nonEmpty, object, oneOf, refused, text } from "./limits.ts";

/** A business-scoped user id, of one business or of a parent business (`ENT`). */
export const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** The keys of `/marketing_messages`, which accepts templates only. */
const marketing = {
  ttl: z.int().optional(),
  product_policy: oneOf(["CLOUD_API_FALLBACK", "STRICT"]).optional(),
  message_activity_sharing: z.boolean().optional(),
};

const templatesOnly = refused("is supported for templates only");
const noMarketing = {
  ttl: templatesOnly,
  product_policy: templatesOnly,
  message_activity_sharing: templatesOnly,
};

const shape = {
  messaging_product: z.literal("whatsapp"),
  recipient_type: oneOf(["individual", "group"]).optional(),
  // Numbers are accepted as JSON numbers, too.
  to: z.union([z.string(), z.int()]).optional(),
  recipient: z.string().optional(),
  recipient_identity_key_hash: nonEmpty.optional(),
  type: z.string().optional(),
  context: object({ message_id: nonEmpty }).optional(),
  biz_opaque_callback_data: text(512).optional(),
};

/** How long Meta tries to deliver a message of Direct Send, in seconds. */
const TTL = { min: 30, max: { utility: 43_200, authentication: 900 } };

/** Direct Send (beta since July 2026): text and interactive messages outside the 24-hour window, without a template. */
const direct = object({
  ...shape,
  ...noMarketing,
  category: oneOf(["utility", "authentication"]).optional(),
  ttl_seconds: z.int().optional(),
}).superRefine(({ category, ttl_seconds: seconds }, context) => {
  if (seconds === undefined) return;
  const max = category?.toLowerCase() === "authentication" ? TTL.max.authentication : TTL.max.utility;
  if (seconds >= TTL.min && seconds <= max) return;
  addProblem(context, `must be from ${TTL.min} to ${max}, not ${seconds}`, { at: ["ttl_seconds"] });
});

const template = object({ ...shape, ...marketing, category: nonEmpty.optional() });
const other = object({ ...shape, ...noMarketing });

/** Which additional keys a message may have. */
export type EnvelopeOf = "direct" | "template" | "other";

const envelopes: Readonly<Record<EnvelopeOf, z.ZodType>> = { direct, template, other };

/** Checks a request from which the message itself was removed. */
export function checkEnvelope(request: JsonObject, of: EnvelopeOf): { problems: Problem[]; unknown: Problem[] } {
  const { problems, unknown } = check(envelopes[of], request);
  return { problems: [...problems, ...recipientProblems(request)], unknown };
}

/** One of `to` and `recipient` is required; when both are present, `to` takes precedence. */
function recipientProblems({ to, recipient, recipient_type }: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const type = typeof recipient_type === "string" ? recipient_type.toLowerCase() : "individual";
  const group = type === "group";
  if (to === undefined && (group || recipient === undefined)) {
    const message = group ? "is missing; it must be the group id" : "is missing; for a user id, use recipient";
    problems.push({ path: "to", message, reason: "missing" });
  }
  const given = typeof to === "number" ? String(to) : to;
  // What identifies a recipient of an unknown type is unknown, too.
  const valid = (id: string) =>
    type === "individual" ? isPhoneNumber(id) : id !== "" && !(group && id.startsWith("+"));
  if (typeof given === "string" && !valid(given)) {
    const expected = type === "individual" ? "a phone number such as +16505551234" : `a ${type} id`;
    const message = USER_ID.test(given)
      ? "must not be a user id; use recipient"
      : `must be ${expected}, not ${formatValue(given)}`;
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
