/** The messages route: validates and accepts messages, and marks received messages as read. */
import type { Problem } from "../../messages/kind.ts";
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
  ...outboundKinds.map(({ name }) => name),
  "messaging_product",
  "recipient_type",
  "to",
  "recipient",
  "type",
  "context",
  "biz_opaque_callback_data",
  "status",
  "message_id",
  "typing_indicator",
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

/** Validates and accepts a message. Throws a `GraphErrorResponse` when it is rejected. */
export function send(call: Call, state: State): GraphResponse {
  const { request, kind, summary } = readRequest(call);
  call.message = { kind, summary };
  if (kind === "read") return markRead(request, state);
  const { id, recipient } = accept(request, phoneOf(call, state), state);
  call.message = { kind, summary, id };
  const status = request["type"] === "template" ? { message_status: "accepted" } : {};
  return ok({ messaging_product: "whatsapp", contacts: [recipient], messages: [{ id, ...status }] });
}

/** What is unknown and tolerated is logged. Throws a `GraphErrorResponse` when Meta refuses the message. */
function readRequest(call: Call): { request: Fields; kind: string; summary: string } {
  const request = contentOf(call, PARAMETERS);
  const reading = readOutbound(request);
  const refused = reading.unknown.filter((problem) => !isTolerated(problem));
  if ("problems" in reading) throw refusalOf([...reading.problems, ...refused], request);
  if (refused.length > 0) throw refusalOf(refused, request);
  if (reading.unknown.length > 0) call.unknown = reading.unknown.map(({ path }) => path);
  return { request, kind: reading.kind, summary: reading.summary };
}

/** Meta refuses unknown types, and unknown keys inside a known object; further parameters of a request have no effect. */
function isTolerated({ path, reason }: Problem): boolean {
  return path !== "type" && (reason !== "unknown" || /^\w+$/.test(path));
}

function markRead(request: Fields, { conversation }: State): GraphResponse {
  const id = textAt(request, "message_id") ?? "";
  if (conversation.hasReceived(id)) return ok({ success: true });
  throw new GraphErrorResponse(131009, { details: `message_id: no customer has sent a message with the id ${id}` });
}
