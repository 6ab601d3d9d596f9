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
  for (const entry of objectsOf(root["entry"]) ?? []) {
    const changes = objectsOf(entry["changes"]);
    if (changes === undefined) return undefined;
    for (const change of changes) {
      const value = change["field"] === "messages" ? asJsonObject(change["value"]) : undefined;
      if (value === undefined || !addKeys(value, keys)) return undefined;
    }
  }
  return keys.length > 0 ? keys : undefined;
}

/** Adds the keys of the messages and statuses; returns false for a value with anything else in it, or nothing. */
function addKeys(value: JsonObject, keys: (string | undefined)[]): boolean {
  const messages = objectsOf(value["messages"] ?? NONE);
  const statuses = objectsOf(value["statuses"] ?? NONE);
  const contacts = objectsOf(value["contacts"] ?? NONE);
  if (messages === undefined || statuses === undefined || contacts === undefined) return false;
  if (Object.hasOwn(value, "errors") || messages.length + statuses.length === 0) return false;
  for (const message of messages) keys.push(messageKey(message));
  for (const status of statuses) keys.push(statusKey(status));
  return true;
}

const NONE: readonly JsonObject[] = [];

/** The members of an array of objects; `undefined` for anything else. */
function objectsOf(value: unknown): readonly JsonObject[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_MEMBERS) return undefined;
  for (const each of value) if (asJsonObject(each) === undefined) return undefined;
  return value as JsonObject[];
}
