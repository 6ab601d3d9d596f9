/** Meta has taken the message and passed it on. */
import { defineStatus } from "./status.ts";

export const sent = defineStatus("sent", {
  default: {
    pricing: { billable: true, pricing_model: "PMP", category: "utility", type: "regular" },
  },
  "with-conversation": {
    conversation: {
      id: "6ceb9d929c9bdc4f90de83fba2e2f9fe",
      expiration_timestamp: "1785585600",
      origin: { type: "utility" },
    },
    pricing: { billable: true, pricing_model: "PMP", category: "utility", type: "regular" },
  },
});
