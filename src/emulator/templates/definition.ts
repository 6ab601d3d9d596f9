/** Reads the definition of a template from a request to create or edit it. */
import { invalid, missing } from "../http/graph-response.ts";
import { readComponents } from "./components.ts";
import { CATEGORIES, type Template } from "./template.ts";

type Fields = Readonly<Record<string, unknown>>;

type NewTemplate = Omit<Template, "id" | "status" | "quality_score" | "rejected_reason">;

/** Throws a `GraphErrorResponse` for the first field that Meta would refuse. */
export function readNew(given: Fields): NewTemplate {
  const fields = withoutNull(given);
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
  const category = categoryOf(fields["category"]);
  const parameter_format = formatOf(fields["parameter_format"]);
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
export function readEdit(given: Fields, template: Template): Partial<Template> {
  const fields = withoutNull(given);
  const category = fields["category"] === undefined ? template.category : categoryOf(fields["category"]);
  const format = fields["parameter_format"];
  const parameter_format = format === undefined ? template.parameter_format : formatOf(format);
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

function categoryOf(given: unknown): string {
  const category = typeof given === "string" ? given.toUpperCase() : "";
  if (CATEGORIES.some((known) => known === category)) return category;
  throw invalid(`Param category must be one of {${CATEGORIES.join(", ")}} - got "${textOf(given)}".`);
}

function formatOf(given: unknown): string {
  const format = given === undefined ? "POSITIONAL" : typeof given === "string" ? given.toUpperCase() : "";
  if (format === "POSITIONAL" || format === "NAMED") return format;
  throw invalid(`Param parameter_format must be one of {NAMED, POSITIONAL} - got "${textOf(given)}".`);
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 100);
}

/** `null` means absent. */
function withoutNull(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
