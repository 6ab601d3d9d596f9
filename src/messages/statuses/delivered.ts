/** The message is on the recipient's device. */
import { defineStatus } from "./status.ts";

export const delivered = defineStatus("delivered", {
  default: {
    pricing: { billable: true, pricing_model: "PMP", category: "utility", type: "regular" },
  },
});
