/** The message will not arrive: `errors` says why. */
import { defineStatus, member } from "./status.ts";

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

function because(code: number, title: string, details: string): { errors: object[] } {
  return { errors: [{ code, title, message: title, error_data: { details }, href }] };
}

const tooLate = because(
  131047,
  "Re-engagement message",
  "More than 24 hours have passed since the customer last wrote to this number.",
);
const undeliverable = because(131026, "Message undeliverable", "The recipient cannot be reached on WhatsApp.");

export const failed = defineStatus("failed", {
  default: tooLate,
  undeliverable,
  experiment: because(
    130472,
    "User's number is part of an experiment",
    "The recipient belongs to a group that gets no marketing for now.",
  ),
  rate: because(130429, "Rate limit hit", "More messages were sent than the throughput of the number allows."),
  unexplained: because(131000, "Something went wrong", "The message could not be sent for an unknown reason."),
  payment: because(
    131042,
    "Business eligibility payment issue",
    "The account that sent the message has no payment method that works.",
  ),
  "spam-rate": because(131048, "Spam rate limit hit", "Many messages of this number were blocked or reported."),
  "engagement-limit": because(
    131049,
    "This message was not delivered to maintain healthy ecosystem engagement.",
    "The recipient has had many marketing messages lately.",
  ),
  "opted-out": because(
    131050,
    "User has stopped marketing messages from this business",
    "The recipient chose to get no more offers of this business.",
  ),
  "unsupported-type": because(131051, "Unsupported message type", "A message of this type cannot be sent."),
  media: because(131053, "Media upload error", "The file says image/jpeg and is application/octet-stream."),
  "pair-rate": because(
    131056,
    "(Business Account, Consumer Account) pair rate limit hit",
    "Too many messages went from this number to this recipient in a short time.",
  ),
  "template-paused": because(132015, "Template is paused", "The template is paused because of its low quality."),
  // An address was asked for, and the recipient's WhatsApp is too old for that.
  "receiver-incapable": {
    errors: [{ code: 1026, title: "Receiver Incapable", href }],
    message: { recipient_id: "16505551234" },
  },
  // Fewer words, as in older deliveries; and a code that is in no list.
  bare: { errors: [{ code: 131047, title: "Re-engagement message" }] },
  "unknown-code": {
    errors: [
      {
        code: 139_999,
        title: "A new fault",
        message: "A new fault",
        error_data: { details: "Nobody has seen this code before." },
        href: "/documentation/business-messaging/whatsapp/support/error-codes",
      },
    ],
  },
  tracked: { biz_opaque_callback_data: "order-4711", ...undeliverable },
  // Meta leaves out `contacts` when it failed.
  "user-id": { recipient_user_id: "US.10020030040050060070", ...undeliverable },
  group: { ...member("16505555678"), ...undeliverable },
});
