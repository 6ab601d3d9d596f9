/** Reads the definition of a template from a request to create or edit it. */
import { oneOf } from "../http/checks.ts";
import { invalid, missing } from "../http/graph-response.ts";
import { readComponents } from "./components.ts";
import { CATEGORIES, type Template } from "./template.ts";

type Fields = Readonly<Record<string, unknown>>;

const FORMATS = ["NAMED", "POSITIONAL"] as const;

type NewTemplate = Omit<Template, "id" | "status" | "quality_score" | "rejected_reason">;

/** Throws a `GraphErrorResponse` for the first field that Meta would refuse. */
export function readNew(fields: Fields): NewTemplate {
  const { name, language, components, library_template_name: library } = fields;
  if (library !== undefined) {
    throw invalid("Invalid parameter", "the emulator has no template library; create the template from components");
  }
  for (const key of ["name", "language", "category", "components"]) if (fields[key] === undefined) throw missing(key);
  if (typeof name !== "string" || !/^[a-z0-9_]{1,512}$/.test(name)) {
    throw invalid("Param name must be of lower-case letters, digits and underscores, at most 512 of them.");
  }
  if (typeof language !== "string" || language.length > 20 || !/^[a-z]{2,3}(_[a-z]{2,4})*$/i.test(language)) {
    throw invalid(`Param language must be a language code such as en_US - got "${textOf(language)}".`);
  }
  const category = oneOf(fields, "category", CATEGORIES) ?? "";
  const parameter_format = oneOf(fields, "parameter_format", FORMATS) ?? "POSITIONAL";
  const definition = { category, named: parameter_format === "NAMED" };
  return {
    name,
    language,
    category,
    parameter_format,
    components: readComponents(components, definition),
    ...extrasOf(fields),
  };
}

/** The changed fields. Throws a `GraphErrorResponse` for the first that Meta would refuse. */
export function readEdit(fields: Fields, template: Template): Partial<Template> {
  const category = oneOf(fields, "category", CATEGORIES) ?? template.category;
  const parameter_format = oneOf(fields, "parameter_format", FORMATS) ?? template.parameter_format;
  const { components } = fields;
  const definition = { category, named: parameter_format === "NAMED" };
  return {
    category,
    parameter_format,
    ...(components === undefined ? {} : { components: readComponents(components, definition) }),
    ...extrasOf(fields),
  };
}

function extrasOf(fields: Fields): Partial<Template> {
  const { sub_category: sub, message_send_ttl_seconds: ttl } = fields;
  const kept = ["cta_url_link_tracking_opted_out", "degrees_of_freedom_spec"] as const;
  return {
    ...Object.fromEntries(kept.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]]))),
    ...(typeof sub === "string" ? { sub_category: sub.toUpperCase() } : {}),
    ...(Number.isSafeInteger(Number(ttl ?? Number.NaN)) ? { message_send_ttl_seconds: Number(ttl) } : {}),
  };
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 100);
}
