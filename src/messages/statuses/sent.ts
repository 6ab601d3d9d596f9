/** Meta accepted the message and sent it. */
import { charged, defineStatus, member } from "./status.ts";

const conversation = {
  id: "6ceb9d929c9bdc4f90de83fba2e2f9fe",
  expiration_timestamp: "1785585600",
  origin: { type: "utility" },
};

export const sent = defineStatus("sent", {
  default: { pricing: charged },
  bare: {},
  // Always present until v23.0; since v24.0 only in conversations started from an ad or a page button.
  "with-conversation": { conversation, pricing: charged },
  // Until 2026: no `contacts` and no user ids.
  older: { customer: { userId: false }, conversation, pricing: charged },
  "entry-point": {
    conversation: {
      id: "0d7c1b2a3f4e5d6c7b8a9f0e1d2c3b4a",
      expiration_timestamp: "1785758400",
      origin: { type: "referral_conversion" },
    },
    pricing: { billable: false, pricing_model: "PMP", category: "referral_conversion", type: "free_entry_point" },
  },
  free: { pricing: { billable: false, pricing_model: "PMP", category: "service", type: "free_customer_service" } },
  authentication: {
    pricing: { billable: true, pricing_model: "PMP", category: "authentication-international", type: "regular" },
  },
  "legacy-pricing": {
    customer: { userId: false },
    pricing: { billable: true, pricing_model: "CBP", category: "marketing" },
  },
  "unknown-pricing-type": { pricing: { pricing_model: "PMP", category: "service", type: "a_future_type" } },
  tracked: { biz_opaque_callback_data: "order-4711", pricing: charged },
  "parent-user-id": { customer: { parent: true }, pricing: charged },
  "user-id": { customer: { number: false }, pricing: charged },
  "identity-checked": { recipient_identity_key_hash: "DF2lS5v2W6x=", pricing: charged },
  group: {
    ...member("16505551234", "US.10020030040050060070"),
    pricing: { billable: true, pricing_model: "PMP", category: "service", type: "regular" },
  },
});
