/** The message reached the recipient's device. */
import { charged, defineStatus, member } from "./status.ts";

export const delivered = defineStatus("delivered", {
  default: { pricing: charged },
  // Only one of `delivered` and `read` includes the price.
  bare: {},
  // Until 2026: no `contacts` and no user ids.
  older: { customer: { userId: false }, pricing: charged },
  "user-id": { customer: { number: false }, pricing: charged },
  // One delivery has a status for each participant who has received the message.
  group: [member("16505551234", "US.10020030040050060070"), member("16505555678")],
});
