/** A text with one to three reply buttons. */
import type * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { byType, checkUnique, id, list, object, text } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

const reply = byType({ reply: { reply: object({ id: id(256), title: text(20) }) } }) as z.ZodType<{
  type: string;
  /** Absent from a button of a type that this version does not know. */
  reply?: { id: string | number; title: string };
}>;

const buttons = list(reply, { max: 3, noun: "button" }).superRefine((all, context) => {
  for (const key of ["id", "title"] as const) {
    const found = all.map((each, at) => ({ value: each.reply?.[key] ?? at, at: [at, "reply", key] }));
    checkUnique(context, found, "each button");
  }
});

export const button = defineOutbound("button", {
  schema: interactive("button", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({ buttons }),
  }),
  examples: {
    default: {
      interactive: {
        type: "button",
        body: { text: "Shall we keep your table for 19:30?" },
        action: {
          buttons: [
            { type: "reply", reply: { id: "keep-booking", title: "Keep it" } },
            { type: "reply", reply: { id: "change-booking", title: "Change" } },
            { type: "reply", reply: { id: "cancel-booking", title: "Cancel" } },
          ],
        },
      },
    },
    header: {
      interactive: {
        type: "button",
        header: { type: "image", image: { id: "1003383421387256" } },
        body: { text: "Is this the part that is broken?" },
        footer: { text: "Example Ltd, repairs" },
        action: { buttons: [{ type: "reply", reply: { id: "part-yes", title: "Yes, that one" } }] },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) =>
    [quote(content.text), action.buttons.map(({ type, reply: inner }) => `[${inner?.title ?? type}]`).join(" ")].join(
      " ",
    ),
});
