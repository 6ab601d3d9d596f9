/** The message could not be delivered; `errors` gives the cause. */
import { defineStatus, member } from "./status.ts";

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

function withError(code: number, title: string, details: string): { errors: object[] } {
  return { errors: [{ code, title, message: title, error_data: { details }, href }] };
}

const tooLate = withError(
  131047,
  "Re-engagement message",
  "More than 24 hours have passed since the customer's last message to this number.",
);
const undeliverable = withError(131026, "Message undeliverable", "The recipient cannot be reached on WhatsApp.");

export const failed = defineStatus("failed", {
  default: tooLate,
  undeliverable,
  experiment: withError(
    130472,
    "User's number is part of an experiment",
    "The recipient is in a group that currently receives no marketing messages.",
  ),
  rate: withError(130429, "Rate limit hit", "Messages were sent faster than the throughput of the number allows."),
  unexplained: withError(131000, "Something went wrong", "The message could not be sent for an unknown reason."),
  payment: withError(131042, "Business eligibility payment issue", "The sending account has no valid payment method."),
  "spam-rate": withError(131048, "Spam rate limit hit", "Many messages from this number were blocked or reported."),
  "engagement-limit": withError(
    131049,
    "This message was not delivered to maintain healthy ecosystem engagement.",
    "The recipient received many marketing messages recently.",
  ),
  "opted-out": withError(
    131050,
    "User has stopped marketing messages from this business",
    "The recipient opted out of offers from this business.",
  ),
  "unsupported-type": withError(131051, "Unsupported message type", "A message of this type cannot be sent."),
  media: withError(
    131053,
    "Media upload error",
    "The file was declared as image/jpeg but is application/octet-stream.",
  ),
  "pair-rate": withError(
    131056,
    "(Business Account, Consumer Account) pair rate limit hit",
    "Too many messages were sent from this number to this recipient in a short time.",
  ),
  "template-paused": withError(132015, "Template is paused", "The template is paused because of its low quality."),
  // An address request to a recipient whose version of WhatsApp does not support it.
  "receiver-incapable": {
    errors: [{ code: 1026, title: "Receiver Incapable", href }],
    message: { recipient_id: "16505551234" },
  },
  // Older deliveries have no message and no details.
  bare: { customer: { userId: false }, errors: [{ code: 131047, title: "Re-engagement message" }] },
  // A code that Meta does not document.
  "unknown-code": {
    errors: [
      {
        code: 139_999,
        title: "A new error",
        message: "A new error",
        error_data: { details: "This code is not documented." },
        href: "/documentation/business-messaging/whatsapp/support/error-codes",
      },
    ],
  },
  tracked: { biz_opaque_callback_data: "order-4711", ...undeliverable },
  older: { customer: { userId: false }, ...tooLate },
  // Meta sends no `contacts` with a failed status.
  "user-id": { customer: { number: false }, ...undeliverable },
  group: { ...member("16505555678"), ...undeliverable },
});
