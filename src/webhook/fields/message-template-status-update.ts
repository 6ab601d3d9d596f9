/** `message_template_status_update`: a template was approved, rejected, paused, disabled, deleted. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { template, templateKeys, templateName } from "../shapes/templates.ts";
import { day, line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  ARCHIVED: "nobody used it: it will be deleted unless it is unarchived",
  DISABLED: "it can no longer be sent: edit it, or appeal",
  FLAGGED: "people complain about it: it will be disabled unless that changes",
  IN_APPEAL: "the decision is being looked at again",
  LIMIT_EXCEEDED: "the account has as many templates as it may have: delete some",
  LOCKED: "it cannot be edited",
  PAUSED: "it cannot be sent for a while, because people complain about it",
  PENDING: "it is being reviewed",
  REINSTATED: "it can be sent again",
  REJECTED: "it cannot be sent: edit it, or appeal",
  UNARCHIVED: "it is no longer archived",
};

const none = { ...template, reason: "NONE" };

export const messageTemplateStatusUpdate = defineField("message_template_status_update", () => ({
  schema: z.looseObject({
    event: z.string(),
    ...templateKeys,
    reason: maybe,
    disable_info: z.looseObject({ disable_date: maybe }).nullish(),
    other_info: z.looseObject({ title: maybe, description: maybe }).nullish(),
    rejection_info: z.looseObject({ reason: maybe, recommendation: maybe }).nullish(),
  }),
  examples: {
    default: { event: "APPROVED", ...none, message_template_category: "UTILITY" },
    rejected: {
      event: "REJECTED",
      ...template,
      reason: "INVALID_FORMAT",
      message_template_category: "UTILITY",
      rejection_info: {
        reason: "A variable stands at the very end of the body.",
        recommendation: "Write some words after the last variable.",
      },
    },
    "rejected-category": { event: "REJECTED", ...template, reason: "INCORRECT_CATEGORY" },
    "rejected-abusive": { event: "REJECTED", ...template, reason: "ABUSIVE_CONTENT" },
    paused: {
      event: "PAUSED",
      ...template,
      reason: null,
      other_info: { title: "FIRST_PAUSE", description: "Paused for 3 hours because of low quality." },
    },
    "paused-rate": {
      event: "PAUSED",
      ...none,
      other_info: { title: "RATE_LIMITING_PAUSE", description: "Paused until people have reacted to what was sent." },
    },
    unpaused: {
      event: "APPROVED",
      ...none,
      other_info: { title: "UNPAUSE", description: "The pause is over." },
    },
    archived: { event: "ARCHIVED", ...none },
    // Known from one source.
    unarchived: { event: "UNARCHIVED", ...none },
    deleted: { event: "DELETED", ...none },
    disabled: {
      event: "DISABLED",
      ...none,
      disable_info: { disable_date: 1_785_499_200 },
      other_info: { title: "DISABLED", description: "Too many people complained." },
    },
    flagged: { event: "FLAGGED", ...none, disable_info: { disable_date: 1_785_672_000 } },
    "in-appeal": { event: "IN_APPEAL", ...none },
    "limit-exceeded": { event: "LIMIT_EXCEEDED", ...none },
    locked: {
      event: "LOCKED",
      ...none,
      other_info: { title: "DISABLED", description: "Locked while it is disabled." },
    },
    pending: { event: "PENDING", ...none },
    "pending-deletion": { event: "PENDING_DELETION", ...template, reason: null },
    reinstated: { event: "REINSTATED", ...none },
  },
  summary: ({ event, reason, disable_info, other_info, rejection_info, ...value }) => {
    const date = day(disable_info?.disable_date);
    return line(
      event,
      templateName(value),
      reason === "NONE" ? undefined : reason,
      other_info?.title,
      date === undefined ? undefined : `disabled on ${date}`,
      [rejection_info?.reason, rejection_info?.recommendation].filter(Boolean).join(" ") ||
        other_info?.description ||
        meaningOf(MEANINGS, event),
    );
  },
}));
