/** `message_template_status_update`: the status of a template changed, for example to approved, rejected or paused. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { formatDay, joinParts, optional, lookUp } from "../shapes/summary.ts";
import { template, templateKeys, templateName } from "../shapes/template.ts";

const MEANINGS = {
  ARCHIVED: "archived because it was unused; it will be deleted unless it is unarchived",
  DISABLED: "cannot be sent",
  FLAGGED: "recipients have blocked or reported it; it will be disabled unless its quality improves",
  IN_APPEAL: "appeal in progress",
  LIMIT_EXCEEDED: "the account has reached its template limit",
  LOCKED: "cannot be edited",
  PAUSED: "cannot be sent for now because recipients have blocked or reported it",
  PENDING: "review in progress",
  REINSTATED: "can be sent again",
  REJECTED: "cannot be sent",
  UNARCHIVED: "no longer archived",
};

const FIXES = {
  ARCHIVED: "unarchive the template in WhatsApp Manager to keep it",
  DISABLED: "edit the template, or appeal in WhatsApp Manager",
  FLAGGED: "improve the template, or send it to fewer recipients",
  LIMIT_EXCEEDED: "delete unused templates",
  PAUSED: "edit the template, or wait for the pause to end",
  REJECTED: "edit the template, or appeal in WhatsApp Manager",
};

const none = { ...template, reason: "NONE" };

export const messageTemplateStatusUpdate = defineField("message_template_status_update", () => ({
  schema: z.looseObject({
    event: z.string(),
    ...templateKeys,
    reason: optional,
    disable_info: z.looseObject({ disable_date: optional }).nullish(),
    other_info: z.looseObject({ title: optional, description: optional }).nullish(),
    rejection_info: z.looseObject({ reason: optional, recommendation: optional }).nullish(),
  }),
  examples: {
    default: { event: "APPROVED", ...none, message_template_category: "UTILITY" },
    rejected: {
      event: "REJECTED",
      ...template,
      reason: "INVALID_FORMAT",
      message_template_category: "UTILITY",
      rejection_info: {
        reason: "The body ends with a variable.",
        recommendation: "Add text after the last variable.",
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
      other_info: {
        title: "RATE_LIMITING_PAUSE",
        description: "Paused until recipients have reacted to the messages already sent.",
      },
    },
    unpaused: {
      event: "APPROVED",
      ...none,
      other_info: { title: "UNPAUSE", description: "The pause has ended." },
    },
    archived: { event: "ARCHIVED", ...none },
    // Known from one source.
    unarchived: { event: "UNARCHIVED", ...none },
    deleted: { event: "DELETED", ...none },
    disabled: {
      event: "DISABLED",
      ...none,
      disable_info: { disable_date: 1_785_499_200 },
      other_info: { title: "DISABLED", description: "Too many recipients blocked or reported the template." },
    },
    flagged: { event: "FLAGGED", ...none, disable_info: { disable_date: 1_785_672_000 } },
    "in-appeal": { event: "IN_APPEAL", ...none },
    "limit-exceeded": { event: "LIMIT_EXCEEDED", ...none },
    locked: {
      event: "LOCKED",
      ...none,
      other_info: { title: "DISABLED", description: "Locked while the template is disabled." },
    },
    pending: { event: "PENDING", ...none },
    "pending-deletion": { event: "PENDING_DELETION", ...template, reason: null },
    reinstated: { event: "REINSTATED", ...none },
  },
  summary: ({ event, reason, disable_info, other_info, rejection_info, ...value }) => {
    const date = formatDay(disable_info?.disable_date);
    return joinParts(
      event,
      templateName(value),
      reason === "NONE" ? undefined : reason,
      other_info?.title,
      date === undefined ? undefined : `disable date ${date}`,
      rejection_info?.reason || other_info?.description || lookUp(MEANINGS, event),
    );
  },
  fix: ({ event, rejection_info }) => rejection_info?.recommendation || lookUp(FIXES, event),
}));
