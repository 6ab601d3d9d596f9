/** A message of the business as a bubble shows it, from the request that sent it. */
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import type { Choice } from "../api.ts";
import {
  commonContent,
  contentOf,
  contextOf,
  itemsOf,
  linesOf,
  linkChoice,
  mediaOf,
  type Content,
  type Sent,
} from "./content.ts";
import { templateContent } from "./template.ts";

export function outboundContent(request: JsonObject, sent: Sent): Content {
  const type = (stringAt(request, "type") ?? "text").toLowerCase();
  const content = contentFor(type, request, sent);
  const quoted = stringAt(asJsonObject(request["context"]), "message_id");
  return quoted === undefined ? content : { ...content, quoted: { id: quoted } };
}

function contentFor(type: string, request: JsonObject, sent: Sent): Content {
  const content = asJsonObject(request[type]) ?? {};
  if (type === "template") return templateContent(content, sent);
  if (type === "interactive") return interactiveContent(content, sent);
  return commonContent(type, request, sent.media) ?? { lines: linesOf([sent.summary]) };
}

function interactiveContent(content: JsonObject, sent: Sent): Content {
  const header = asJsonObject(content["header"]);
  const action = asJsonObject(content["action"]) ?? {};
  const kind = stringAt(header, "type") ?? "";
  const cards = itemsOf(action["cards"]);
  const lines = linesOf([stringAt(asJsonObject(content["body"]), "text"), ...cards.map(cardText)]);
  return contentOf({
    lines: lines.length === 0 ? linesOf([sent.summary]) : lines,
    header: stringAt(header, "text"),
    footer: stringAt(asJsonObject(content["footer"]), "text"),
    media: mediaOf(kind, header?.[kind], sent.media),
    choices: [
      ...choicesOf(stringAt(content, "type") ?? "", action, sent.id),
      ...cards.flatMap((card) => choicesOf("", asJsonObject(card["action"]) ?? {}, sent.id)),
    ],
  });
}

function cardText(card: JsonObject): string | undefined {
  return stringAt(asJsonObject(card["body"]), "text") ?? stringAt(asJsonObject(card["action"]), "product_retailer_id");
}

/** Buttons and rows with what the customer sends by pressing them. */
function choicesOf(type: string, action: JsonObject, id: string | undefined): Choice[] {
  const parameters = asJsonObject(action["parameters"]);
  const rows = itemsOf(action["sections"]).flatMap((section) => itemsOf(section["rows"]));
  const link = stringAt(parameters, "display_text");
  if (type === "location_request_message") return [locationChoice(id)];
  return [
    ...itemsOf(action["buttons"]).flatMap((button) => replyChoice(button, id)),
    ...rows.map((row) => listChoice(row, id)),
    ...(link === undefined ? [] : [linkChoice(link, stringAt(parameters, "url"))]),
    ...(type === "flow" ? [{ label: stringAt(parameters, "flow_cta") ?? "Flow" }] : []),
    ...(type === "catalog_message" ? [{ label: "View catalog" }] : []),
  ];
}

function replyChoice(button: JsonObject, id: string | undefined): Choice[] {
  const reply = asJsonObject(button["reply"]) ?? asJsonObject(button["quick_reply"]);
  const [value, title] = [stringAt(reply, "id"), stringAt(reply, "title")];
  if (value === undefined || title === undefined) return [];
  const interactive = { type: "button_reply", button_reply: { id: value, title } };
  return [{ label: title, message: { type: "interactive", interactive, ...contextOf(id) } }];
}

function listChoice(row: JsonObject, id: string | undefined): Choice {
  const [value, title = "", description] = [stringAt(row, "id"), stringAt(row, "title"), stringAt(row, "description")];
  const more = description === undefined ? {} : { description };
  const interactive = { type: "list_reply", list_reply: { id: value, title, ...more } };
  return { label: title, ...more, message: { type: "interactive", interactive, ...contextOf(id) } };
}

function locationChoice(id: string | undefined): Choice {
  const location = { latitude: 37.484_116, longitude: -122.148_244, name: "Example Street 4" };
  return { label: "Send location", message: { type: "location", location, ...contextOf(id) } };
}
