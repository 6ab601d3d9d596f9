/** The messages route: validates and accepts messages, and marks received messages as read. */
import { outboundKinds, readOutbound } from "../../messages/outbound/index.ts";
import { MESSAGING } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { ok, GraphErrorResponse, type GraphResponse } from "../http/graph-response.ts";
import { refusalOf } from "../messaging/refusal.ts";
import { accept } from "../messaging/sending.ts";
import type { State } from "../state.ts";
import { phoneOf } from "./phone-number.ts";
import type { Route } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a message consists of, for clients that send it in the query. */
const PARAMETERS = [
  ...["messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"],
  ...["status", "message_id", "typing_indicator"],
  ...outboundKinds.map(({ name }) => name),
];

const messages: Route = {
  method: "POST",
  path: "/:id/messages",
  node: "phone",
  scope: MESSAGING,
  category: "messages",
  query: PARAMETERS,
  maxBytes: 1024 * 1024,
  run: send,
};

export const messageRoutes: readonly Route[] = [messages];

function send(call: Call, state: State): GraphResponse {
  const request = contentOf(call, PARAMETERS);
  const reading = readOutbound(request);
  if ("problems" in reading) throw refusalOf(reading.problems, request);
  call.message = reading;
  if (reading.kind === "read") return markRead(request, state);
  const { id, recipient } = accept(request, phoneOf(call, state), state);
  call.message = { ...reading, id };
  const status = request["type"] === "template" ? { message_status: "accepted" } : {};
  return ok({ messaging_product: "whatsapp", contacts: [recipient], messages: [{ id, ...status }] });
}

function markRead(request: Fields, { conversation }: State): GraphResponse {
  const id = textAt(request, "message_id") ?? "";
  if (conversation.hasReceived(id)) return ok({ success: true });
  throw new GraphErrorResponse(131009, { details: `message_id: no customer has sent a message with the id ${id}` });
}
