/** The parameters that a message from a template needs, read from the template's components. Source: Meta, "Template components". */
import { asJsonObject, type JsonObject } from "../json.ts";

/** What the header needs: its variables, or media or a location of its format. */
interface HeaderNeed {
  /** `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`, `PRODUCT` … */
  format: string;
  /** Of a text: at most one. */
  variables: readonly string[];
}

/** A button whose parameter is required. */
interface ButtonNeed {
  /** Counted from 0. */
  index: number;
  /** `URL`, `COPY_CODE`, `OTP` or `MPM`. */
  type: string;
  /** The type of the parameter in a message. */
  parameter: "text" | "coupon_code" | "action";
}

interface SectionNeeds {
  header?: HeaderNeed;
  /** The variables of the body in their order: `1`, `2` … or names. */
  body: readonly string[];
  buttons: readonly ButtonNeed[];
}

export interface TemplateNeeds extends SectionNeeds {
  /** The cards of a carousel in their order. */
  cards: readonly SectionNeeds[];
  /** Whether a limited-time offer needs the time at which it expires. */
  expires: boolean;
}

/** The components of a template as the API has them; what is malformed needs nothing. */
export function needsOf({ category, components }: { category?: string; components: unknown }): TemplateNeeds {
  const all = partsOf(components);
  const offer = asJsonObject(partOf(all, "LIMITED_TIME_OFFER")?.["limited_time_offer"]);
  const cards = listOf(partOf(all, "CAROUSEL")?.["cards"]);
  return {
    ...sectionNeeds(all, category?.toUpperCase() === "AUTHENTICATION"),
    cards: cards.map((card) => sectionNeeds(partsOf(asJsonObject(card)?.["components"]), false)),
    expires: offer?.["has_expiration"] === true,
  };
}

function sectionNeeds(parts: readonly JsonObject[], authentication: boolean): SectionNeeds {
  const header = headerNeed(partOf(parts, "HEADER"));
  const body = partOf(parts, "BODY");
  const buttons = listOf(partOf(parts, "BUTTONS")?.["buttons"]);
  return {
    ...(header === undefined ? {} : { header }),
    // Meta writes the text of an authentication template itself; its one variable is the code.
    body: authentication && body !== undefined && body["text"] === undefined ? ["1"] : variablesIn(body?.["text"]),
    buttons: buttons.flatMap((button, index) => buttonNeed(asJsonObject(button) ?? {}, index)),
  };
}

function headerNeed(header: JsonObject | undefined): HeaderNeed | undefined {
  if (header === undefined) return undefined;
  const format = typeof header["format"] === "string" ? header["format"].toUpperCase() : "TEXT";
  const variables = format === "TEXT" ? variablesIn(header["text"]) : [];
  return format === "TEXT" && variables.length === 0 ? undefined : { format, variables };
}

function buttonNeed({ type: given, url }: JsonObject, index: number): ButtonNeed | [] {
  const type = typeof given === "string" ? given.toUpperCase() : "";
  if (type === "COPY_CODE") return { index, type, parameter: "coupon_code" };
  if (type === "MPM") return { index, type, parameter: "action" };
  if (type === "OTP" || (type === "URL" && variablesIn(url).length > 0)) return { index, type, parameter: "text" };
  return [];
}

/** The distinct names in `{{…}}`, in their order. */
export function variablesIn(text: unknown): string[] {
  if (typeof text !== "string") return [];
  return [...new Set([...text.matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g)].map((match) => match[1] ?? ""))];
}

/** Whether a variable has a name, not a number. */
export function isNamed(variable: string): boolean {
  return !/^\d+$/.test(variable);
}

function partsOf(components: unknown): JsonObject[] {
  return listOf(components).map((component) => asJsonObject(component) ?? {});
}

function partOf(parts: readonly JsonObject[], type: string): JsonObject | undefined {
  return parts.find((part) => typeof part["type"] === "string" && part["type"].toUpperCase() === type);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
