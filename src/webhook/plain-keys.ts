/** The keys of a payload of messages and statuses only, as most are, without reading its events. */
import { asJsonObject, type JsonObject } from "../json.ts";
import { messageKey, statusKey } from "./shapes/message-items.ts";

/** Meta sends at most 1000 updates per delivery. */
const MAX_MEMBERS = 1000;

/** In the order of the events that `readPayload` finds; `undefined` for any other payload. */
export function plainKeys(payload: unknown): (string | undefined)[] | undefined {
  const root = asJsonObject(payload);
  if (root?.["object"] !== "whatsapp_business_account") return undefined;
  const keys: (string | undefined)[] = [];
  const changes = objectsOf(root["entry"])?.map((entry) => objectsOf(entry["changes"]));
  if (changes === undefined || changes.includes(undefined)) return undefined;
  for (const change of changes.flat()) {
    const value = change?.["field"] === "messages" ? asJsonObject(change["value"]) : undefined;
    if (value === undefined || Object.hasOwn(value, "errors")) return undefined;
    const [messages, statuses] = [objectsOf(value["messages"] ?? []), objectsOf(value["statuses"] ?? [])];
    const contacts = objectsOf(value["contacts"] ?? []);
    if (messages === undefined || statuses === undefined || contacts === undefined) return undefined;
    if (messages.length + statuses.length === 0) return undefined;
    for (const message of messages) keys.push(messageKey(message));
    for (const status of statuses) keys.push(statusKey(status));
  }
  return keys.length > 0 ? keys : undefined;
}

/** The members of an array of objects; `undefined` for anything else. */
function objectsOf(value: unknown): JsonObject[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_MEMBERS) return undefined;
  const objects = value.map(asJsonObject);
  return objects.includes(undefined) ? undefined : (objects as JsonObject[]);
}
