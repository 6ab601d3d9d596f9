/** Messages of the business: checked as Meta checks them, accepted or refused; and a customer's message marked as read. */
import { asItem } from "../../json.ts";
import { describeProblem, type Problem } from "../../messages/kind.ts";
import { outboundKinds, readOutbound } from "../../messages/outbound/index.ts";
import { MESSAGING } from "../account/tokens.ts";
import { answer, invalid, missing, Refusal, type Answer } from "../http/answer.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { accept } from "../messaging/sending.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

const messages: Route = {
  method: "POST",
  path: "/:id/messages",
  node: "phone",
  scope: MESSAGING,
  sort: "messages",
  maxBytes: 1024 * 1024,
  run: send,
};

export const messageRoutes: readonly Route[] = [messages];

function send(call: Call, state: State): Answer {
  const request = contentOf(call);
  const reading = readOutbound(request);
  if ("problems" in reading) throw refusalOf(reading.problems, request);
  call.message = reading;
  if (reading.kind === "read") return markRead(request, state);
  const { id, recipient } = accept(request, state);
  call.message = { ...reading, id };
  const status = request["type"] === "template" ? { message_status: "accepted" } : {};
  return answer({ messaging_product: "whatsapp", contacts: [recipient], messages: [{ id, ...status }] });
}

function markRead(request: Fields, { conversation }: State): Answer {
  const id = textAt(request, "message_id") ?? "";
  if (conversation.hasReceived(id)) return answer({ success: true });
  throw new Refusal(131009, { details: `message_id: no customer has sent a message with the id ${id}` });
}

/** Of several problems Meta tells one; the details tell all of them. */
function refusalOf(problems: readonly Problem[], request: Fields): Refusal {
  const details = problems.slice(0, 5).map(describeProblem).join("; ");
  // An unknown key is found before the message is looked into.
  const first =
    problems.find(isEssential) ??
    problems.find(({ path }) => path === "type") ??
    problems.find(({ reason }) => reason === "unknown") ??
    problems[0];
  if (first === undefined) return invalid("Invalid parameter");
  const { path, reason } = first;
  if (isEssential(first)) return missing(path, details);
  if (reason === "missing") return new Refusal(131008, { details });
  if (reason === "unknown") return invalid(`Unexpected key ${keyOf(path)}.`, details);
  if (path === "type") return invalid(`Param type must be one of {${TYPES.join(", ")}}`, details);
  if (path === "text.body" && isLong(request)) {
    return invalid("Param text['body'] must be at most 4096 characters long.", details);
  }
  return new Refusal(131009, { details });
}

const TYPES = outboundKinds.map(({ name }) => name.toUpperCase()).toSorted();

function isEssential({ path, reason }: Problem): boolean {
  return reason === "missing" && (path === "to" || path === "messaging_product");
}

/** `"colour" on param "interactive['header']"`. */
function keyOf(path: string): string {
  const steps = path.replaceAll("[", ".").replaceAll("]", "").split(".");
  const key = steps.pop() ?? "";
  const [top, ...below] = steps;
  return top === undefined ? `"${key}"` : `"${key}" on param "${top}${below.map((step) => `['${step}']`).join("")}"`;
}

function isLong({ text }: Fields): boolean {
  return String(asItem(text)?.["body"]).length > 4096;
}
