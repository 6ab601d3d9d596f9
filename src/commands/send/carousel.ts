/** `wa-hook send carousel`: sends two to ten cards with images or videos and buttons, or with products of a catalog. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { mediaKindOf } from "../../messages/media-types.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { mediaSource, type SourceOptions } from "../inputs/media-source.ts";
import { body, catalog, interactive, needCatalog, parseChoice } from "./interactive.ts";
import { send, sendExits, sendInputs, type Content } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const CARD = "media|text|label=url, or media|text|reply|reply";

const inputs = z.object({
  body,
  card: input(`--card <media|text|button>`, `A card: ${CARD} (repeatable, 2 to 10)`, z.array(z.string()).default([])),
  product: input("--product <id>", "A card with this product (repeatable, 2 to 10)", z.array(z.string()).default([])),
  catalog,
  ...sendInputs,
});

export const sendCarousel = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send carousel Bikes --card "a.jpg|City|Yes" --card "b.jpg|Cargo|Yes"', "Cards with reply buttons"],
    ["wa-hook send carousel Parts --catalog 1948 --product a --product b", "Cards with products"],
  ],

  async *run(inputs, world) {
    if (inputs.card.length > 0 && inputs.product.length > 0) {
      throw new UsageError("--card and --product cannot be combined", {
        code: "carousel.mixed",
        hint: "use one of them: Meta requires cards of the same type",
      });
    }
    yield* send(inputs, world, async function* (sender) {
      const options = { sender, cwd: world.cwd, dryRun: inputs.dryRun };
      const cards: Content[] = [];
      for (const [at, typed] of inputs.card.entries())
        cards.push({ card_index: at, ...(yield* cardOf(typed, options)) });
      const catalogId = inputs.product.length === 0 ? "" : needCatalog(inputs.catalog);
      for (const [at, product] of inputs.product.entries()) {
        cards.push({
          card_index: at,
          type: "product",
          action: { catalog_id: catalogId, product_retailer_id: product },
        });
      }
      return interactive("carousel", { body: inputs.body }, { cards });
    });
  },

  print: printSend,
});

async function* cardOf(typed: string, options: SourceOptions): AsyncGenerator<SendEvent, Content, void> {
  const [media = "", text = "", ...buttons] = typed.split("|");
  const [button] = buttons;
  if (media === "" || button === undefined) {
    throw new UsageError(`--card must be ${CARD}; got ${JSON.stringify(typed)}`, {
      code: "carousel.card",
      hint: "run wa-hook send carousel --help",
    });
  }
  // A media ID, or a URL without an extension, is an image.
  const kind = mediaKindOf(/\.\w+$/.exec(media)?.[0].toLowerCase() ?? "")?.kind === "video" ? "video" : "image";
  const { object } = yield* mediaSource(media, kind, options);
  const [, label, url] = /^([^=]+)=(https?:\/\/.*)$/is.exec(button) ?? [];
  const action =
    label !== undefined && url !== undefined && buttons.length === 1
      ? { name: "cta_url", parameters: { display_text: label, url } }
      : { buttons: buttons.map((each) => ({ type: "quick_reply", quick_reply: parseChoice(each) })) };
  return {
    ...("name" in action ? { type: "cta_url" } : {}),
    header: { type: kind, [kind]: object },
    ...(text === "" ? {} : { body: { text } }),
    action,
  };
}
