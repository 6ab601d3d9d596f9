/** Every webhook field: a new one is a file here and a line below. An unknown field passes through with its name. */
import { asItem, type WebhookEvent } from "../event.ts";
import { accountUpdate } from "./account-update.ts";
import type { Field } from "./field.ts";
import { messageTemplateStatusUpdate } from "./message-template-status-update.ts";
import { messages } from "./messages.ts";

export const fields: readonly Field[] = [messages, messageTemplateStatusUpdate, accountUpdate];

const byName = new Map(fields.map((field) => [field.name, field]));

export function readField(name: string, value: unknown, path: string): WebhookEvent[] {
  const field = byName.get(name);
  if (field !== undefined) return field.events(value, path);
  const keys = Object.keys(asItem(value) ?? {}).slice(0, 8);
  const summary = `a webhook field that wa-hook does not know${keys.length > 0 ? `, with ${keys.join(", ")}` : ""}`;
  return [{ group: "field", kind: name === "" ? "field" : name, field: name, path, summary, unknown: true }];
}
