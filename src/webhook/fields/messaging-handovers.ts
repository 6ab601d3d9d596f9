/** `messaging_handovers`: control of a conversation passed to or from this app. Its `value` has no `metadata`. */
import * as z from "zod";

import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { quote, scalar } from "../../messages/parts.ts";
import { BUSINESS, CUSTOMER } from "../shapes/examples.ts";
import { defineField, lazily } from "../shapes/field.ts";
import { identity, keyOf } from "../shapes/identity.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  control_passed: "this app now controls the conversation",
  control_taken: "another app now controls the conversation",
};

const owners = lazily(() =>
  z
    .looseObject({
      previous_owner_role: optional,
      previous_owner_app_role: optional,
      previous_owner_app_id: optional,
      new_owner_role: optional,
      new_owner_app_id: optional,
      metadata: optional,
      conversation_context: z.looseObject({ summary: z.looseObject({ text: optional }).nullish() }).nullish(),
    })
    .nullish(),
);

const people = { sender: { phone_number: CUSTOMER }, recipient: BUSINESS };

export const messagingHandovers = defineField(
  "messaging_handovers",
  () => ({
    schema: z.looseObject({
      type: scalar,
      sender: z.looseObject({ phone_number: optional }).nullish(),
      control_passed: owners(),
      control_taken: owners(),
    }),
    examples: {
      // A capture by one developer; the others are from a client library that quotes Meta's page.
      default: {
        type: "control_passed",
        ...people,
        control_passed: { previous_owner_app_role: "meta_business_agent" },
      },
      summarized: {
        messaging_product: "whatsapp",
        ...people,
        type: "control_passed",
        timestamp: "1785499200",
        control_passed: {
          previous_owner_role: "ai_agent",
          new_owner_role: "customer_service",
          metadata: "asks for a person",
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
      return joinParts(
        type,
        [before, owners?.new_owner_role ?? owners?.new_owner_app_id].filter(Boolean).join(" → "),
        lookUp(MEANINGS, type),
        owners?.metadata ? quote(owners.metadata) : undefined,
        text ? quote(text) : undefined,
      );
    },
  }),
  { timed: false, source: "others", identify },
);

function identify(value: JsonObject) {
  const from = stringAt(asJsonObject(value["sender"]), "phone_number");
  const [at, type] = ["timestamp", "type"].map((key) => stringAt(value, key));
  return identity({ from, at, key: keyOf("handover", type, from, at) });
}
