/** `template_category_update`: Meta will charge a template as another category in a day, or does so now. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { template, templateKeys, templateName } from "../shapes/templates.ts";
import { day, line, maybe } from "../shapes/wording.ts";

export const templateCategoryUpdate = defineField("template_category_update", () => ({
  schema: z.looseObject({
    ...templateKeys,
    previous_category: maybe,
    // While the change is to come, this is the category that the template has.
    new_category: maybe,
    correct_category: maybe,
    category_update_timestamp: maybe,
  }),
  examples: {
    default: { ...template, previous_category: "UTILITY", new_category: "MARKETING" },
    impending: {
      ...template,
      new_category: "UTILITY",
      correct_category: "MARKETING",
      category_update_timestamp: 1_785_585_600,
    },
  },
  summary: ({ previous_category, new_category, correct_category, category_update_timestamp, ...value }) => {
    const date = day(category_update_timestamp);
    return correct_category
      ? line(
          templateName(value),
          `${new_category ?? "?"} → ${correct_category}`,
          date === undefined ? "soon" : `on ${date}`,
          "ask for a review before, if that is wrong",
        )
      : line(templateName(value), `${previous_category ?? "?"} → ${new_category ?? "?"}`, "priced so from now on");
  },
}));
