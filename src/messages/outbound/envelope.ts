/** What surrounds a message that is sent: to whom, in answer to what, with what note. Source: Meta, Cloud API, Messages. */
import * as z from "zod";

import type { Item } from "../../json.ts";
import { show, toProblems, type Problem } from "../kind.ts";
import { filled, text } from "./limits.ts";

/** A business-scoped user id, of one business or of a group of businesses (`ENT`). */
export const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

const envelope = z.strictObject({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.enum(["individual", "group"]).optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.string().optional(),
  context: z.strictObject({ message_id: filled }).optional(),
  biz_opaque_callback_data: text(512).optional(),
});

/** Templates can also go out by `/marketing_messages`, which has keys of its own. */
const marketing = {
  category: filled.optional(),
  ttl: z.int().optional(),
  message_activity_sharing: z.boolean().optional(),
};
const templateEnvelope = envelope.extend(marketing);

/** Reads a request without the message itself. */
export function envelopeProblems(request: Item, { isTemplate }: { isTemplate: boolean }): Problem[] {
  const parsed = (isTemplate ? templateEnvelope : envelope).safeParse(request, { reportInput: true });
  const problems = parsed.success ? [] : parsed.error.issues.flatMap(toProblems).map(sayWhere);
  return [...problems, ...recipientProblems(request)];
}

function sayWhere(problem: Problem): Problem {
  if (problem.what !== "unknown" || !Object.hasOwn(marketing, problem.place)) return problem;
  return { ...problem, message: "is known for templates only" };
}

/** One of `to` and `recipient` is needed; when both are there, `to` wins. */
function recipientProblems({ to, recipient, recipient_type }: Item): Problem[] {
  const problems: Problem[] = [];
  const group = recipient_type === "group";
  if (to === undefined && (group || recipient === undefined)) {
    const message = group
      ? "is missing; it is the id of the group"
      : "is missing; a user id goes into recipient instead";
    problems.push({ place: "to", message, what: "missing" });
  }
  if (typeof to === "string" && !(group ? to !== "" : isNumber(to))) {
    const expected = group ? "the id of a group" : "a phone number such as +16505551234";
    const message = USER_ID.test(to)
      ? "is a user id, which goes into recipient"
      : `must be ${expected}, not ${show(to)}`;
    problems.push({ place: "to", message, what: "wrong" });
  }
  if (typeof recipient === "string" && !USER_ID.test(recipient)) {
    const message = `must be a user id such as US.13491208655302741918, not ${show(recipient)}`;
    problems.push({ place: "recipient", message, what: "wrong" });
  }
  return problems;
}

/** `+`, `-`, brackets and spaces may stand between the digits; E.164 has at most 15 of those. */
function isNumber(to: string): boolean {
  return /^[+\d\s()-]+$/.test(to) && /^\d{5,15}$/.test(to.replaceAll(/\D/g, ""));
}
