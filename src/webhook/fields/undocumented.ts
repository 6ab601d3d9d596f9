/** Fields without a documented payload: recognized by name and read as far as possible. */
import { asJsonObject } from "../../json.ts";
import type { WebhookEvent } from "../event.ts";
import { readEcho } from "../shapes/echo.ts";
import type { Field } from "../shapes/field.ts";
import { readLists } from "../shapes/list-field.ts";
import { describeKeys } from "../shapes/summary.ts";

export const undocumented: readonly Field[] = [
  {
    name: "business_status_update",
    timed: true,
    examples: [],
    events: (value, path) => [undocumentedEvent("business_status_update", value, path)],
  },
  { name: "message_echoes", timed: false, examples: [], events: readEchoes },
];

/** The field has the name of a list in other fields, and is read like them if it contains that list. */
function readEchoes(value: unknown, path: string): WebhookEvent[] {
  if (!Array.isArray(asJsonObject(value)?.["message_echoes"]))
    return [undocumentedEvent("message_echoes", value, path)];
  return readLists("message_echoes", value, path, {
    message_echoes: (item, path, value) => readEcho("message_echoes", item, path, value),
  });
}

function undocumentedEvent(field: string, value: unknown, path: string): WebhookEvent {
  const summary = `undocumented payload${describeKeys(value)}`;
  return { group: "field", kind: field, field, path, summary };
}
