/** Sends messages. Source: Meta, "Messages API", Cloud API. */
import { UnavailableError } from "../errors.ts";
import type { Graph, GraphAnswer } from "./client.ts";

/** Meta has taken a message; whether it arrives, only its statuses tell. */
export interface Accepted {
  /** `wamid.…` */
  id: string;
  /** What was sent as the recipient. */
  input?: string;
  /** The recipient's number as WhatsApp knows it, digits only; it can differ from what was sent (Mexico, Argentina, Brazil). */
  waId?: string;
  /** `accepted`, `held_for_quality_assessment` or `paused`; for templates only. */
  status?: string;
}

interface Answer {
  contacts?: { input?: string; wa_id?: string }[];
  messages?: { id?: string; message_status?: string }[];
}

/** `request` is the whole body: `{ messaging_product, to, type, … }`. Asked once; see `Graph.request` for what is thrown. */
export async function sendMessage(
  graph: Graph,
  phoneNumberId: string,
  request: object,
): Promise<Accepted & Pick<GraphAnswer, "usage">> {
  const { body, usage } = await graph.request<Answer>({
    method: "POST",
    path: `${encodeURIComponent(phoneNumberId)}/messages`,
    json: request,
  });
  const [contact, message] = [body.contacts?.[0], body.messages?.[0]];
  if (typeof message?.id !== "string" || message.id === "") {
    throw new UnavailableError("Meta answered without the id of a message", {
      code: "graph.no-id",
      hint: "look with wa-hook listen whether it arrives before you send it again; is it Meta that answers there?",
    });
  }
  return {
    id: message.id,
    ...(contact?.input === undefined ? {} : { input: contact.input }),
    ...(contact?.wa_id === undefined ? {} : { waId: contact.wa_id }),
    ...(message.message_status === undefined ? {} : { status: message.message_status }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Marks a received message as read; `typing` also shows that an answer is being written (for 25 seconds, or until it comes). */
export async function markRead(graph: Graph, phoneNumberId: string, messageId: string, typing: boolean): Promise<void> {
  await graph.request({
    method: "POST",
    path: `${encodeURIComponent(phoneNumberId)}/messages`,
    json: readReceipt(messageId, typing),
  });
}

export function readReceipt(messageId: string, typing: boolean): object {
  return {
    messaging_product: "whatsapp",
    status: "read",
    message_id: messageId,
    ...(typing ? { typing_indicator: { type: "text" } } : {}),
  };
}
