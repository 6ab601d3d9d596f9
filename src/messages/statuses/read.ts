/** The recipient read the message; `delivered` may be missing before it. */
import { charged, defineStatus, member } from "./status.ts";

export const read = defineStatus("read", {
  default: {},
  "with-pricing": { pricing: charged },
  older: { customer: { userId: false } },
  "user-id": { customer: { number: false } },
  // Meta's pages spell the key of the participant in two ways.
  group: [
    member("16505551234", "US.10020030040050060070"),
    {
      recipient_id: "Y2FwaV9ncm91cDp0ZXN0LWdyb3VwLTAwMQZD",
      recipient_type: "group",
      participant_recipient_id: "16505555678",
    },
    {
      recipient_id: "Y2FwaV9ncm91cDp0ZXN0LWdyb3VwLTAwMQZD",
      recipient_type: "group",
      recipient_participant_user_id: "US.10020030040050060070",
    },
  ],
});
