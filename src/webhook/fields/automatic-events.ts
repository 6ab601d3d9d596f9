/** `automatic_events`: a lead or a purchase that Meta detected in a conversation started from an ad. */
import * as z from "zod";

import { stringAt } from "../../json.ts";
import { scalar } from "../../messages/parts.ts";
import { CUSTOMER } from "../shapes/examples.ts";
import { identity, keyOf } from "../shapes/identity.ts";
import { defineListField } from "../shapes/list-field.ts";
import { joinParts, optional } from "../shapes/summary.ts";
import { wamid } from "../wamid.ts";

const at = { timestamp: 1_785_499_200, ctwa_clid: "ARTestClickId0123456789" };

export const automaticEvents = defineListField(
  "automatic_events",
  () => ({
    schema: z.looseObject({
      event_name: scalar,
      custom_data: z.looseObject({ currency: optional, value: optional }).nullish(),
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
    summary: ({ event_name, custom_data }) => joinParts(event_name, price(custom_data?.value, custom_data?.currency)),
  }),
  "automatic_events",
  {
    identify: (item) => {
      const [id, name, at] = ["id", "event_name", "timestamp"].map((key) => stringAt(item, key));
      return identity({ id, at, key: keyOf("automatic event", id, name, at) });
    },
  },
);

/** Meta gives amounts in thousandths: 49900 is 49.9. */
function price(value: string | null | undefined, currency: string | null | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const amount = Number(value) / 1000;
  return `${Number.isNaN(amount) ? value : amount} ${currency ?? ""}`.trim();
}
