/** Sends messages and read receipts. Source: Meta, "Messages API", Cloud API. */
import { RejectedError, UnavailableError } from "../errors.ts";
import type { Graph, GraphResponse } from "./client.ts";
import { metaOf } from "./errors.ts";
import { otherVariant } from "./national-variants.ts";

/** A message that Meta accepted. Its statuses report whether it is delivered. */
export interface Accepted {
  /** `wamid.…` */
  id: string;
  /** The recipient as sent. */
  input?: string;
  /** The recipient's number as WhatsApp uses it, digits only; it can differ from what was sent (Mexico, Argentina, Brazil). */
  waId?: string;
  /** `accepted`, `held_for_quality_assessment` or `paused`; for templates only. */
  status?: string;
}

interface Response {
  contacts?: { input?: string; wa_id?: string }[];
  messages?: { id?: string; message_status?: string }[];
}

/** `request` is the whole body: `{ messaging_product, to, type, … }`. Sent once; throws as `Graph.request` does. */
export async function sendMessage(
  graph: Graph,
  phoneNumberId: string,
  request: Readonly<Record<string, unknown>>,
): Promise<Accepted & Pick<GraphResponse, "usage">> {
  const { body, usage } = await graph
    .request<Response>({ method: "POST", path: `${encodeURIComponent(phoneNumberId)}/messages`, json: request })
    .catch((error: unknown) => {
      throw withSpecificHint(error, phoneNumberId, request["to"]);
    });
  const [contact, message] = [body.contacts?.[0], body.messages?.[0]];
  if (typeof message?.id !== "string" || message.id === "") {
    throw new UnavailableError("Meta's response has no message ID", {
      code: "graph.no-id",
      hint: "check with wa-hook listen whether the message arrives before you send it again",
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

/** Replaces the general hint of an error code where the request allows a more specific one. */
function withSpecificHint(error: unknown, phoneNumberId: string, to: unknown): unknown {
  if (!(error instanceof RejectedError)) return error;
  const { code, subcode } = metaOf(error) ?? {};
  const variant = typeof to === "string" ? otherVariant(to) : undefined;
  let hint: string | undefined;
  if (code === 131030 && variant !== undefined) {
    hint = `use --to ${variant}, the other form of this number, or add the number under WhatsApp → API Setup → To`;
  } else if (code === 100 && subcode === 33) {
    hint = `run wa-hook token: check that ${phoneNumberId} is a phone number ID (not a WABA ID) and that the token has access to it`;
  }
  if (hint === undefined) return error;
  const { message, about, facts, cause } = error;
  return new RejectedError(message, { code: error.code, about, facts, cause, hint });
}

/** Marks a received message as read. `typing` also shows a typing indicator, for 25 seconds or until the reply arrives. */
export async function markRead(graph: Graph, phoneNumberId: string, messageId: string, typing: boolean): Promise<void> {
  await sendReceipt(graph, phoneNumberId, readReceipt(messageId, typing));
}

/** Sends the body of a read receipt as it is. Throws as `Graph.request` does. */
export async function sendReceipt(graph: Graph, phoneNumberId: string, json: object): Promise<void> {
  await graph.request({ method: "POST", path: `${encodeURIComponent(phoneNumberId)}/messages`, json });
}

export function readReceipt(messageId: string, typing: boolean): object {
  return {
    messaging_product: "whatsapp",
    status: "read",
    message_id: messageId,
    ...(typing ? { typing_indicator: { type: "text" } } : {}),
  };
}
