/** `template_correct_category_detection`: a message was sent in the wrong category. Known from one client library. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { joinParts, optional } from "../shapes/summary.ts";
import { template, templateKeys, templateName } from "../shapes/template.ts";

export const templateCorrectCategoryDetection = defineField(
  "template_correct_category_detection",
  () => ({
    schema: z.looseObject({ ...templateKeys, category: optional, correct_category: optional }),
    examples: { default: { ...template, category: "UTILITY", correct_category: "MARKETING" } },
    summary: ({ category, correct_category, ...value }) =>
      joinParts(
        templateName(value),
        category ? `sent as ${category}` : undefined,
        correct_category ? `classified as ${correct_category} by Meta` : undefined,
      ),
  }),
  { source: "others" },
);
