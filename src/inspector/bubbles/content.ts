/** What a bubble shows, apart from who sent it and what became of it. */
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import type { Bubble, Choice } from "../api.ts";

export type Content = Pick<Bubble, "lines" | "header" | "footer" | "choices" | "media" | "quoted"> & {
  /** A reaction is shown at the message that it is to. */
  reaction?: { to: string; emoji: string };
};

export interface MediaUrls {
  /** Where the page's own server has this file; undefined when it does not have it. */
  urlOf(id: string): string | undefined;
}

/** The components of a template, with types in upper case; undefined when it is not known. */
export type FindTemplate = (name: string, language: string) => readonly JsonObject[] | undefined;

/** A message of the business, as far as its request does not have it. */
export interface Sent {
  /** The id of the message, for what the customer sends by pressing something in it. */
  id: string | undefined;
  summary: string;
  media: MediaUrls;
  template: FindTemplate;
}

/** Longer than any text of Meta. */
const MAX_LINES = 200;
const MAX_LINE = 5000;
const MAX_ITEMS = 100;

const MEDIA_KINDS = new Set(["image", "video", "audio", "document", "sticker"]);

export function linesOf(texts: readonly (string | undefined)[]): string[] {
  return texts
    .filter((text) => text !== undefined && text !== "")
    .flatMap((text) => (text as string).split("\n"))
    .slice(0, MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE));
}

/** The objects of an untrusted list. */
export function itemsOf(list: unknown): JsonObject[] {
  return (Array.isArray(list) ? list : []).slice(0, MAX_ITEMS).map((each) => asJsonObject(each) ?? {});
}

/** A file by its id, or by a link, which is shown and not loaded. */
export function mediaOf(kind: string, given: unknown, media: MediaUrls): Bubble["media"] {
  const item = asJsonObject(given);
  if (!MEDIA_KINDS.has(kind) || item === undefined) return undefined;
  const [id, mime, filename] = [stringAt(item, "id"), stringAt(item, "mime_type"), stringAt(item, "filename")];
  const url = id === undefined ? undefined : media.urlOf(id);
  return {
    kind,
    ...(mime === undefined ? {} : { mime }),
    ...(filename === undefined ? {} : { filename }),
    ...(url === undefined ? {} : { url }),
  };
}

/** The keys that both directions have: text, media, location, contacts, reaction. Undefined for another type. */
export function commonContent(type: string, message: JsonObject, media: MediaUrls): Content | undefined {
  const content = asJsonObject(message[type]);
  if (type === "text") return { lines: linesOf([stringAt(content, "body")]) };
  const file = mediaOf(type, content, media);
  if (file !== undefined)
    return { lines: linesOf([stringAt(content, "caption"), stringAt(content, "link")]), media: file };
  if (type === "location") {
    const place = [stringAt(content, "latitude"), stringAt(content, "longitude")].join(", ");
    return { lines: linesOf([stringAt(content, "name"), stringAt(content, "address"), place]) };
  }
  if (type === "contacts") return { lines: itemsOf(message["contacts"]).flatMap(contactLines).slice(0, MAX_LINES) };
  const to = type === "reaction" ? stringAt(content, "message_id") : undefined;
  return to === undefined ? undefined : { lines: [], reaction: { to, emoji: stringAt(content, "emoji") ?? "" } };
}

function contactLines(contact: JsonObject): string[] {
  const phones = itemsOf(contact["phones"]).map((phone) => stringAt(phone, "phone"));
  return linesOf([[stringAt(asJsonObject(contact["name"]), "formatted_name"), ...phones].filter(Boolean).join(" · ")]);
}

/** With the keys that have something in them. */
export function contentOf({
  choices = [],
  ...content
}: {
  lines: string[];
  header?: string | undefined;
  footer?: string | undefined;
  choices?: Choice[];
  media?: Bubble["media"];
}): Content {
  const { lines, header, footer, media } = content;
  return {
    lines,
    ...(header === undefined ? {} : { header }),
    ...(footer === undefined ? {} : { footer }),
    ...(media === undefined ? {} : { media }),
    ...(choices.length === 0 ? {} : { choices: choices.slice(0, MAX_ITEMS) }),
  };
}

/** A link that a page may show as one. */
function linkOf(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url.slice(0, MAX_LINE) : undefined;
}

export function linkChoice(label: string, url: string | undefined): Choice {
  const link = linkOf(url);
  return link === undefined ? { label } : { label, url: link };
}

/** The message that a reply is to. */
export function contextOf(id: string | undefined): { context?: { id: string } } {
  return id === undefined ? {} : { context: { id } };
}
