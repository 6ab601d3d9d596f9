/** An example conversation for `replay conversation`: messages of the customer and statuses of the replies, in order. */
import { messageValue, statusValue } from "./envelope.ts";
import { BUSINESS, CUSTOMER, SHEENA } from "./shapes/examples.ts";
import type { FieldExample } from "./shapes/field.ts";
import { wamid } from "./wamid.ts";

const START = 1_785_499_200;

/** One delivery, with its offset from the start in seconds. */
type Step = [name: string, seconds: number, value: object];

const reply = wamid(CUSTOMER, "conversation reply");
const offer = wamid(CUSTOMER, "conversation offer");

function messageStep(name: string, seconds: number, message: { type: string; [content: string]: unknown }): Step {
  const { type, ...content } = message;
  const id = wamid(CUSTOMER, `conversation ${name}`);
  const timestamp = String(START + seconds);
  return [name, seconds, messageValue(BUSINESS, { from: SHEENA, id, timestamp, content, type })];
}

function statusStep(name: string, seconds: number, { id, status }: { id: string; status: string }): Step {
  const pricing = { billable: false, pricing_model: "PMP", category: "service", type: "free_customer_service" };
  const content = status === "read" ? {} : { pricing };
  const timestamp = String(START + seconds);
  return [name, seconds, statusValue(BUSINESS, [{ id, status, timestamp, to: SHEENA, content }])];
}

const steps: readonly Step[] = [
  messageStep("customer-asks", 0, { text: { body: "Hello, is the workshop open on Saturday?" }, type: "text" }),
  statusStep("reply-sent", 6, { id: reply, status: "sent" }),
  statusStep("reply-delivered", 7, { id: reply, status: "delivered" }),
  statusStep("reply-read", 11, { id: reply, status: "read" }),
  messageStep("customer-sends-photo", 24, {
    type: "image",
    image: {
      caption: "It is this hinge",
      mime_type: "image/jpeg",
      sha256: "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX/GUI=",
      id: "1003383421387256",
    },
  }),
  statusStep("offer-sent", 40, { id: offer, status: "sent" }),
  statusStep("offer-delivered", 41, { id: offer, status: "delivered" }),
  statusStep("offer-read", 43, { id: offer, status: "read" }),
  messageStep("customer-chooses", 52, {
    context: { from: BUSINESS.display_phone_number, id: offer },
    type: "interactive",
    interactive: { type: "button_reply", button_reply: { id: "saturday-10", title: "Saturday, 10:00" } },
  }),
  messageStep("customer-reacts", 58, { type: "reaction", reaction: { message_id: offer, emoji: "👍" } }),
];

/** The names sort in conversation order: `conversation.01-customer-asks`. */
export const conversation: readonly FieldExample[] = steps.map(([name, , value], index) => ({
  name: `conversation.${String(index + 1).padStart(2, "0")}-${name}`,
  value,
}));
