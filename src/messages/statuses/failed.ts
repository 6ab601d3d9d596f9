/** The message will not arrive: `errors` says why. */
import { defineStatus } from "./status.ts";

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

function because(code: number, title: string, details: string): object {
  return { errors: [{ code, title, message: title, error_data: { details }, href }] };
}

export const failed = defineStatus("failed", {
  default: because(
    131047,
    "Re-engagement message",
    "More than 24 hours have passed since the customer last wrote to this number.",
  ),
  undeliverable: because(131026, "Message undeliverable", "The recipient cannot be reached on WhatsApp."),
});
