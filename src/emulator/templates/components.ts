/** Checks the components of a new or edited template. Refuses only what Meta documents as refused. Source: Meta, "Template components". */
import { asJsonObject, type JsonObject } from "../../json.ts";
import { isNamed, variablesIn } from "../../messages/template-needs.ts";
import { invalid } from "../http/graph-response.ts";
import { checkButtons } from "./buttons.ts";
import { missingField, refused, tooLong } from "./refusals.ts";
import type { TemplateComponent } from "./template.ts";

const MAX_HEADER = 60;
const MAX_BODY = 1024;
const MAX_FOOTER = 60;
const MAX_OFFER = 16;
const MAX_CARDS = 10;
const MEDIA_FORMATS = new Set(["IMAGE", "VIDEO", "DOCUMENT", "GIF"]);
const FORMATS = ["TEXT", "IMAGE", "VIDEO", "GIF", "DOCUMENT", "LOCATION", "PRODUCT"];

export interface Definition {
  category: string;
  /** Whether variables have names instead of numbers. */
  named: boolean;
}

/** The components with types in upper case. Throws a `GraphErrorResponse` for the first that Meta would refuse. */
export function readComponents(value: unknown, definition: Definition): TemplateComponent[] {
  const components = listOfComponents(value);
  if (!components.some(({ type }) => type === "BODY")) throw missingComponent();
  for (const component of components) check(component, definition);
  return components;
}

function listOfComponents(value: unknown): TemplateComponent[] {
  const components = Array.isArray(value) ? value.map(componentOf) : [undefined];
  if (components.includes(undefined)) throw missingComponent();
  const known = components as TemplateComponent[];
  const types = known.map(({ type }) => type);
  const twice = types.find((type, at) => types.indexOf(type) !== at);
  if (twice !== undefined) throw invalid(`Param components must have at most one component of type ${twice}.`);
  return known;
}

function missingComponent() {
  return invalid("Param components must be a list of components, one of type BODY.");
}

function componentOf(value: unknown): TemplateComponent | undefined {
  const item = asJsonObject(value);
  if (typeof item?.["type"] !== "string") return undefined;
  const { format, buttons } = item;
  return {
    ...item,
    type: item["type"].toUpperCase(),
    ...(typeof format === "string" ? { format: format.toUpperCase() } : {}),
    ...(Array.isArray(buttons) ? { buttons: buttons.map(upperType) } : {}),
  };
}

function upperType(button: unknown): unknown {
  const item = asJsonObject(button);
  return typeof item?.["type"] === "string" ? { ...item, type: item["type"].toUpperCase() } : button;
}

function check(component: TemplateComponent, definition: Definition): void {
  if (component.type === "HEADER") checkHeader(component, definition);
  if (component.type === "BODY") checkBody(component, definition);
  if (component.type === "FOOTER") checkFooter(component);
  if (component.type === "BUTTONS") checkButtons(component, definition);
  if (component.type === "CAROUSEL") checkCarousel(component, definition);
  if (component.type === "LIMITED_TIME_OFFER") checkOffer(component);
}

function checkHeader(header: TemplateComponent, definition: Definition): void {
  const { format = "TEXT", text } = header;
  if (typeof format !== "string" || !FORMATS.includes(format)) {
    throw invalid(`Param format must be one of {${FORMATS.join(", ")}} - got "${String(format)}".`);
  }
  if (MEDIA_FORMATS.has(format) && !hasExample(header, ["header_handle", "header_url"], 1)) {
    throw missingField("HEADER", "example");
  }
  if (format !== "TEXT") return;
  if (typeof text !== "string" || text === "") throw missingField("HEADER", "text");
  if (text.length > MAX_HEADER) throw tooLong("header", MAX_HEADER);
  const variables = checkVariables(text, definition, (message) => refused(2_388_047, HEADER_FORMAT, message));
  if (variables.length > 1) throw refused(2_388_047, HEADER_FORMAT, "The header can have at most one variable.");
  const keys = definition.named ? ["header_text_named_params"] : ["header_text"];
  if (!hasExample(header, keys, variables.length)) throw missingField("HEADER", "example");
}

const HEADER_FORMAT = "Message Header Format is Incorrect";
const BODY_FORMAT = "Message Body Format is Incorrect";
const FOOTER_FORMAT = "Message Footer Format is Incorrect";

function checkBody(body: TemplateComponent, definition: Definition): void {
  const { text } = body;
  // Meta writes the text of an authentication template itself.
  if (text === undefined && definition.category === "AUTHENTICATION") return;
  if (typeof text !== "string" || text === "") throw missingField("BODY", "text");
  if (text.length > MAX_BODY) throw tooLong("body", MAX_BODY);
  const variables = checkVariables(text, definition, (message) => refused(2_388_072, BODY_FORMAT, message));
  if (/^\s*\{\{[^{}]+\}\}|\{\{[^{}]+\}\}\s*$/.test(text) && variables.length > 0) {
    const title = "Leading or Trailing Parameters Not Allowed";
    throw refused(2_388_299, title, "Variables can't be at the start or end of the template.");
  }
  const keys = definition.named ? ["body_text_named_params"] : ["body_text"];
  if (!hasExample(body, keys, variables.length)) throw missingField("BODY", "example");
}

function checkFooter({ text, code_expiration_minutes: minutes }: TemplateComponent): void {
  if (text === undefined && minutes !== undefined) return;
  if (typeof text !== "string" || text === "") throw missingField("FOOTER", "text");
  if (text.length > MAX_FOOTER) throw tooLong("footer", MAX_FOOTER);
  if (variablesIn(text).length > 0) throw refused(2_388_073, FOOTER_FORMAT, "The footer can't have variables.");
}

function checkCarousel({ cards }: TemplateComponent, definition: Definition): void {
  if (!Array.isArray(cards) || cards.length === 0) throw missingField("CAROUSEL", "cards");
  if (cards.length > MAX_CARDS) throw invalid(`Param cards must have at most ${MAX_CARDS} elements.`);
  for (const card of cards as unknown[]) {
    for (const component of listOfComponents(asJsonObject(card)?.["components"])) check(component, definition);
  }
}

function checkOffer({ limited_time_offer: offer }: TemplateComponent): void {
  const text = asJsonObject(offer)?.["text"];
  if (typeof text !== "string" || text === "") throw missingField("LIMITED_TIME_OFFER", "limited_time_offer");
  if (text.length > MAX_OFFER) throw tooLong("limited-time offer", MAX_OFFER);
}

/** The variables of a text: numbers from 1 without a gap, or names. */
function checkVariables(text: string, { named }: Definition, error: (message: string) => Error): string[] {
  const variables = variablesIn(text);
  if (named) {
    const wrong = variables.find((variable) => !/^[a-z_][a-z0-9_]*$/.test(variable));
    if (wrong !== undefined) throw error(`{{${wrong}}}: names have lower-case letters, digits and underscores.`);
    return variables;
  }
  const name = variables.find(isNamed);
  if (name !== undefined) throw error(`{{${name}}} has a name, but parameter_format is not NAMED.`);
  const numbers = variables.map(Number).toSorted((a, b) => a - b);
  if (numbers.every((number, at) => number === at + 1)) return variables;
  throw error(`The variables must be numbered from {{1}} without a gap; got {{${variables.join("}}, {{")}}}.`);
}

/** Whether `example` has a value for each variable: `["a"]`, `[["a", "b"]]`, or named ones. */
function hasExample({ example }: JsonObject, keys: readonly string[], count: number): boolean {
  if (count === 0) return true;
  const item = asJsonObject(example);
  return keys.some((key) => {
    const given = item?.[key];
    if (typeof given === "string") return given !== "" && count === 1;
    if (!Array.isArray(given)) return false;
    const [first] = given as unknown[];
    return (Array.isArray(first) ? first : given).length >= count;
  });
}
