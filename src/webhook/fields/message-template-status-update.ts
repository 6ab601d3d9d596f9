/** `message_template_status_update`: a template was approved, rejected, paused or disabled. */
import * as z from "zod";

import { defineKind } from "../../messages/kind.ts";
import { word } from "../../messages/parts.ts";
import { defineField } from "./field.ts";

const template = {
  message_template_id: 1689556908129832,
  message_template_name: "order_confirmation",
  message_template_language: "en_US",
};

export const messageTemplateStatusUpdate = defineField(
  defineKind("message_template_status_update", {
    schema: z.looseObject({
      event: z.string(),
      message_template_id: word,
      message_template_name: z.string(),
      message_template_language: z.string(),
      reason: z.string().nullish(),
      other_info: z.looseObject({ title: z.string().optional() }).nullish(),
    }),
    examples: {
      default: { event: "APPROVED", ...template, reason: "NONE", message_template_category: "UTILITY" },
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
      paused: {
        event: "PAUSED",
        ...template,
        reason: null,
        other_info: { title: "FIRST_PAUSE", description: "Paused for 3 hours because of low quality." },
      },
    },
    summary: ({ event, message_template_name, message_template_language, reason, other_info }) =>
      [
        event,
        `${message_template_name} (${message_template_language})`,
        reason === "NONE" ? undefined : reason,
        other_info?.title,
      ]
        .filter(Boolean)
        .join(" · "),
  }),
);
