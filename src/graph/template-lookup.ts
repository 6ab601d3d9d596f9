/** Reads a template of the account, and which values it needs to be sent. Source: Meta, "Message templates" and "Template components". */
import { asJsonObject, stringAt, type JsonObject } from "../json.ts";
import type { Graph } from "./client.ts";

export interface AccountTemplate {
  name: string;
  /** `en_US` */
  language: string;
  /** `APPROVED`, `PENDING`, `PAUSED` …; Meta sends approved templates only. */
  status: string;
  /** Whether its parameters have names instead of numbers. */
  named: boolean;
  /** Whether all its parameters are the same one-time password. */
  isCode: boolean;
  /** The text of the body, with its placeholders. */
  body?: string;
  needs: readonly TemplateNeed[];
}

/** The form of a value: what is written in a text, the end of a URL, a coupon, media, a place, a moment. */
export type NeedForm = "text" | "url" | "coupon" | "image" | "video" | "document" | "location" | "expiration";

/** One value that the template needs. */
export interface TemplateNeed {
  part: "header" | "body" | "button" | "offer";
  form: NeedForm | "unsupported";
  /** The zero-based index of the card of a carousel. */
  card?: number;
  /** The zero-based index of the button. */
  button?: number;
  /** `1` or `customer`: what is between the braces. */
  placeholder?: string;
  /** The text of the button, or the URL that the value completes. */
  about?: string;
  /** The example with which the template was submitted. */
  example?: string;
}

const FIELDS = "name,language,status,category,parameter_format,components";
/** Meta allows 10 buttons and 10 cards; the account's data is read no further. */
const MAX_MEMBERS = 100;

/** All languages of a template. Throws as `Graph.request` does. */
export async function findTemplates(graph: Graph, accountId: string, name: string): Promise<AccountTemplate[]> {
  const { body } = await graph.request<JsonObject>({
    path: `${encodeURIComponent(accountId)}/message_templates`,
    query: { name, fields: FIELDS, limit: String(MAX_MEMBERS) },
  });
  // Meta also finds templates whose name contains it.
  return objectsAt(body, "data")
    .filter((each) => stringAt(each, "name") === name)
    .map(toTemplate);
}

function toTemplate(item: JsonObject): AccountTemplate {
  const body = objectsAt(item, "components").find((component) => wordAt(component, "type") === "BODY");
  const text = stringAt(body, "text");
  return {
    name: stringAt(item, "name") ?? "",
    language: stringAt(item, "language") ?? "",
    status: stringAt(item, "status")?.toUpperCase() ?? "",
    named: wordAt(item, "parameter_format") === "NAMED",
    isCode: wordAt(item, "category") === "AUTHENTICATION",
    ...(text === undefined ? {} : { body: text }),
    needs: needsOf(item, wordAt(item, "category") === "AUTHENTICATION"),
  };
}

function needsOf(item: JsonObject, isCode: boolean): TemplateNeed[] {
  return objectsAt(item, "components").flatMap((component): TemplateNeed[] => {
    const type = wordAt(component, "type");
    if (type === "HEADER") return headerNeeds(component);
    if (type === "BODY") return bodyNeeds(component, isCode);
    if (type === "BUTTONS") return objectsAt(component, "buttons").flatMap(buttonNeeds);
    if (type === "LIMITED_TIME_OFFER") return offerNeeds(component);
    if (type !== "CAROUSEL") return [];
    return objectsAt(component, "cards").flatMap((card, at) =>
      needsOf(card, isCode).map((need) => ({ ...need, card: at })),
    );
  });
}

const HEADER_FORMS: Readonly<Record<string, NeedForm>> = {
  IMAGE: "image",
  VIDEO: "video",
  DOCUMENT: "document",
  LOCATION: "location",
};

function headerNeeds(component: JsonObject): TemplateNeed[] {
  const format = wordAt(component, "format") ?? "TEXT";
  const form = HEADER_FORMS[format];
  if (form !== undefined) return [{ part: "header", form }];
  if (format !== "TEXT") return [{ part: "header", form: "unsupported", about: format }];
  return textNeeds("header", component);
}

/** The body of an authentication template is Meta's own: it has no text, and takes one parameter. */
function bodyNeeds(component: JsonObject, isCode: boolean): TemplateNeed[] {
  if (isCode && stringAt(component, "text") === undefined) return [{ part: "body", form: "text", placeholder: "1" }];
  return textNeeds("body", component);
}

function textNeeds(part: "header" | "body", component: JsonObject): TemplateNeed[] {
  const examples = examplesOf(part, asJsonObject(component["example"]));
  return placeholdersIn(stringAt(component, "text")).map((placeholder) => {
    const example = examples.get(placeholder);
    return { part, form: "text", placeholder, ...(example === undefined ? {} : { example }) };
  });
}

/** Examples by placeholder: `body_text: [["Sheena"]]`, `header_text: ["Sheena"]`, `body_text_named_params: [{ param_name, example }]`. */
function examplesOf(part: string, example: JsonObject | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const listed: unknown = example?.[`${part}_text`];
  const values: unknown = Array.isArray(listed) && Array.isArray(listed[0]) ? listed[0] : listed;
  for (const [at, value] of (Array.isArray(values) ? values : []).entries()) {
    if (typeof value === "string") found.set(String(at + 1), value);
  }
  for (const named of objectsAt(example ?? {}, `${part}_text_named_params`)) {
    found.set(stringAt(named, "param_name") ?? "", stringAt(named, "example") ?? "");
  }
  return found;
}

function buttonNeeds(item: JsonObject, button: number): TemplateNeed[] {
  const type = wordAt(item, "type");
  const url = stringAt(item, "url");
  const about = url ?? stringAt(item, "text");
  const need = { part: "button", button, ...(about === undefined ? {} : { about }) } as const;
  if (type === "OTP") return [{ ...need, form: "url" }];
  if (type === "URL") return placeholdersIn(url).length > 0 ? [{ ...need, form: "url" }] : [];
  if (type === "COPY_CODE") return [{ ...need, form: "coupon" }];
  return type === "MPM" || type === "ORDER_DETAILS" ? [{ ...need, form: "unsupported", about: type }] : [];
}

function offerNeeds(component: JsonObject): TemplateNeed[] {
  const expires = asJsonObject(component["limited_time_offer"])?.["has_expiration"] === true;
  return expires ? [{ part: "offer", form: "expiration" }] : [];
}

/** The distinct words in `{{…}}`, numbers in their order. */
function placeholdersIn(text: string | undefined): string[] {
  const found = [...(text ?? "").matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? "");
  const distinct = [...new Set(found)].slice(0, MAX_MEMBERS);
  return distinct.every((each) => /^\d+$/.test(each)) ? distinct.toSorted((a, b) => Number(a) - Number(b)) : distinct;
}

function objectsAt(item: JsonObject, key: string): JsonObject[] {
  const value = item[key];
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_MEMBERS).map((each) => asJsonObject(each) ?? {});
}

/** A word of Meta's, which it writes in upper or lower case. */
function wordAt(item: JsonObject, key: string): string | undefined {
  return stringAt(item, key)?.toUpperCase();
}
