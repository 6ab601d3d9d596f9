/** The account's templates: built-in ones, and those created through the API, which are approved immediately. */
import { asJsonObject } from "../../json.ts";
import { invalid, missing, GraphErrorResponse } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";
import { STARTING_TEMPLATES } from "./starting-templates.ts";
import type { Template, TemplateComponent } from "./template.ts";

const CATEGORIES = ["AUTHENTICATION", "MARKETING", "UTILITY"];
const MAX_TEMPLATES = 250;
/** How many names an error message lists. */
const MAX_NAMED = 20;

export class Templates {
  readonly #templates = new Map<string, Template>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
    for (const template of STARTING_TEMPLATES)
      this.#put({ id: ids.digits("template"), status: "APPROVED", ...template });
  }

  list(name?: string): Template[] {
    return [...this.#templates.values()].filter((template) => name === undefined || template.name.includes(name));
  }

  /** Throws a `GraphErrorResponse` when there is no template with this name in this language. */
  find(name: string, language: string): Template {
    const template = this.#templates.get(keyOf(name, language));
    if (template !== undefined) return template;
    const languages = this.list().filter((other) => other.name === name);
    const names = [...new Set(this.list().map((other) => other.name))].slice(0, MAX_NAMED);
    const available =
      languages.length > 0
        ? `available in ${languages.map((other) => other.language).join(", ")}`
        : `available templates: ${names.join(", ")}`;
    throw new GraphErrorResponse(132001, {
      details: `template name (${name}) does not exist in ${language}; ${available}`,
    });
  }

  add(fields: Record<string, unknown>): Template {
    const { name, language, category, components, parameter_format: format } = fields;
    for (const [key, value] of Object.entries({ name, language, category, components })) {
      if (value === undefined) throw missing(key);
    }
    if (typeof name !== "string" || !/^[a-z0-9_]{1,512}$/.test(name)) {
      throw invalid("Param name must be of lower-case letters, digits and underscores, at most 512 of them.");
    }
    if (typeof language !== "string" || language.length > 20) throw invalid("Param language must be a language code.");
    if (typeof category !== "string" || !CATEGORIES.includes(category)) {
      throw invalid(`Param category must be one of {${CATEGORIES.join(", ")}}.`);
    }
    const list = Array.isArray(components) ? components.map(componentOf) : [];
    if (!list.some((component) => component?.type === "BODY") || list.includes(undefined)) {
      throw invalid("Param components must be a list of components, one of type BODY.");
    }
    if (this.#templates.has(keyOf(name, language))) {
      const details = `the template ${name} already exists in ${language}`;
      throw new GraphErrorResponse(2388024, { message: "(#2388024) Content in This Language Already Exists", details });
    }
    if (this.#templates.size >= MAX_TEMPLATES)
      throw invalid(`the account has reached the limit of ${MAX_TEMPLATES} templates`);
    const template = { id: this.#ids.digits("template"), name, language, category, status: "APPROVED" };
    const named = format === "NAMED" ? { parameter_format: format } : {};
    return this.#put({ ...template, ...named, components: list as TemplateComponent[] });
  }

  /** Returns the number of removed templates. */
  remove(name: string): number {
    const removed = this.list().filter((template) => template.name === name);
    for (const template of removed) this.#templates.delete(keyOf(name, template.language));
    return removed.length;
  }

  #put(template: Template): Template {
    this.#templates.set(keyOf(template.name, template.language), template);
    return template;
  }
}

function keyOf(name: string, language: string): string {
  return `${name} ${language}`;
}

function componentOf(value: unknown): TemplateComponent | undefined {
  const item = asJsonObject(value);
  const type = item?.["type"];
  return typeof type === "string" ? { ...item, type: type.toUpperCase() } : undefined;
}
