/** `message_template_quality_update`: what people think of a template, by how they react to it. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { template, templateKeys, templateName } from "../shapes/templates.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  GREEN: "people like it, or at least do not complain",
  YELLOW: "people complain about it: at RED it can be paused",
  RED: "many people complain about it: it can be paused at any time",
  UNKNOWN: "too few have had it to say",
};

export const messageTemplateQualityUpdate = defineField("message_template_quality_update", () => ({
  schema: z.looseObject({ ...templateKeys, previous_quality_score: maybe, new_quality_score: word }),
  examples: {
    default: { previous_quality_score: "GREEN", new_quality_score: "YELLOW", ...template },
    red: { previous_quality_score: "YELLOW", new_quality_score: "RED", ...template },
    green: { previous_quality_score: "UNKNOWN", new_quality_score: "GREEN", ...template },
    unknown: { previous_quality_score: "GREEN", new_quality_score: "UNKNOWN", ...template },
  },
  summary: ({ previous_quality_score, new_quality_score, ...value }) =>
    line(
      templateName(value),
      [previous_quality_score, new_quality_score].filter(Boolean).join(" → "),
      meaningOf(MEANINGS, new_quality_score),
    ),
}));
