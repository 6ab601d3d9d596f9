/** What the fields with `message_echoes[]` share: messages that the business sent, but not through this app. */
import { asItem, type Item, wordAt } from "../../json.ts";
import { quote } from "../../messages/parts.ts";
import type { WebhookEvent } from "../event.ts";
import { identity, keyOf, nameIn, readAs } from "./items.ts";
import { line } from "./wording.ts";

/** An echo in the shape of an inbound message: `{ from, to, id, timestamp, type, <type> }`. */
export function readEcho(field: string, echo: Item, path: string, value: Item): WebhookEvent {
  const { kind: type, summary, key: _, ...read } = readAs("messages", echo, { field, path });
  const [to, userId, id] = ["to", "to_user_id", "id"].map((key) => wordAt(echo, key));
  return {
    ...read,
    group: "field",
    kind: field,
    summary: line([type, summary].filter(Boolean).join(" "), toWhom(nameIn(value, to, userId) ?? to ?? userId)),
    ...identity({ to: to ?? userId, key: keyOf(field, id) }),
  };
}

/** An echo that holds the request by which it was sent: `{ id, timestamp, message: { to, type, <type> } }`. */
export function readSentEcho(field: string, echo: Item, path: string, value: Item): WebhookEvent {
  const message = asItem(echo["message"]);
  if (message === undefined) return readEcho(field, echo, path, value);
  const [to, userId, type] = ["to", "recipient", "type"].map((key) => wordAt(message, key));
  const [id, at] = ["id", "timestamp"].map((key) => wordAt(echo, key));
  const content = asItem(message[type ?? ""]);
  const words = wordAt(content, "body") ?? wordAt(content, "caption") ?? wordAt(content, "name");
  const summary = line([type, words && quote(words)].filter(Boolean).join(" "), toWhom(to ?? userId));
  const identified = identity({ id, at, to: to ?? userId, key: keyOf(field, id) });
  return { group: "field", kind: field, field, path, summary, ...identified };
}

function toWhom(person: string | undefined): string | undefined {
  return person === undefined ? undefined : `to ${person}`;
}
