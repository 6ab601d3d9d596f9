/** Reads the events of all entries and changes of a payload. Malformed parts become events of their own. */
import { Buffer, isAscii, isUtf8 } from "node:buffer";

import { asJsonObject, stringAt } from "../json.ts";
import { malformedEvent, MAX_MEMBERS, membersAt, type WebhookEvent } from "./event.ts";
import { readField } from "./fields/index.ts";
import { plainKeys } from "./plain-keys.ts";

/** The events of a parsed payload, in order. Never throws, whatever the input. */
export function readPayload(payload: unknown): WebhookEvent[] {
  const root = asJsonObject(payload);
  if (root === undefined) return [malformedEvent("", "payload", "is not a JSON object")];
  const { members: entries, malformed: events } = membersAt(root, "entry", { field: "", path: "" });
  if (root["object"] !== "whatsapp_business_account") {
    events.push(malformedEvent("", "object", 'is not "whatsapp_business_account"'));
  }
  if (!Array.isArray(root["entry"]) && events.every(({ path }) => path !== "entry")) {
    events.push(malformedEvent("", "entry", "is missing"));
  }
  for (const entry of entries) {
    const { members: changes, malformed } = membersAt(entry.item, "changes", { field: "", path: entry.path });
    for (const event of malformed) events.push(event);
    for (const { item: change, path } of changes) {
      if (events.length >= MAX_MEMBERS) {
        events.push(malformedEvent("", path, "and the rest of the payload were not read: too many events"));
        return events;
      }
      const read = readField(stringAt(change, "field") ?? "", change["value"], `${path}.value`);
      for (const event of read) events.push(event);
    }
  }
  if (events.length === 0) events.push(malformedEvent("", "payload", "contains no events"));
  return events;
}

/** The events of a request body. A body that is not JSON or not UTF-8 is one malformed event. */
export function readBody(body: Uint8Array): WebhookEvent[] {
  return openBody(body).events();
}

/** A parsed body. Its events take longer to read than their keys, which are all that recording needs. */
export interface OpenBody {
  /** `WebhookEvent.key` of each event, in order. */
  keys(): (string | undefined)[];
  events(): WebhookEvent[];
}

export function openBody(body: Uint8Array): OpenBody {
  // Meta's bytes are ASCII, and Latin-1 strings are decoded and parsed faster than UTF-8.
  const ascii = isAscii(body);
  if (!ascii && !isUtf8(body)) return malformedBody("is not valid UTF-8");
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString(ascii ? "latin1" : "utf8");
  try {
    const payload: unknown = JSON.parse(text);
    let read: WebhookEvent[] | undefined;
    const events = () => (read ??= readPayload(payload));
    return { keys: () => plainKeys(payload) ?? events().map(({ key }) => key), events };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return malformedBody("is not JSON");
  }
}

function malformedBody(problem: string): OpenBody {
  return { keys: () => [undefined], events: () => [malformedEvent("", "body", problem)] };
}
