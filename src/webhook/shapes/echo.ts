/** Message echoes: messages that the business sent by other means than this app. */
import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { quote } from "../../messages/parts.ts";
import type { WebhookEvent } from "../event.ts";
import { identity, keyOf, profileName } from "./identity.ts";
import { readNested } from "./message-items.ts";
import { joinParts } from "./summary.ts";

/** An echo in the shape of an inbound message: `{ from, to, id, timestamp, type, <type> }`. */
export function readEcho(field: string, echo: JsonObject, path: string, value: JsonObject): WebhookEvent {
  const { kind: type, summary, key: _, ...event } = readNested("messages", echo, { field, path });
  const [to, userId, id] = ["to", "to_user_id", "id"].map((key) => stringAt(echo, key));
  const recipient = profileName(value, to, userId) ?? to ?? userId;
  return {
    ...event,
    group: "field",
    kind: field,
    summary: joinParts([type, summary].filter(Boolean).join(" "), describeRecipient(recipient)),
    ...identity({ to: to ?? userId, key: keyOf(field, id) }),
  };
}

/** An echo that contains the send request: `{ id, timestamp, message: { to, type, <type> } }`. */
export function readSentEcho(field: string, echo: JsonObject, path: string, value: JsonObject): WebhookEvent {
  const message = asJsonObject(echo["message"]);
  if (message === undefined) return readEcho(field, echo, path, value);
  const [to, userId, type] = ["to", "recipient", "type"].map((key) => stringAt(message, key));
  const [id, at] = ["id", "timestamp"].map((key) => stringAt(echo, key));
  const content = asJsonObject(message[type ?? ""]);
  const text = stringAt(content, "body") ?? stringAt(content, "caption") ?? stringAt(content, "name");
  const summary = joinParts([type, text && quote(text)].filter(Boolean).join(" "), describeRecipient(to ?? userId));
  const identified = identity({ id, at, to: to ?? userId, key: keyOf(field, id) });
  return { group: "field", kind: field, field, path, summary, ...identified };
}

function describeRecipient(person: string | undefined): string | undefined {
  return person === undefined ? undefined : `to ${person}`;
}
