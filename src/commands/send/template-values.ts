/** The values of a template's parameters: from flags, from questions at a terminal, or an error that names what is missing. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import type { Template } from "../../graph/templates.ts";
import { stringAt } from "../../json.ts";
import { componentOf, isNamed, type NeedForm, type TemplateNeed } from "../../messages/template-needs.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import { counted, fit } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { cardKey, templateFlag } from "../inputs/template-flag.ts";

/** The flags as typed. */
export interface GivenValues {
  /** Texts in order, or `name=text`. */
  param: readonly string[];
  header?: string | undefined;
  /** `0=text` */
  buttonParam: readonly string[];
  /** `0.header=photo.jpg`, `0.1=text`, `0.button0=text` */
  card: readonly string[];
  /** `2d` */
  expires?: string | undefined;
}

/** The account's template in one language. */
export interface ReadTemplate extends Template {
  needs: readonly TemplateNeed[];
}

export type TemplateValues = ReadonlyMap<TemplateNeed, string>;

/** As much of the body as is shown above the questions. */
const BODY_COLUMNS = 240;

/** What a person types for a value. */
const PLACEHOLDERS: Readonly<Record<NeedForm, string>> = {
  text: "text",
  url: "end of the URL",
  coupon: "coupon code",
  image: "file|url|id",
  video: "file|url|id",
  document: "file|url|id",
  location: "latitude,longitude",
  expiration: "time",
};

/**
 * Every value that the template needs. Throws a `UsageError` for missing values without a terminal, and for flags that the template does
 * not take.
 */
export async function* valuesOf(
  template: ReadTemplate,
  given: GivenValues,
  { ask, cwd }: Pick<World, "ask" | "cwd">,
): AsyncGenerator<Notice, TemplateValues, void> {
  const unsupported = template.needs.find(({ form }) => form === "unsupported");
  if (unsupported !== undefined) throw byJsonOnly(template, unsupported);
  refuseExtras(template, given);
  const missing = template.needs.filter((need) => givenFor(need, given) === undefined && !takesCode(need, template));
  if (missing.length > 0 && ask === undefined) throw missingError(template, missing);
  const body = stringAt(componentOf(template.components, "BODY"), "text");
  if (missing.length > 0 && body !== undefined) {
    yield notice(`  ${fit(body.replaceAll(/\s+/g, " "), BODY_COLUMNS)}`);
  }
  const values = new Map<TemplateNeed, string>();
  for (const need of template.needs) {
    const value = givenFor(need, given) ?? (takesCode(need, template) ? codeIn(values) : undefined);
    const asked = value ?? (await ask?.text(questionOf(need), { validate: (typed) => problemOf(need, typed, cwd) }));
    if (asked !== undefined) values.set(need, asked);
  }
  return values;
}

function givenFor(need: TemplateNeed, given: GivenValues): string | undefined {
  const { part, card, button, placeholder = "" } = need;
  if (card !== undefined) return pairIn(given.card, cardKey(need));
  if (part === "header") return given.header;
  if (part === "offer") return given.expires;
  if (part === "button") return pairIn(given.buttonParam, String(button));
  return isNamed(placeholder) ? pairIn(given.param, placeholder) : given.param[Number(placeholder) - 1];
}

/** The button of an authentication template gets the code of its body. */
function takesCode({ part }: TemplateNeed, { category, needs }: ReadTemplate): boolean {
  return category === "AUTHENTICATION" && part === "button" && needs.some((each) => each.part === "body");
}

function codeIn(values: TemplateValues): string | undefined {
  return [...values].find(([{ part }]) => part === "body")?.[1];
}

/** The value of `key=value`. */
function pairIn(pairs: readonly string[], key: string): string | undefined {
  return pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1);
}

function refuseExtras(template: ReadTemplate, given: GivenValues): void {
  const { needs } = template;
  const body = needs.filter(({ part, card }) => part === "body" && card === undefined);
  const names = body.map(({ placeholder = "" }) => placeholder);
  const named = names.some(isNamed);
  const unknown = named ? given.param.find((pair) => !names.some((name) => pair.startsWith(`${name}=`))) : undefined;
  if (unknown !== undefined) {
    const accepted = names.length === 0 ? "no parameters" : `the parameters ${names.join(", ")}`;
    throw extra(template, `accepts ${accepted}; got ${JSON.stringify(unknown)}`, "use --param name=text");
  }
  if (!named && given.param.length > body.length) {
    throw extra(
      template,
      `accepts ${counted(body.length, "body parameter")}, not ${given.param.length}`,
      "use --param once for each",
    );
  }
  const hasHeader = needs.some(({ part, card }) => part === "header" && card === undefined);
  if (given.header !== undefined && !hasHeader)
    throw extra(template, "has no parameter in its header", "omit --header");
  const cards = needs.filter(({ card }) => card !== undefined).map(cardKey);
  const other = given.card.find((pair) => !cards.some((key) => pair.startsWith(`${key}=`)));
  if (other === undefined) return;
  const accepted = cards.length === 0 ? "has no cards with parameters" : `accepts --card ${cards.join(", ")}`;
  throw extra(
    template,
    `${accepted}; got ${JSON.stringify(other)}`,
    "use --card 0.header=photo.jpg for the first card",
  );
}

function extra(template: ReadTemplate, what: string, hint: string): UsageError {
  return new UsageError(`the template ${titleOf(template)} ${what}`, { code: "template.parameters", hint });
}

function missingError(template: ReadTemplate, missing: readonly TemplateNeed[]): UsageError {
  const flags = missing.map((need) => flagOf(need));
  return new UsageError(`the template ${titleOf(template)} needs ${counted(missing.length, "more parameter")}`, {
    code: "template.parameters",
    about: missing.map((need, at) => `${labelOf(need)}: ${flags[at]}`),
    hint: `add ${flags.join(" ")}`,
    facts: { missing },
  });
}

function byJsonOnly(template: ReadTemplate, { type }: TemplateNeed): UsageError {
  return new UsageError(`the template ${titleOf(template)} has a part that flags cannot fill: ${type}`, {
    code: "template.unsupported",
    hint: "write the message as JSON and use wa-hook send json",
  });
}

/** The flag for a value, as it is typed: `--param customer=<text>`. */
function flagOf(need: TemplateNeed): string {
  return templateFlag(need, `<${need.form === "unsupported" ? "value" : PLACEHOLDERS[need.form]}>`).join(" ");
}

/** `Body {{1}}, such as "Sheena"`. */
function labelOf({ part, form, card, button, placeholder, about, example }: TemplateNeed): string {
  const on = card === undefined ? "" : `Card ${card}: `;
  const such = example ? `, such as ${JSON.stringify(example)}` : "";
  if (part === "offer") return `${on}Time until the offer expires, such as 2d`;
  if (part === "button") return `${on}Button ${button} (${about ?? (form === "coupon" ? PLACEHOLDERS[form] : form)})`;
  const name = part === "header" ? "Header" : "Body";
  return `${on}${name} ${form === "text" ? `{{${placeholder}}}` : form}${such}`;
}

function questionOf(need: TemplateNeed): string {
  const how = need.form === "unsupported" || need.form === "text" ? "" : ` (${PLACEHOLDERS[need.form]})`;
  return `${labelOf(need)}${need.part === "offer" ? "" : how}:`;
}

function problemOf({ form }: TemplateNeed, typed: string, cwd: string): string | undefined {
  if (typed === "") return "Meta does not accept an empty parameter.";
  if (form === "expiration" && parseDuration(typed) === undefined)
    return "Use a duration with a unit, such as 12h or 2d.";
  const isFile = (form === "image" || form === "video" || form === "document") && !/^(https?:\/\/|\d+$)/i.test(typed);
  return isFile && !existsSync(resolve(cwd, typed)) ? "There is no such file." : undefined;
}

/** `order_shipped (en)` */
export function titleOf({ name, language }: Template): string {
  return `${name} (${language})`;
}
