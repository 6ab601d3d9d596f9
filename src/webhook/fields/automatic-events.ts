/** `automatic_events`: in a conversation that began with an ad, Meta saw a lead or a purchase. */
import * as z from "zod";

import { wordAt } from "../../json.ts";
import { word } from "../../messages/parts.ts";
import { CUSTOMER } from "../shapes/envelope.ts";
import { defineItems, identity, keyOf } from "../shapes/items.ts";
import { line, maybe } from "../shapes/wording.ts";
import { wamid } from "../wamid.ts";

const at = { timestamp: 1_785_499_200, ctwa_clid: "ARTestClickId0123456789" };

export const automaticEvents = defineItems(
  "automatic_events",
  () => ({
    schema: z.looseObject({
      event_name: word,
      custom_data: z.looseObject({ currency: maybe, value: maybe }).nullish(),
    }),
    examples: {
      lead: { id: wamid(CUSTOMER, "a message that is a lead"), event_name: "LeadSubmitted", ...at },
      purchase: {
        id: wamid(CUSTOMER, "a message that is a purchase"),
        event_name: "Purchase",
        ...at,
        custom_data: { currency: "EUR", value: 49_900 },
      },
    },
    summary: ({ event_name, custom_data }) => line(event_name, price(custom_data?.value, custom_data?.currency)),
  }),
  "automatic_events",
  {
    identify: (item) => {
      const [id, name, at] = ["id", "event_name", "timestamp"].map((key) => wordAt(item, key));
      return identity({ id, at, key: keyOf("automatic event", id, name, at) });
    },
  },
);

/** Meta counts in thousandths: 49900 is 49.9. */
function price(value: string | null | undefined, currency: string | null | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const amount = Number(value) / 1000;
  return `${Number.isNaN(amount) ? value : amount} ${currency ?? ""}`.trim();
}
