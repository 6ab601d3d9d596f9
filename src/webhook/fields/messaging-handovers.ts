/** `messaging_handovers`: a conversation is yours to answer now, or no longer. Its `value` has no `metadata`. */
import * as z from "zod";

import { asItem, type Item, wordAt } from "../../json.ts";
import { quote, word } from "../../messages/parts.ts";
import { BUSINESS, CUSTOMER } from "../shapes/envelope.ts";
import { defineField, lazily } from "../shapes/field.ts";
import { identity, keyOf } from "../shapes/items.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  control_passed: "yours to answer from now on",
  control_taken: "somebody else answers from now on: do not",
};

const owners = lazily(() =>
  z
    .looseObject({
      previous_owner_role: maybe,
      previous_owner_app_role: maybe,
      previous_owner_app_id: maybe,
      new_owner_role: maybe,
      new_owner_app_id: maybe,
      metadata: maybe,
      conversation_context: z.looseObject({ summary: z.looseObject({ text: maybe }).nullish() }).nullish(),
    })
    .nullish(),
);

const people = { sender: { phone_number: CUSTOMER }, recipient: BUSINESS };

export const messagingHandovers = defineField(
  "messaging_handovers",
  () => ({
    schema: z.looseObject({
      type: word,
      sender: z.looseObject({ phone_number: maybe }).nullish(),
      control_passed: owners(),
      control_taken: owners(),
    }),
    examples: {
      // As one developer measured it; the others are known from one client library, which quotes Meta's page.
      default: {
        type: "control_passed",
        ...people,
        control_passed: { previous_owner_app_role: "meta_business_agent" },
      },
      summarised: {
        messaging_product: "whatsapp",
        ...people,
        type: "control_passed",
        timestamp: "1785499200",
        control_passed: {
          previous_owner_role: "ai_agent",
          new_owner_role: "customer_service",
          metadata: "wants a person",
          conversation_context: { type: "summary", summary: { text: "A delivery came with a broken pot." } },
        },
      },
      taken: {
        messaging_product: "whatsapp",
        ...people,
        type: "control_taken",
        timestamp: "1785499260",
        control_taken: { previous_owner_role: "customer_service", new_owner_role: "escalation" },
      },
    },
    summary: ({ type, control_passed, control_taken }) => {
      const owners = control_passed ?? control_taken;
      const before = owners?.previous_owner_role ?? owners?.previous_owner_app_role ?? owners?.previous_owner_app_id;
      const text = owners?.conversation_context?.summary?.text;
      return line(
        type,
        [before, owners?.new_owner_role ?? owners?.new_owner_app_id].filter(Boolean).join(" → "),
        meaningOf(MEANINGS, type),
        owners?.metadata ? quote(owners.metadata) : undefined,
        text ? quote(text) : undefined,
      );
    },
  }),
  { timed: false, source: "others", identify },
);

function identify(value: Item) {
  const from = wordAt(asItem(value["sender"]), "phone_number");
  const [at, type] = ["timestamp", "type"].map((key) => wordAt(value, key));
  return identity({ from, at, key: keyOf("handover", type, from, at) });
}
