/** Renders templates: as a row of the list, and as text with its parameters. */
import type { Template } from "../../graph/templates.ts";
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import { columnsOf, fit, pad, plain, wrap, type Paint } from "../../terminal/paint.ts";
import type { Parameter } from "./parameters.ts";

const WIDTHS = { name: 28, language: 9, category: 15, status: 10 };
/** Narrower terminals show each template on two lines. */
const NARROW = 72;
/** The column where the parts of a template start. */
const VALUE_COLUMN = 14;

export function headerRow(paint: Paint): string {
  return paint.quiet(row(["NAME", "LANGUAGE", "CATEGORY", "STATUS", "QUALITY"], paint));
}

export function templateRow(template: Template, paint: Paint): string {
  const { name, language, category, status, quality = "–", rejectedReason } = template;
  const last = rejectedReason === undefined ? quality : paint.bad(plain(rejectedReason));
  return row([paint.name(plain(name)), plain(language), plain(category), statusText(status, paint), last], paint);
}

function row([name, language, category, status, last]: [string, string, string, string, string], paint: Paint): string {
  const rest = `${pad(language, WIDTHS.language)} ${pad(category, WIDTHS.category)} ${pad(status, WIDTHS.status)} ${last}`;
  if (paint.width < NARROW) return `${fit(name, paint.width)}\n  ${rest}`;
  // A name longer than its column has a line of its own, so that the columns stay aligned.
  if (columnsOf(name) > WIDTHS.name) return `${name}\n${" ".repeat(WIDTHS.name + 1)}${rest}`;
  return `${pad(name, WIDTHS.name)} ${rest}`;
}

export function statusText(status: string, paint: Paint): string {
  const color = status === "APPROVED" ? paint.good : status === "PENDING" ? paint.warn : paint.bad;
  return color(plain(status));
}

/** The parts of a template, its parameters, and the next step. `components` as they came, with line breaks. */
export function templateText(
  template: Template & { parameters: readonly Parameter[]; send?: string },
  paint: Paint,
): string {
  const { name, language, category, status, quality, rejectedReason, components, parameters, send } = template;
  const facts = [plain(language), plain(category), statusText(status, paint), quality ?? "", rejectedReason ?? ""];
  const labelled = (label: string, lines: readonly string[]) =>
    lines.map((text, at) => {
      const start = pad(at === 0 ? `  ${label}` : "", VALUE_COLUMN);
      return wrap(`${start}${text}`, paint.width, VALUE_COLUMN);
    });
  return [
    `${paint.name(plain(name))}  ${facts.filter(Boolean).join("  ")}`,
    ...components.flatMap((component) => {
      const { label, lines } = describe(component);
      return labelled(label, lines);
    }),
    ...labelled("Parameters", parameters.map(describeParameter)),
    ...(send === undefined ? [] : [paint.warn(wrap(`→ ${send}`, paint.width, 4))]),
  ].join("\n");
}

/** `Body` and its lines. */
function describe(component: JsonObject): { label: string; lines: string[] } {
  const type = stringAt(component, "type") ?? "";
  const label = plain(type.charAt(0).toUpperCase() + type.slice(1).toLowerCase().replaceAll("_", " "));
  const list = (key: string) => (Array.isArray(component[key]) ? (component[key] as unknown[]) : []);
  const buttons = list("buttons").map((button) => buttonText(asJsonObject(button) ?? {}));
  if (buttons.length > 0) return { label, lines: buttons };
  const cards = list("cards");
  if (cards.length > 0) return { label, lines: [`${cards.length} cards`] };
  const offer = stringAt(asJsonObject(component["limited_time_offer"]), "text");
  if (offer !== undefined) return { label: "Offer", lines: [plain(offer)] };
  const text = stringAt(component, "text") ?? stringAt(component, "format")?.toLowerCase() ?? "(written by Meta)";
  return { label, lines: text.split("\n").map(plain) };
}

function buttonText(button: JsonObject): string {
  const target = stringAt(button, "url") ?? stringAt(button, "phone_number") ?? "";
  const text = stringAt(button, "text") ?? stringAt(button, "type") ?? "";
  return plain(`[${text}]${target === "" ? "" : ` ${target}`}`);
}

function describeParameter({ part, name, example }: Parameter): string {
  const what = { header: `header: ${name}`, body: `{{${name}}}`, button: `button ${name}` }[part];
  return example === undefined ? what : `${what}  for example ${example}`;
}
