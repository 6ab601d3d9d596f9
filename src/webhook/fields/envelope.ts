/** What surrounds a message or a status in the `value` of the field `messages`, for examples. */
import { wamid } from "../wamid.ts";

/** The customer and the business of every bundled fixture. */
const CUSTOMER = "16505551234";
const BUSINESS = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
const TIMESTAMP = "1785499200";

export function exampleMessage(kind: string, example: object, variant: string): object {
  const { type = kind, ...content } = example as { type?: string };
  const id = wamid(CUSTOMER, `${kind} ${variant}`);
  return {
    messaging_product: "whatsapp",
    metadata: BUSINESS,
    contacts: [{ profile: { name: "Sheena" }, wa_id: CUSTOMER }],
    messages: [{ from: CUSTOMER, id, timestamp: TIMESTAMP, ...content, type }],
  };
}

export function exampleStatus(status: string, example: object, variant: string): object {
  // One message goes through all statuses; a variant tells of another message.
  const id = wamid(CUSTOMER, `an outbound message ${variant}`);
  return {
    messaging_product: "whatsapp",
    metadata: BUSINESS,
    statuses: [{ id, status, timestamp: TIMESTAMP, recipient_id: CUSTOMER, ...example }],
  };
}
