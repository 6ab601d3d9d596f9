/** The values that a message from a template needs, read from the template's components. Source: Meta, "Template components". */
import { asJsonObject, stringAt, type JsonObject } from "../json.ts";

/** The form of a value: what is written in a text, the end of a URL, a coupon, media, a place, a moment. */
export type NeedForm = "text" | "url" | "coupon" | "image" | "video" | "document" | "location" | "expiration";

/** One value that the template needs. */
export interface TemplateNeed {
  part: "header" | "body" | "button" | "offer";
  form: NeedForm | "unsupported";
  /** Of a header `TEXT`, `IMAGE`, `PRODUCT` …; of a button `URL`, `COPY_CODE`, `OTP`, `MPM` … */
  type?: string;
  /** The zero-based index of the card of a carousel. */
  card?: number;
  /** The zero-based index of the button. */
  button?: number;
  /** Of a text, `1` or `customer`: what is between the braces. */
  placeholder?: string;
  /** The text of the button, or the URL that the value completes. */
  about?: string;
  /** The example with which the template was submitted; of a URL, only what the value adds. */
  example?: string;
}

export interface TemplateNeeds {
  /** In the order of the components; those of a text in the order in which Meta counts them. */
  message: readonly TemplateNeed[];
  /** The cards of a carousel in their order. */
  cards: readonly (readonly TemplateNeed[])[];
}

/** Meta allows 10 buttons, 10 cards, and a body of 1024 characters, in which there is room for fewer variables than this. */
const MAX_MEMBERS = 250;

interface Definition {
  category?: string;
  components: unknown;
}

/** The components of a template as the API has them; what is malformed needs nothing. */
export function needsOf({ category, components }: Definition): TemplateNeeds {
  const isCode = category?.toUpperCase() === "AUTHENTICATION";
  return {
    message: sectionNeeds(components, isCode),
    cards: listOf(componentOf(components, "CAROUSEL")?.["cards"]).map((item, card) =>
      sectionNeeds(item["components"], isCode).map((need) => ({ ...need, card })),
    ),
  };
}

/** The component of this type, which is in upper case. */
export function componentOf(components: unknown, type: string): JsonObject | undefined {
  return listOf(components).find((component) => wordAt(component, "type") === type);
}

function sectionNeeds(components: unknown, isCode: boolean): TemplateNeed[] {
  return listOf(components).flatMap((component): TemplateNeed[] => {
    const type = wordAt(component, "type");
    if (type === "HEADER") return headerNeeds(component);
    if (type === "BODY") return bodyNeeds(component, isCode);
    if (type === "BUTTONS") return listOf(component["buttons"]).flatMap(buttonNeeds);
    const offer = type === "LIMITED_TIME_OFFER" ? asJsonObject(component["limited_time_offer"]) : undefined;
    return offer?.["has_expiration"] === true ? [{ part: "offer", form: "expiration" }] : [];
  });
}

const HEADER_FORMS: Readonly<Record<string, NeedForm>> = {
  IMAGE: "image",
  VIDEO: "video",
  DOCUMENT: "document",
  LOCATION: "location",
};

function headerNeeds(component: JsonObject): TemplateNeed[] {
  const type = wordAt(component, "format") ?? "TEXT";
  if (type !== "TEXT") return [{ part: "header", form: HEADER_FORMS[type] ?? "unsupported", type }];
  return textNeeds("header", component).map((need) => ({ ...need, type }));
}

/** The body of an authentication template is Meta's own: it has no text, and takes one parameter, the code. */
function bodyNeeds(component: JsonObject, isCode: boolean): TemplateNeed[] {
  if (isCode && component["text"] === undefined) return [{ part: "body", form: "text", placeholder: "1" }];
  return textNeeds("body", component);
}

function textNeeds(part: "header" | "body", component: JsonObject): TemplateNeed[] {
  const examples = examplesOf(part, asJsonObject(component["example"]));
  return variablesIn(component["text"]).map((placeholder) => {
    const example = examples.get(placeholder);
    return { part, form: "text", placeholder, ...(example === undefined ? {} : { example }) };
  });
}

/** Examples by placeholder: `body_text: [["Sheena"]]`, `header_text: ["Sheena"]`, `body_text_named_params: [{ param_name, example }]`. */
function examplesOf(part: string, example: JsonObject | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const listed: unknown = example?.[`${part}_text`];
  const values: unknown = Array.isArray(listed) && Array.isArray(listed[0]) ? listed[0] : listed;
  for (const [at, value] of (Array.isArray(values) ? values : [values]).slice(0, MAX_MEMBERS).entries()) {
    if (typeof value === "string") found.set(String(at + 1), value);
  }
  for (const named of listOf(example?.[`${part}_text_named_params`])) {
    const value = stringAt(named, "example");
    if (value !== undefined) found.set(stringAt(named, "param_name") ?? "", value);
  }
  return found;
}

/** The buttons whose parameter is required, besides URLs with a variable. */
const BUTTON_FORMS: Readonly<Record<string, TemplateNeed["form"]>> = {
  OTP: "url",
  COPY_CODE: "coupon",
  MPM: "unsupported",
  ORDER_DETAILS: "unsupported",
};

function buttonNeeds(item: JsonObject, button: number): TemplateNeed[] {
  const type = wordAt(item, "type") ?? "";
  const url = stringAt(item, "url");
  const form = type === "URL" && variablesIn(url).length > 0 ? "url" : BUTTON_FORMS[type];
  if (form === undefined) return [];
  const about = url ?? stringAt(item, "text");
  const example = buttonExample(item, url);
  const known = { ...(about === undefined ? {} : { about }), ...(example === undefined ? {} : { example }) };
  return [{ part: "button", form, type, button, ...known }];
}

/** Of a URL with a variable, only the part for the variable when the example is the whole URL. */
function buttonExample({ example: given }: JsonObject, url = ""): string | undefined {
  const example: unknown = Array.isArray(given) ? given[0] : given;
  if (typeof example !== "string") return undefined;
  const start = url.split("{{", 1)[0] ?? "";
  return start !== "" && example.startsWith(start) ? example.slice(start.length) : example;
}

/** The distinct names in `{{…}}` in their order, numbers in the order of the numbers. */
export function variablesIn(text: unknown): string[] {
  if (typeof text !== "string") return [];
  const names = [...text.matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g)].map((match) => match[1] ?? "");
  const distinct = [...new Set(names)].slice(0, MAX_MEMBERS);
  return distinct.some(isNamed) ? distinct : distinct.toSorted((a, b) => Number(a) - Number(b));
}

/** Whether a variable has a name, not a number. */
export function isNamed(variable: string): boolean {
  return !/^\d+$/.test(variable);
}

function listOf(value: unknown): JsonObject[] {
  return (Array.isArray(value) ? value : []).slice(0, MAX_MEMBERS).map((each) => asJsonObject(each) ?? {});
}

/** A word of Meta's, which it writes in upper or lower case. */
function wordAt(item: JsonObject, key: string): string | undefined {
  return stringAt(item, key)?.toUpperCase();
}
