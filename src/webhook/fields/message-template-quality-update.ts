/** `message_template_quality_update`: the quality score of a template changed, based on the reactions of recipients. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";
import { template, templateKeys, templateName } from "../shapes/template.ts";

const MEANINGS = {
  GREEN: "high quality",
  YELLOW: "medium quality: recipients have blocked or reported the template",
  RED: "low quality: the template can be paused at any time",
  UNKNOWN: "not enough recipients for a score",
};

const FIXES = {
  YELLOW: "improve the template before it is paused",
  RED: "improve the template, or send another one",
};

export const messageTemplateQualityUpdate = defineField("message_template_quality_update", () => ({
  schema: z.looseObject({ ...templateKeys, previous_quality_score: optional, new_quality_score: scalar }),
  examples: {
    default: { previous_quality_score: "GREEN", new_quality_score: "YELLOW", ...template },
    red: { previous_quality_score: "YELLOW", new_quality_score: "RED", ...template },
    green: { previous_quality_score: "UNKNOWN", new_quality_score: "GREEN", ...template },
    unknown: { previous_quality_score: "GREEN", new_quality_score: "UNKNOWN", ...template },
  },
  summary: ({ previous_quality_score, new_quality_score, ...value }) =>
    joinParts(
      templateName(value),
      [previous_quality_score, new_quality_score].filter(Boolean).join(" → "),
      lookUp(MEANINGS, new_quality_score),
    ),
  fix: ({ new_quality_score }) => lookUp(FIXES, new_quality_score),
}));
