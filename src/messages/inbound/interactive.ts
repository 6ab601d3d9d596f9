/** An answer to an interactive message: which button, which row of a list. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { quote } from "../parts.ts";

const choice = z.looseObject({ id: z.string(), title: z.string() });
const context = { from: "15550783881", id: "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA" };

export const interactive = defineKind("interactive", {
  schema: z.looseObject({
    interactive: z.looseObject({
      type: z.string(),
      button_reply: choice.optional(),
      list_reply: choice.optional(),
    }),
  }),
  examples: {
    "button-reply": {
      context,
      interactive: { type: "button_reply", button_reply: { id: "change-booking", title: "Change" } },
    },
    "list-reply": {
      context,
      interactive: {
        type: "list_reply",
        list_reply: { id: "express", title: "Express", description: "Next day · 9,50 €" },
      },
    },
  },
  summary: ({ interactive: { type, button_reply, list_reply } }) => {
    const chosen = button_reply ?? list_reply;
    return chosen === undefined ? type : `${type} ${quote(chosen.title)} (${chosen.id})`;
  },
});
