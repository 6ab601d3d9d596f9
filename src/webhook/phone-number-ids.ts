/** The business phone numbers that a delivery is about. */
import { asJsonObject, parseObject, stringAt } from "../json.ts";

/** The `metadata.phone_number_id` of each change; empty for one without them, such as a change of the account. */
export function phoneNumberIdsIn(body: Uint8Array): Set<string> {
  const found = new Set<string>();
  const payload = asJsonObject(parseObject(Buffer.from(body).toString("utf8")));
  for (const entry of listAt(payload, "entry")) {
    for (const change of listAt(entry, "changes")) {
      const value = asJsonObject(asJsonObject(change)?.["value"]);
      const id = stringAt(asJsonObject(value?.["metadata"]), "phone_number_id");
      if (id !== undefined) found.add(id);
    }
  }
  return found;
}

function listAt(item: unknown, key: string): unknown[] {
  const value = asJsonObject(item)?.[key];
  return Array.isArray(value) ? value : [];
}
