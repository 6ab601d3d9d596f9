/** `payment_configuration_update`: the status of a payment configuration changed. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  Active: "customers can pay with this configuration",
  "Needs Connecting": "not linked to the payment provider",
  "Needs Testing": "not tested yet",
};

const FIXES = {
  "Needs Connecting": "connect the payment provider in WhatsApp Manager",
  "Needs Testing": "send a test payment",
};

const configuration = {
  configuration_name: "garden-shop",
  provider_name: "examplepay",
  provider_mid: "test-merchant-01",
  created_timestamp: 1_785_400_000,
  updated_timestamp: 1_785_499_200,
};

export const paymentConfigurationUpdate = defineField("payment_configuration_update", () => ({
  schema: z.looseObject({
    configuration_name: optional,
    provider_name: optional,
    provider_mid: optional,
    status: scalar,
  }),
  examples: {
    default: { ...configuration, status: "Active" },
    "needs-testing": { ...configuration, status: "Needs Testing" },
    "needs-connecting": { ...configuration, status: "Needs Connecting" },
  },
  summary: ({ status, configuration_name, provider_name, provider_mid }) =>
    joinParts(status, configuration_name, provider_name, provider_mid, lookUp(MEANINGS, status)),
  fix: ({ status }) => lookUp(FIXES, status),
}));
