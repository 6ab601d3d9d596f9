/** A message from a template: the template's text with the parameters of the request in it. */
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import type { Choice } from "../api.ts";
import { contentOf, contextOf, itemsOf, linesOf, linkChoice, mediaOf, type Content, type Sent } from "./content.ts";

export function templateContent(template: JsonObject, sent: Sent): Content {
  const name = stringAt(template, "name") ?? "";
  const language = stringAt(asJsonObject(template["language"]), "code") ?? "";
  const definition = sent.template(name, language);
  const given = itemsOf(template["components"]);
  if (definition === undefined)
    return { lines: linesOf([`template ${name} (${language})`, ...given.flatMap(valuesOf)]) };
  return sectionContent(definition, given, sent);
}

function sectionContent(definition: readonly JsonObject[], given: readonly JsonObject[], sent: Sent): Content {
  const component = (type: string) => definition.find((each) => each["type"] === type);
  const cards = itemsOf(component("CAROUSEL")?.["cards"]);
  const sentCards = itemsOf(sentComponent(given, "carousel")?.["cards"]);
  const shown = cards.map((card, at) =>
    sectionContent(itemsOf(card["components"]), itemsOf(sentCards[at]?.["components"]), sent),
  );
  const offer = stringAt(asJsonObject(component("LIMITED_TIME_OFFER")?.["limited_time_offer"]), "text");
  const header = parametersOf(sentComponent(given, "header"));
  const kind = stringAt(header[0], "type")?.toLowerCase() ?? "";
  return contentOf({
    lines: [
      ...linesOf([filled(component("BODY"), parametersOf(sentComponent(given, "body"))), offer]),
      ...shown.flatMap(({ lines }) => lines),
    ],
    header: filled(component("HEADER"), header),
    footer: stringAt(component("FOOTER"), "text"),
    media: mediaOf(kind, header[0]?.[kind], sent.media),
    choices: [
      ...itemsOf(component("BUTTONS")?.["buttons"]).map((button, at) =>
        buttonChoice(button, at, { given, id: sent.id }),
      ),
      ...shown.flatMap(({ choices = [] }) => choices),
    ],
  });
}

function sentComponent(given: readonly JsonObject[], type: string): JsonObject | undefined {
  return given.find((each) => stringAt(each, "type")?.toLowerCase() === type);
}

function parametersOf(component: JsonObject | undefined): JsonObject[] {
  return itemsOf(component?.["parameters"]);
}

/** `Hello {{1}}` or `Hello {{customer}}` with the parameters in place of the braces. */
function filled(component: JsonObject | undefined, parameters: readonly JsonObject[]): string | undefined {
  const text = stringAt(component, "text");
  return text?.replaceAll(/\{\{\s*([^{}\s]+)\s*\}\}/g, (placeholder, name: string) => {
    const parameter = /^\d+$/.test(name)
      ? parameters[Number(name) - 1]
      : parameters.find((each) => stringAt(each, "parameter_name") === name);
    return valueOf(parameter) ?? placeholder;
  });
}

function valueOf(parameter: JsonObject | undefined): string | undefined {
  const type = stringAt(parameter, "type")?.toLowerCase() ?? "";
  if (type === "currency" || type === "date_time") return stringAt(asJsonObject(parameter?.[type]), "fallback_value");
  return stringAt(parameter, "text") ?? stringAt(parameter, "payload") ?? stringAt(parameter, "coupon_code");
}

function valuesOf(component: JsonObject): string[] {
  return parametersOf(component)
    .map(valueOf)
    .filter((value) => value !== undefined);
}

interface Pressing {
  given: readonly JsonObject[];
  id: string | undefined;
}

function buttonChoice(button: JsonObject, at: number, { given, id }: Pressing): Choice {
  const type = stringAt(button, "type");
  const label = stringAt(button, "text") ?? type ?? "";
  const own = given.find((each) => stringAt(each, "type")?.toLowerCase() === "button" && Number(each["index"]) === at);
  const value = valueOf(parametersOf(own)[0]);
  if (type === "URL")
    return linkChoice(
      label,
      stringAt(button, "url")?.replace(/\{\{\s*1\s*\}\}/, () => value ?? ""),
    );
  if (type !== "QUICK_REPLY") return { label };
  const pressed = { payload: value ?? label, text: label };
  return { label, message: { type: "button", button: pressed, ...contextOf(id) } };
}
