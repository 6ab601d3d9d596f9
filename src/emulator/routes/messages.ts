/** The messages route: validates and accepts messages, and marks received messages as read. */
import { asJsonObject } from "../../json.ts";
import { describeProblem, type Problem } from "../../messages/kind.ts";
import { outboundKinds, readOutbound, type OutboundReading } from "../../messages/outbound/index.ts";
import { MESSAGING } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { ok, invalid, missing, GraphErrorResponse, type GraphResponse } from "../http/graph-response.ts";
import { accept } from "../messaging/sending.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

const messages: Route = {
  method: "POST",
  path: "/:id/messages",
  node: "phone",
  scope: MESSAGING,
  category: "messages",
  maxBytes: 1024 * 1024,
  run: send,
};

export const messageRoutes: readonly Route[] = [messages];

function send(call: Call, state: State): GraphResponse {
  const request = contentOf(call);
  const reading = readOutbound(request);
  // What wa-hook does not know is refused here, too.
  if ("problems" in reading || reading.unknown.length > 0) throw errorFor(problemsIn(reading), request);
  const { kind, summary } = reading;
  call.message = { kind, summary };
  if (kind === "read") return markRead(request, state);
  const { id, recipient } = accept(request, state);
  call.message = { kind, summary, id };
  const status = request["type"] === "template" ? { message_status: "accepted" } : {};
  return ok({ messaging_product: "whatsapp", contacts: [recipient], messages: [{ id, ...status }] });
}

function problemsIn(reading: OutboundReading): Problem[] {
  return [...("problems" in reading ? reading.problems : []), ...reading.unknown];
}

function markRead(request: Fields, { conversation }: State): GraphResponse {
  const id = textAt(request, "message_id") ?? "";
  if (conversation.hasReceived(id)) return ok({ success: true });
  throw new GraphErrorResponse(131009, { details: `message_id: no customer has sent a message with the id ${id}` });
}

/** Meta reports only one of several problems; the details list up to five. */
function errorFor(problems: readonly Problem[], request: Fields): GraphErrorResponse {
  const details = problems.slice(0, 5).map(describeProblem).join("; ");
  // Meta checks for unknown keys before it validates the values.
  const first =
    problems.find(isRequired) ??
    problems.find(({ path }) => path === "type") ??
    problems.find(({ reason }) => reason === "unknown") ??
    problems[0];
  if (first === undefined) return invalid("Invalid parameter");
  const { path, reason } = first;
  if (isRequired(first)) return missing(path, details);
  if (reason === "missing") return new GraphErrorResponse(131008, { details });
  if (reason === "unknown") return invalid(`Unexpected key ${keyOf(path)}.`, details);
  if (path === "type") return invalid(`Param type must be one of {${TYPES.join(", ")}}`, details);
  if (path === "text.body" && isLong(request)) {
    return invalid("Param text['body'] must be at most 4096 characters long.", details);
  }
  return new GraphErrorResponse(131009, { details });
}

const TYPES = outboundKinds.map(({ name }) => name.toUpperCase()).toSorted();

function isRequired({ path, reason }: Problem): boolean {
  return reason === "missing" && (path === "to" || path === "messaging_product");
}

/** Formats a path as Meta does: `"color" on param "interactive['header']"`. */
function keyOf(path: string): string {
  const steps = path.replaceAll("[", ".").replaceAll("]", "").split(".");
  const key = steps.pop() ?? "";
  const [top, ...below] = steps;
  return top === undefined ? `"${key}"` : `"${key}" on param "${top}${below.map((step) => `['${step}']`).join("")}"`;
}

function isLong({ text }: Fields): boolean {
  return String(asJsonObject(text)?.["body"]).length > 4096;
}
