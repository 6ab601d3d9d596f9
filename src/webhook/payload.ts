/** Reads a payload: every event of every entry and change. What is odd is told; it never spoils the rest. */
import { Buffer, isAscii, isUtf8 } from "node:buffer";

import { asItem, wordAt } from "../json.ts";
import { MEMBERS_READ, membersAt, oddEvent, type WebhookEvent } from "./event.ts";
import { readField } from "./fields/index.ts";

/** The events of a parsed payload, in its order. Never throws, whatever it is given. */
export function readPayload(payload: unknown): WebhookEvent[] {
  const root = asItem(payload);
  if (root === undefined) return [oddEvent("", "payload", "is not a JSON object")];
  const { members: entries, odd: events } = membersAt(root, "entry", { field: "", path: "" });
  if (root["object"] !== "whatsapp_business_account") {
    events.push(oddEvent("", "object", 'is not "whatsapp_business_account"'));
  }
  if (!Array.isArray(root["entry"]) && events.every(({ path }) => path !== "entry")) {
    events.push(oddEvent("", "entry", "is missing"));
  }
  for (const entry of entries) {
    const { members: changes, odd } = membersAt(entry.item, "changes", { field: "", path: entry.path });
    for (const each of odd) events.push(each);
    for (const { item: change, path } of changes) {
      if (events.length >= MEMBERS_READ) {
        events.push(oddEvent("", path, "and what follows is not read: there are too many events"));
        return events;
      }
      const read = readField(wordAt(change, "field") ?? "", change["value"], `${path}.value`);
      for (const each of read) events.push(each);
    }
  }
  if (events.length === 0) events.push(oddEvent("", "payload", "tells nothing"));
  return events;
}

/** The events of a body's bytes: as `readPayload`, and a body that is no JSON or no UTF-8 is one odd event. */
export function readBody(body: Uint8Array): WebhookEvent[] {
  // Meta's bytes are ASCII, and text of single bytes is made and parsed faster.
  const ascii = isAscii(body);
  if (!ascii && !isUtf8(body)) return [oddEvent("", "body", "is not valid UTF-8")];
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString(ascii ? "latin1" : "utf8");
  try {
    return readPayload(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [oddEvent("", "body", "is not JSON")];
  }
}
