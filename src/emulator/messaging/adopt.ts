/** Deliveries that somebody else sends to the app: what they name exists in the emulator from then on. */
import { asJsonObject, type JsonObject, objectsAt, stringAt } from "../../json.ts";
import type { State } from "../state.ts";
import { SAMPLES } from "./samples.ts";

/**
 * The messages of a payload count as received, their senders' 24-hour windows open, their files can be downloaded (as samples), and the
 * phone number that got them can send. Parts of unexpected shape are ignored.
 */
export function adopt(payload: unknown, state: State): void {
  for (const change of objectsAt(asJsonObject(payload), "entry").flatMap((entry) => objectsAt(entry, "changes"))) {
    const value = asJsonObject(change["value"]);
    const metadata = asJsonObject(value?.["metadata"]);
    const [id, number] = [stringAt(metadata, "phone_number_id"), stringAt(metadata, "display_phone_number")];
    if (id !== undefined) state.phoneNumbers.adopt(id, number ?? "");
    for (const message of objectsAt(value, "messages")) adoptMessage(message, state);
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
