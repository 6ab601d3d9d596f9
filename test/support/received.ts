/** Deliveries to be recorded, built from what they are about. */
import type { Received } from "../../src/store/store.ts";
import { readBody } from "../../src/webhook/payload.ts";

/** A delivery of the body, with the identities of its events. */
export function receivedBody(body: Buffer, more: Partial<Received> = {}): Received {
  return { receivedAt: 0, headers: [], body, keys: readBody(body).map(({ key }) => key), ...more };
}

/** A delivery with one change of the field `messages`: `{ messages: […] }`, `{ statuses: […] }`. */
export function receivedValue(value: object, more: Partial<Received> = {}): Received {
  const changes = [{ field: "messages", value: { messaging_product: "whatsapp", ...value } }];
  const payload = { object: "whatsapp_business_account", entry: [{ id: "1", changes }] };
  return receivedBody(Buffer.from(JSON.stringify(payload)), more);
}

/** A status as Meta sends it, as far as tests need. */
export function statusItem(status: string, id: string, more: object = {}): object {
  return { id, status, timestamp: "1785499200", recipient_id: "16505551234", ...more };
}

/** A text message as Meta sends it, as far as tests need. */
export function textItem(id: string, text = "Hello", from = "16505551234"): object {
  return { from, id, timestamp: "1785499200", type: "text", text: { body: text } };
}
