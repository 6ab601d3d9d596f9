/** A text with a button that opens a list of at most ten rows, in sections. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import {
  addProblem,
  checkCount,
  checkUnique,
  count,
  id,
  list as listOf,
  object,
  optionalText,
  text,
} from "../limits.ts";
import { body, footer, header, interactive } from "../parts.ts";

const row = object({ id: id(200), title: text(24), description: optionalText(72) });
const section = object({ title: text(24).optional(), rows: listOf(row, { max: 10, noun: "row" }) });

/** Requires a title for each of several sections; product lists have the same rule. */
export function checkTitles(context: z.core.$RefinementCtx, sections: readonly { title?: string | undefined }[]): void {
  if (sections.length < 2) return;
  for (const [at, { title }] of sections.entries()) {
    if (title !== undefined) continue;
    addProblem(context, "is missing; each of several sections must have a title", {
      at: [at, "title"],
      reason: "missing",
    });
  }
}

const sections = listOf(section, { max: 10, noun: "section" }).superRefine((all, context) => {
  const rows = all.flatMap((each, at) =>
    each.rows.map((inner, index) => ({ value: inner.id, at: [at, "rows", index, "id"] })),
  );
  // Too many rows in one section are reported for that section.
  if (all.every((each) => each.rows.length <= 10)) checkCount(context, rows.length, { max: 10, noun: "row" });
  checkUnique(context, rows, "each row");
  checkTitles(context, all);
});

export const list = defineOutbound("list", {
  schema: interactive("list", {
    header: header("text").optional(),
    body: body(4096),
    footer: footer.optional(),
    action: object({ button: text(20), sections }),
  }),
  examples: {
    default: {
      interactive: {
        type: "list",
        header: { type: "text", text: "Delivery" },
        body: { text: "How shall we send your parcel?" },
        footer: { text: "Prices include tax" },
        action: {
          button: "Choose",
          sections: [
            {
              title: "To your door",
              rows: [
                { id: "standard", title: "Standard", description: "2 to 3 days · 4,50 €" },
                { id: "express", title: "Express", description: "Next day · 9,50 €" },
              ],
            },
            { title: "Collect it", rows: [{ id: "shop", title: "At the shop" }] },
          ],
        },
      },
    },
    short: {
      interactive: {
        type: "list",
        body: { text: "Which day suits you?" },
        action: { button: "Days", sections: [{ rows: [{ id: "monday", title: "Monday" }] }] },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) => {
    const rows = action.sections.reduce((sum, each) => sum + each.rows.length, 0);
    return `${quote(content.text)} [${action.button}] ${count(rows, "row")}`;
  },
});
