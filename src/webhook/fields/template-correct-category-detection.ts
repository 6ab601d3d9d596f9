/** `template_correct_category_detection`: something was sent in the wrong category. Known from one client library. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { template, templateKeys, templateName } from "../shapes/templates.ts";
import { line, maybe } from "../shapes/wording.ts";

export const templateCorrectCategoryDetection = defineField(
  "template_correct_category_detection",
  () => ({
    schema: z.looseObject({ ...templateKeys, category: maybe, correct_category: maybe }),
    examples: { default: { ...template, category: "UTILITY", correct_category: "MARKETING" } },
    summary: ({ category, correct_category, ...value }) =>
      line(
        templateName(value),
        category ? `sent as ${category}` : undefined,
        correct_category ? `is ${correct_category} to Meta` : undefined,
      ),
  }),
  { source: "others" },
);
