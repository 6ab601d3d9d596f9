/** Deliveries that somebody else sends to the app: what they name exists in the emulator from then on. */
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import type { State } from "../state.ts";
import { SAMPLES } from "./samples.ts";

/** Meta sends at most 1000 updates in a delivery. */
const MAX_ITEMS = 1000;

/**
 * The messages of a payload count as received, their senders' 24-hour windows open, their files can be downloaded (as samples), and the
 * phone number that got them can send. Parts of unexpected shape are ignored.
 */
export function adopt(payload: unknown, state: State): void {
  for (const change of items(asJsonObject(payload), "entry").flatMap((entry) => items(entry, "changes"))) {
    const value = asJsonObject(change["value"]);
    const metadata = asJsonObject(value?.["metadata"]);
    const [id, number] = [stringAt(metadata, "phone_number_id"), stringAt(metadata, "display_phone_number")];
    if (id !== undefined) state.phoneNumbers.adopt(id, number ?? "");
    for (const message of items(value, "messages")) adoptMessage(message, state);
  }
}

function adoptMessage(message: JsonObject, { conversation, customers, mediaStore }: State): void {
  const [id, from, type] = ["id", "from", "type"].map((key) => stringAt(message, key));
  if (id !== undefined) conversation.remember(id);
  if (from !== undefined) customers.recordMessage({ number: from });
  const sample = type !== undefined && Object.hasOwn(SAMPLES, type) ? SAMPLES[type] : undefined;
  const media = type === undefined ? undefined : stringAt(asJsonObject(message[type]), "id");
  if (sample !== undefined && media !== undefined && mediaStore.get(media) === undefined) {
    mediaStore.add(sample.bytes, sample.mime, "received", media);
  }
}

function items(holder: JsonObject | undefined, key: string): JsonObject[] {
  const list = holder?.[key];
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_ITEMS)
    .map(asJsonObject)
    .filter((item) => item !== undefined);
}
