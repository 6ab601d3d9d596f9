/** A customer's message, or an echo of one of the business, as a bubble shows it. */
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import { commonContent, linesOf, type Content, type MediaUrls } from "./content.ts";

/** `summary` is for types that have no content of their own here. */
export function inboundContent(message: JsonObject, summary: string, media: MediaUrls): Content {
  const type = stringAt(message, "type") ?? "";
  const content = commonContent(type, message, media) ?? { lines: replyLines(type, message) ?? linesOf([summary]) };
  const quoted = stringAt(asJsonObject(message["context"]), "id");
  return quoted === undefined ? content : { ...content, quoted: { id: quoted } };
}

/** What was pressed. */
function replyLines(type: string, message: JsonObject): string[] | undefined {
  const content = asJsonObject(message[type]);
  if (type === "button") return linesOf([stringAt(content, "text")]);
  if (type !== "interactive") return undefined;
  const chosen = asJsonObject(content?.["button_reply"]) ?? asJsonObject(content?.["list_reply"]);
  return chosen === undefined ? undefined : linesOf([stringAt(chosen, "title"), stringAt(chosen, "description")]);
}

/** The message at a path such as `entry[0].changes[0].value.messages[0]`; that of an echo or a history item is inside. */
export function messageAt(payload: unknown, path: string): JsonObject {
  let item: unknown = payload;
  for (const [key] of path.matchAll(/[^.[\]]+/g)) {
    if (typeof item !== "object" || item === null || !Object.hasOwn(item, key)) return {};
    item = (item as Record<string, unknown>)[key];
  }
  const found = asJsonObject(item) ?? {};
  return asJsonObject(found["message"]) ?? found;
}
