/** A conversation in its order: a customer writes, the business's answers arrive, the customer chooses and reacts. For `replay conversation`. */
import { BUSINESS, CONTACTS, CUSTOMER, valueOf } from "./shapes/envelope.ts";
import type { FieldExample } from "./shapes/field.ts";
import { wamid } from "./wamid.ts";

const START = 1_785_499_200;

/** One step: so many seconds after the start. */
type Step = [name: string, seconds: number, value: object];

const answer = wamid(CUSTOMER, "conversation answer");
const offer = wamid(CUSTOMER, "conversation offer");

function says(name: string, seconds: number, message: object): Step {
  const id = wamid(CUSTOMER, `conversation ${name}`);
  return [
    name,
    seconds,
    { contacts: CONTACTS, messages: [{ from: CUSTOMER, id, timestamp: String(START + seconds), ...message }] },
  ];
}

function fares(name: string, seconds: number, { id, status }: { id: string; status: string }): Step {
  const pricing = { billable: false, pricing_model: "PMP", category: "service", type: "free_customer_service" };
  const priced = status === "read" ? {} : { pricing };
  const timestamp = String(START + seconds);
  return [name, seconds, { statuses: [{ id, status, timestamp, recipient_id: CUSTOMER, ...priced }] }];
}

const steps: readonly Step[] = [
  says("customer-asks", 0, { text: { body: "Hello, is the workshop open on Saturday?" }, type: "text" }),
  fares("answer-sent", 6, { id: answer, status: "sent" }),
  fares("answer-delivered", 7, { id: answer, status: "delivered" }),
  fares("answer-read", 11, { id: answer, status: "read" }),
  says("customer-sends-photo", 24, {
    type: "image",
    image: {
      caption: "It is this hinge",
      mime_type: "image/jpeg",
      sha256: "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX/GUI=",
      id: "1003383421387256",
    },
  }),
  fares("offer-sent", 40, { id: offer, status: "sent" }),
  fares("offer-delivered", 41, { id: offer, status: "delivered" }),
  fares("offer-read", 43, { id: offer, status: "read" }),
  says("customer-chooses", 52, {
    context: { from: BUSINESS.display_phone_number, id: offer },
    type: "interactive",
    interactive: { type: "button_reply", button_reply: { id: "saturday-10", title: "Saturday, 10:00" } },
  }),
  says("customer-reacts", 58, { type: "reaction", reaction: { message_id: offer, emoji: "👍" } }),
];

/** Named so that their order is that of the story: `conversation.01-customer-asks`. */
export const conversation: readonly FieldExample[] = steps.map(([name, , value], index) => ({
  name: `conversation.${String(index + 1).padStart(2, "0")}-${name}`,
  value: valueOf(value),
}));
