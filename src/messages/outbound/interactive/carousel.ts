/** Two to ten cards: each with an image or video and the same type of buttons, or each a product of one catalog. */
import * as z from "zod";

import { formatValue } from "../../kind.ts";
import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { addProblem, byType, checkUnique, count, id, list, object, oneOf, text, validate } from "../limits.ts";
import { body, header, interactive } from "../parts.ts";
import { urlButton } from "./cta-url.ts";

const quickReply = byType({ quick_reply: { quick_reply: object({ id: id(256), title: text(20) }) } });

const action = z
  .strictObject({
    name: z.literal("cta_url").optional(),
    parameters: urlButton.optional(),
    buttons: list(quickReply, { max: 3, noun: "button" }).optional(),
  })
  .superRefine(({ name, parameters, buttons }, context) => {
    if (buttons !== undefined) {
      const extra = name === undefined ? "parameters" : "name";
      if ((name ?? parameters) !== undefined) addProblem(context, "cannot be combined with buttons", { at: [extra] });
    } else if (name === undefined && parameters === undefined) {
      addProblem(context, "must have buttons, or name cta_url with parameters", { reason: "missing" });
    } else if (name === undefined || parameters === undefined) {
      addProblem(context, "is missing", { at: [name === undefined ? "name" : "parameters"], reason: "missing" });
    }
  });

const index = z.int().superRefine((value, context) => {
  if (value < 0 || value > 9) addProblem(context, `must be from 0 to 9, not ${formatValue(value)}`);
});

const card = object({
  card_index: index,
  // Meta's example has it on every card.
  type: oneOf(["cta_url", "product", "button", "quick_reply"]).optional(),
  header: header("image", "video"),
  body: body(160).optional(),
  action,
});

const product = object({
  card_index: index,
  type: z.literal("product"),
  action: object({ catalog_id: id(), product_retailer_id: id() }),
});

const buttonCards = listOfCards(card).superRefine((all, context) => {
  for (const [at, each] of all.entries()) {
    if (each.action.buttons?.length === all[0]?.action.buttons?.length) continue;
    addProblem(context, "must have buttons of the same type and number as the first card", {
      at: [at, "action"],
    });
  }
});

const productCards = listOfCards(product).superRefine((all, context) => {
  for (const [at, each] of all.entries()) {
    if (each.action.catalog_id === all[0]?.action.catalog_id) continue;
    addProblem(context, "must be the same as on the first card", {
      at: [at, "action", "catalog_id"],
    });
  }
});

function listOfCards<Card extends z.ZodType<{ card_index: number }>>(each: Card): z.ZodArray<Card> {
  return list(each, { min: 2, max: 10, noun: "card" }).superRefine((all, context) => {
    const found = all.map(({ card_index: value }, at) => ({ value, at: [at, "card_index"] }));
    checkUnique(context, found, "each card");
  });
}

/** The first card determines the type of all cards. */
const cards = z.array(z.unknown()).superRefine(([first], context) => {
  const products = typeof first === "object" && first !== null && "type" in first && first.type === "product";
  // The whole list is validated, so that the paths of its issues are those of the list.
  validate(context, products ? productCards : buttonCards, context.value);
});

export const carousel = defineOutbound("carousel", {
  schema: interactive("carousel", { body: body(), action: object({ cards }) }),
  examples: {
    default: {
      interactive: {
        type: "carousel",
        body: { text: "Three bikes that are free this weekend:" },
        action: {
          cards: ["city", "trekking", "cargo"].map((bike, card_index) => ({
            card_index,
            type: "cta_url",
            header: { type: "image", image: { link: `https://example.com/pictures/${bike}.png` } },
            body: { text: `Our ${bike} bike` },
            action: {
              name: "cta_url",
              parameters: { display_text: "Book it", url: `https://example.com/bikes/${bike}` },
            },
          })),
        },
      },
    },
    products: {
      interactive: {
        type: "carousel",
        body: { text: "Two parts that fit your door:" },
        action: {
          cards: ["hinge-blue", "hinge-red"].map((product_retailer_id, card_index) => ({
            card_index,
            type: "product",
            action: { catalog_id: "194836987003835", product_retailer_id },
          })),
        },
      },
    },
    replies: {
      interactive: {
        type: "carousel",
        body: { text: "Which one shall we keep for you?" },
        action: {
          cards: ["city", "cargo"].map((bike, card_index) => ({
            card_index,
            header: { type: "video", video: { link: `https://example.com/videos/${bike}.mp4` } },
            action: {
              buttons: [
                { type: "quick_reply", quick_reply: { id: `keep-${bike}`, title: "Keep it" } },
                { type: "quick_reply", quick_reply: { id: `more-${bike}`, title: "Tell me more" } },
              ],
            },
          })),
        },
      },
    },
  },
  summary: ({
    interactive: {
      body: content,
      action: { cards: all },
    },
  }) => `${quote(content.text)} ${count(all.length, "card")}`,
});
