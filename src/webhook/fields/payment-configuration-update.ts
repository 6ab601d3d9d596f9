/** `payment_configuration_update`: a way to be paid was connected, or has to be. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  Active: "customers can pay with it",
  "Needs Connecting": "it is not linked to the payment provider: connect it in WhatsApp Manager",
  "Needs Testing": "send a test payment, and it is ready",
};

const configuration = {
  configuration_name: "garden-shop",
  provider_name: "examplepay",
  provider_mid: "test-merchant-01",
  created_timestamp: 1_785_400_000,
  updated_timestamp: 1_785_499_200,
};

export const paymentConfigurationUpdate = defineField("payment_configuration_update", () => ({
  schema: z.looseObject({ configuration_name: maybe, provider_name: maybe, provider_mid: maybe, status: word }),
  examples: {
    default: { ...configuration, status: "Active" },
    "needs-testing": { ...configuration, status: "Needs Testing" },
    "needs-connecting": { ...configuration, status: "Needs Connecting" },
  },
  summary: ({ status, configuration_name, provider_name, provider_mid }) =>
    line(status, configuration_name, provider_name, provider_mid, meaningOf(MEANINGS, status)),
}));
