/** `template_category_update`: Meta changed the category of a template, or will change it within a day. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { formatDay, joinParts, optional } from "../shapes/summary.ts";
import { template, templateKeys, templateName } from "../shapes/template.ts";

export const templateCategoryUpdate = defineField("template_category_update", () => ({
  schema: z.looseObject({
    ...templateKeys,
    previous_category: optional,
    // Before the change, this is the current category of the template.
    new_category: optional,
    correct_category: optional,
    category_update_timestamp: optional,
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
    const date = formatDay(category_update_timestamp);
    return correct_category
      ? joinParts(
          templateName(value),
          `${new_category ?? "?"} → ${correct_category}`,
          date === undefined ? "category will change soon" : `category will change on ${date}`,
        )
      : joinParts(templateName(value), `${previous_category ?? "?"} → ${new_category ?? "?"}`, "category changed");
  },
  fix: ({ correct_category }) =>
    correct_category ? "request a review in WhatsApp Manager first if the new category is wrong" : undefined,
}));
