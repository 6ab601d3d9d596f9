/** Fields that can be subscribed to and whose payload no source shows: known by name, and read as far as they can be. */
import { asItem } from "../../json.ts";
import type { WebhookEvent } from "../event.ts";
import { readEcho } from "../shapes/echoes.ts";
import type { Field } from "../shapes/field.ts";
import { eachItem } from "../shapes/items.ts";
import { withKeys } from "../shapes/wording.ts";

export const undocumented: readonly Field[] = [
  {
    name: "business_status_update",
    timed: true,
    examples: [],
    events: (value, path) => told("business_status_update", value, path),
  },
  { name: "message_echoes", timed: false, examples: [], events: readEchoes },
];

/** The name is that of a list in other fields: if the list is here, it is read as there. */
function readEchoes(value: unknown, path: string): WebhookEvent[] {
  if (!Array.isArray(asItem(value)?.["message_echoes"])) return told("message_echoes", value, path);
  return eachItem("message_echoes", value, path, {
    message_echoes: (item, at, around) => readEcho("message_echoes", item, at, around),
  });
}

function told(field: string, value: unknown, path: string): WebhookEvent[] {
  const summary = `a webhook field whose payload Meta does not document${withKeys(value)}`;
  return [{ group: "field", kind: field, field, path, summary }];
}
