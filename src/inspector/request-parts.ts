/** What a request of the app to the Graph API is about. */
import type { EmulatedRequest } from "../emulator/event.ts";
import { digitsIn, waIdOf } from "../emulator/messaging/recipient.ts";
import { asJsonObject, stringAt } from "../json.ts";

/** The customer or group that a message is to: as webhooks name it. */
export function recipientOf(body: unknown): string | undefined {
  const request = asJsonObject(body);
  const to = stringAt(request, "to");
  if (to === undefined) return stringAt(request, "recipient");
  const number = digitsIn(to);
  return number === undefined ? to : waIdOf(number);
}

/** The ids of messages and media that the request names. */
export function referencesOf({ path, body }: EmulatedRequest): string[] {
  const request = asJsonObject(body);
  const named = [
    stringAt(request, "message_id"),
    stringAt(asJsonObject(request?.["context"]), "message_id"),
    stringAt(asJsonObject(request?.["reaction"]), "message_id"),
    path.split("/")[1],
  ];
  return named.filter((id) => id !== undefined);
}

/** In one line, as the trace shows it. */
export function requestText({ method, path, kind, summary, status, error }: EmulatedRequest): string {
  const what = kind === undefined ? `${method} ${path}` : `${kind} ${summary ?? ""}`.trim();
  return error === undefined ? `${what} → ${status}` : `${what} → ${status}, error ${error.code}`;
}

/** The kind of a message, which a conversation shows; marking one as read is none. A refused request was not always read. */
export function messageKind({ method, path, kind, body }: EmulatedRequest): string | undefined {
  if (kind !== undefined) return kind === "read" ? undefined : kind;
  if (method !== "POST" || !path.endsWith("/messages") || recipientOf(body) === undefined) return undefined;
  const request = asJsonObject(body);
  const type = stringAt(request, "type") ?? "text";
  return type === "interactive" ? (stringAt(asJsonObject(request?.[type]), "type") ?? type) : type;
}
