/** The message reached the recipient's device. */
import { charged, defineStatus, member } from "./status.ts";

export const delivered = defineStatus("delivered", {
  default: { pricing: charged },
  // Only one of `delivered` and `read` includes the price.
  bare: {},
  "user-id": { recipient_user_id: "US.10020030040050060070", pricing: charged },
  // One delivery has a status for each participant who has received the message.
  group: [member("16505551234"), member("16505555678")],
});
