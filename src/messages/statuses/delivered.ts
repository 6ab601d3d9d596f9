/** The message is on the recipient's device. */
import { charged, defineStatus, member } from "./status.ts";

export const delivered = defineStatus("delivered", {
  default: { pricing: charged },
  // The price is in one of `delivered` and `read` only.
  bare: {},
  "user-id": { recipient_user_id: "US.10020030040050060070", pricing: charged },
  // All members whom it reached meanwhile, in one delivery.
  group: [member("16505551234"), member("16505555678")],
});
