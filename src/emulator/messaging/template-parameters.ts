/** Checks the parameters of a template message against the placeholders of the template. */
import { asJsonObject } from "../../json.ts";
import { invalid, GraphErrorResponse } from "../http/graph-response.ts";
import type { Template, TemplateComponent } from "./template.ts";

interface SentComponent {
  type: string;
  index: number;
  parameters: readonly Readonly<Record<string, unknown>>[];
}

/** Throws a `GraphErrorResponse` when the number or the type of the parameters does not match the template. */
export function checkParameters(template: Template, components: unknown): void {
  const sent = (Array.isArray(components) ? components : []).map(readComponent);
  for (const component of template.components) {
    if (component.type === "HEADER") checkHeader(component, sent);
    if (component.type === "BODY") checkText("body", component, sent);
    if (component.type === "BUTTONS") checkButtons(component, sent);
  }
}

function readComponent(value: unknown): SentComponent {
  const item = asJsonObject(value) ?? {};
  const { type, index, parameters } = item;
  return {
    type: String(type).toLowerCase(),
    index: Number(index),
    parameters: (Array.isArray(parameters) ? parameters : []).map((each) => asJsonObject(each) ?? {}),
  };
}

function checkHeader(component: TemplateComponent, sent: readonly SentComponent[]): void {
  const format = typeof component["format"] === "string" ? component["format"] : "TEXT";
  if (format === "TEXT") return checkText("header", component, sent);
  const given = parametersOf("header", sent)[0]?.["type"];
  const received = typeof given === "string" ? given.toUpperCase() : "UNKNOWN";
  if (received === format) return undefined;
  throw new GraphErrorResponse(132012, {
    details: `header: Format mismatch, expected ${format}, received ${received}`,
  });
}

function checkText(section: "header" | "body", component: TemplateComponent, sent: readonly SentComponent[]): void {
  const placeholders = placeholdersIn(component["text"]);
  const parameters = parametersOf(section, sent);
  if (parameters.length !== placeholders.length) {
    const details = `${section}: number of parameters (${parameters.length}) does not match the expected number (${placeholders.length})`;
    throw new GraphErrorResponse(132000, { details });
  }
  const named = placeholders.filter((name) => !/^\d+$/.test(name));
  const missing = named.find((name) => !parameters.some((parameter) => parameter["parameter_name"] === name));
  if (missing === undefined) return;
  throw invalid("Invalid parameter", `${section}: Parameter name ${missing} is missing`);
}

function checkButtons(component: TemplateComponent, sent: readonly SentComponent[]): void {
  const buttons = Array.isArray(component["buttons"]) ? component["buttons"] : [];
  for (const [index, value] of buttons.entries()) {
    const button = asJsonObject(value);
    const { type, url } = button ?? {};
    const needed = type === "COPY_CODE" || (type === "URL" && placeholdersIn(url).length > 0) || type === "OTP";
    const own = sent.find((each) => each.type === "button" && each.index === index);
    if (!needed || (own?.parameters.length ?? 0) > 0) continue;
    throw new GraphErrorResponse(131008, {
      details: `buttons: the button at index ${index}, of type ${type}, needs a parameter`,
    });
  }
}

function parametersOf(section: string, sent: readonly SentComponent[]): SentComponent["parameters"] {
  return sent.find(({ type }) => type === section)?.parameters ?? [];
}

/** The distinct names in `{{…}}`. */
function placeholdersIn(text: unknown): string[] {
  if (typeof text !== "string") return [];
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? ""))];
}
