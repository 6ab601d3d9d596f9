/** Whether a message brings what its template has places for. */
import { asItem } from "../../json.ts";
import { invalid, Refusal } from "../http/answer.ts";
import type { Template, TemplateComponent } from "./template.ts";

interface SentComponent {
  type: string;
  index: number;
  parameters: readonly Readonly<Record<string, unknown>>[];
}

/** Throws the answer to parameters that are too few, too many or of another sort than the template has places for. */
export function checkParameters(template: Template, components: unknown): void {
  const sent = (Array.isArray(components) ? components : []).map(readComponent);
  for (const component of template.components) {
    if (component.type === "HEADER") checkHeader(component, sent);
    if (component.type === "BODY") checkWords("body", component, sent);
    if (component.type === "BUTTONS") checkButtons(component, sent);
  }
}

function readComponent(value: unknown): SentComponent {
  const item = asItem(value) ?? {};
  const { type, index, parameters } = item;
  return {
    type: String(type).toLowerCase(),
    index: Number(index),
    parameters: (Array.isArray(parameters) ? parameters : []).map((each) => asItem(each) ?? {}),
  };
}

function checkHeader(component: TemplateComponent, sent: readonly SentComponent[]): void {
  const format = typeof component["format"] === "string" ? component["format"] : "TEXT";
  if (format === "TEXT") return checkWords("header", component, sent);
  const given = parametersOf("header", sent)[0]?.["type"];
  const received = typeof given === "string" ? given.toUpperCase() : "UNKNOWN";
  if (received === format) return undefined;
  throw new Refusal(132012, { details: `header: Format mismatch, expected ${format}, received ${received}` });
}

function checkWords(place: "header" | "body", component: TemplateComponent, sent: readonly SentComponent[]): void {
  const places = placesIn(component["text"]);
  const parameters = parametersOf(place, sent);
  if (parameters.length !== places.length) {
    const details = `${place}: number of parameters (${parameters.length}) does not match the expected number (${places.length})`;
    throw new Refusal(132000, { details });
  }
  const named = places.filter((name) => !/^\d+$/.test(name));
  const unnamed = named.find((name) => !parameters.some((parameter) => parameter["parameter_name"] === name));
  if (unnamed === undefined) return;
  throw invalid("Invalid parameter", `${place}: Parameter name ${unnamed} is missing`);
}

function checkButtons(component: TemplateComponent, sent: readonly SentComponent[]): void {
  const buttons = Array.isArray(component["buttons"]) ? component["buttons"] : [];
  for (const [index, value] of buttons.entries()) {
    const button = asItem(value);
    const { type, url } = button ?? {};
    const needed = type === "COPY_CODE" || (type === "URL" && placesIn(url).length > 0) || type === "OTP";
    const own = sent.find((each) => each.type === "button" && each.index === index);
    if (!needed || (own?.parameters.length ?? 0) > 0) continue;
    throw new Refusal(131008, {
      details: `buttons: the button at index ${index}, of type ${type}, needs a parameter`,
    });
  }
}

function parametersOf(place: string, sent: readonly SentComponent[]): SentComponent["parameters"] {
  return sent.find(({ type }) => type === place)?.parameters ?? [];
}

/** The names in `{{…}}`, each once. */
function placesIn(text: unknown): string[] {
  if (typeof text !== "string") return [];
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? ""))];
}
