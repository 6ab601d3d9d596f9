/** The recipient played the voice message for the first time. */
import { defineStatus } from "./status.ts";

export const played = defineStatus("played", {
  default: {},
  "user-id": { customer: { number: false } },
});
