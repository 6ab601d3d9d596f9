/** The recipient played the voice message for the first time. */
import { defineStatus } from "./status.ts";

export const played = defineStatus("played", {
  default: {},
  "user-id": { recipient_user_id: "US.10020030040050060070" },
});
