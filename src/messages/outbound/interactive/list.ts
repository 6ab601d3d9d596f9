/** A text with a button that opens a list to choose from: at most ten rows, in sections. */
import * as z from "zod";

import { defineKind } from "../../kind.ts";
import { quote } from "../../parts.ts";
import { count, list as listOf, report, tellCount, tellRepeated, text } from "../limits.ts";
import { body, footer, header, interactive } from "../parts.ts";

const row = z.strictObject({ id: text(200), title: text(24), description: text(72).optional() });
const section = z.strictObject({ title: text(24).optional(), rows: listOf(row, { max: 10, noun: "row" }) });

/** Several sections can only be told apart by their titles. Also for the sections of a product list. */
export function tellUntitled(
  context: z.core.$RefinementCtx,
  sections: readonly { title?: string | undefined }[],
): void {
  if (sections.length < 2) return;
  for (const [at, { title }] of sections.entries()) {
    if (title !== undefined) continue;
    report(context, "is missing; with several sections each needs a title", { at: [at, "title"], what: "missing" });
  }
}

const sections = listOf(section, { max: 10, noun: "section" }).superRefine((all, context) => {
  const rows = all.flatMap((each, at) =>
    each.rows.map(({ id }, index) => ({ value: id, at: [at, "rows", index, "id"] })),
  );
  // More than ten in one section are told there.
  if (all.every((each) => each.rows.length <= 10)) tellCount(context, rows.length, { max: 10, noun: "row" });
  tellRepeated(context, rows, "each row");
  tellUntitled(context, all);
});

export const list = defineKind("list", {
  schema: interactive("list", {
    header: header("text").optional(),
    body: body(4096),
    footer: footer.optional(),
    action: z.strictObject({ button: text(20), sections }),
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
  summary: ({ interactive: { body: words, action } }) => {
    const rows = action.sections.reduce((sum, each) => sum + each.rows.length, 0);
    return `${quote(words.text)} [${action.button}] ${count(rows, "row")}`;
  },
});
