/** Checks the parameters of a template message against the placeholders of the template. */
import { asJsonObject, type JsonObject } from "../../json.ts";
import { isNamed, needsOf, type TemplateNeed } from "../../messages/template-needs.ts";
import { invalid, GraphErrorResponse } from "../http/graph-response.ts";
import type { Template } from "./template.ts";

interface SentComponent {
  type: string;
  index: number;
  parameters: readonly JsonObject[];
  cards: readonly JsonObject[];
}

type SectionNeeds = readonly TemplateNeed[];

/**
 * Throws a `GraphErrorResponse` when the number or the type of the parameters does not match the template. The details of 132000, 131008
 * and 132012 are worded as in Meta's responses.
 */
export function checkParameters(template: Template, components: unknown): void {
  const sent = readComponents(components);
  const { message, cards } = needsOf(template);
  if (message.some(({ part }) => part === "offer")) checkOffer(sent);
  checkSection(message, sent);
  if (cards.length > 0) checkCards(cards, sent);
}

function readComponents(components: unknown): SentComponent[] {
  return (Array.isArray(components) ? components : []).map(readComponent);
}

function readComponent(value: unknown): SentComponent {
  const { type, index, parameters, cards } = asJsonObject(value) ?? {};
  return {
    type: String(type).toLowerCase(),
    index: Number(index),
    parameters: itemsOf(parameters),
    cards: itemsOf(cards),
  };
}

function itemsOf(list: unknown): JsonObject[] {
  return (Array.isArray(list) ? list : []).map((each) => asJsonObject(each) ?? {});
}

function checkSection(needs: SectionNeeds, sent: readonly SentComponent[]): void {
  const header = needs.find(({ part }) => part === "header");
  if (header?.form === "text") checkText("header", variablesOf("header", needs), sent);
  else if (header !== undefined) checkMedia(header.type ?? "", sent);
  checkText("body", variablesOf("body", needs), sent);
  for (const { part, button, type = "" } of needs) {
    if (part !== "button") continue;
    const own = sent.find((each) => each.type === "button" && each.index === button);
    if ((own?.parameters.length ?? 0) > 0) continue;
    throw new GraphErrorResponse(131008, {
      details: `buttons: Button at index ${button} of type ${titleCase(type)} requires a parameter`,
    });
  }
}

function variablesOf(section: "header" | "body", needs: SectionNeeds): string[] {
  return needs.filter(({ part }) => part === section).map(({ placeholder = "" }) => placeholder);
}

/** `CopyCode` for `COPY_CODE`. */
function titleCase(type: string): string {
  return type
    .split("_")
    .map((word) => `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`)
    .join("");
}

function checkMedia(format: string, sent: readonly SentComponent[]): void {
  const given = parametersOf("header", sent)[0]?.["type"];
  const received = typeof given === "string" ? given.toUpperCase() : "UNKNOWN";
  if (received === format) return;
  throw new GraphErrorResponse(132012, {
    details: `header: Format mismatch, expected ${format}, received ${received}`,
  });
}

function checkText(section: "header" | "body", variables: readonly string[], sent: readonly SentComponent[]): void {
  const parameters = parametersOf(section, sent);
  if (parameters.length !== variables.length) {
    const details = `${section}: number of localizable_params (${parameters.length}) does not match the expected number of params (${variables.length})`;
    throw new GraphErrorResponse(132000, { details });
  }
  const named = variables.filter(isNamed);
  if (named.length > 0 && parameters.some((parameter) => parameter["parameter_name"] === undefined)) {
    throw invalid("Invalid parameter", `${section}: Parameter name is missing or empty`);
  }
  const missing = named.find((name) => !parameters.some((parameter) => parameter["parameter_name"] === name));
  if (missing === undefined) return;
  throw invalid("Invalid parameter", `${section}: Parameter name ${missing} is missing`);
}

function checkCards(needs: readonly SectionNeeds[], sent: readonly SentComponent[]): void {
  const cards = sent.find(({ type }) => type === "carousel")?.cards ?? [];
  if (cards.length !== needs.length) {
    const details = `carousel: number of cards (${cards.length}) does not match the expected number of cards (${needs.length})`;
    throw new GraphErrorResponse(132012, { details });
  }
  for (const [at, card] of needs.entries()) {
    const own = cards.find(({ card_index: index }) => Number(index) === at);
    checkSection(card, readComponents(own?.["components"]));
  }
}

function checkOffer(sent: readonly SentComponent[]): void {
  if (parametersOf("limited_time_offer", sent).length > 0) return;
  throw new GraphErrorResponse(131008, { details: "limited_time_offer: expiration_time_ms is required" });
}

function parametersOf(section: string, sent: readonly SentComponent[]): SentComponent["parameters"] {
  return sent.find(({ type }) => type === section)?.parameters ?? [];
}
