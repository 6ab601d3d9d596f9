/** Checks of request fields that several routes share, with errors in the wording of the Graph API. `null` means absent. */
import { asJsonObject, parseObject, type JsonObject } from "../../json.ts";
import { invalid, missing } from "./graph-response.ts";

/** How many characters of a wrong value an error message repeats. */
const MAX_QUOTED = 100;

type Fields = Readonly<Record<string, unknown>>;

/** Throws a `GraphErrorResponse` unless `messaging_product` is `whatsapp`. */
export function requireProduct(fields: Fields): void {
  if (fields["messaging_product"] !== "whatsapp") throw missing("messaging_product");
}

/** A text within these numbers of characters; undefined when absent. Throws a `GraphErrorResponse` for any other value. */
export function textWithin(
  fields: Fields,
  name: string,
  { min = 0, max }: { min?: number; max: number },
): string | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== "string" && typeof value !== "number") throw invalid(`Param ${name} must be a string.`);
  const text = String(value);
  if (text.length > max) throw invalid(`Param ${name} must be at most ${max} characters long.`);
  if (text.length < min) throw invalid(`Param ${name} must be at least ${min} characters long.`);
  return text;
}

/** The same for a text that must be present and not empty. */
export function requireText(fields: Fields, name: string, max = Infinity): string {
  const text = textWithin(fields, name, { max }) ?? "";
  if (text === "") throw missing(name);
  return text;
}

/** One of these values, in any case; undefined when absent. Throws a `GraphErrorResponse` for any other value. */
export function oneOf<Value extends string>(fields: Fields, name: string, values: readonly Value[]): Value | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  const given = typeof value === "string" ? value : JSON.stringify(value);
  const found = values.find((each) => each.toLowerCase() === given.toLowerCase());
  if (found === undefined)
    throw invalid(`Param ${name} must be one of {${values.join(", ")}} - got "${given.slice(0, MAX_QUOTED)}".`);
  return found;
}

/** A boolean, also as the text that forms and queries have; undefined when absent. */
export function booleanOf(fields: Fields, name: string): boolean | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (value === true || value === "true" || value === "1" || value === 1) return true;
  if (value === false || value === "false" || value === "0" || value === 0) return false;
  throw invalid(`Param ${name} must be a boolean.`);
}

/** A list with at most `max` items, also as the JSON text that queries have; undefined when absent. */
export function listOf(fields: Fields, name: string, max: number): readonly unknown[] | undefined {
  const given = present(fields, name);
  if (given === undefined) return undefined;
  const value: unknown = typeof given === "string" ? parseObject(given) : given;
  if (!Array.isArray(value)) throw invalid(`Param ${name} must be an array.`);
  if (value.length > max) throw invalid(`Param ${name} must have at most ${max} elements.`);
  return value;
}

/** A list of objects, of which there must be at least one. */
export function requireObjects(fields: Fields, name: string, max: number): readonly JsonObject[] {
  const list = listOf(fields, name, max);
  if (list === undefined || list.length === 0) throw missing(name);
  return list.map((item, at) => {
    const object = asJsonObject(item);
    if (object === undefined) throw invalid(`Param ${name}[${at}] must be a JSON object.`);
    return object;
  });
}

/** A whole number; undefined when absent. */
export function wholeNumber(fields: Fields, name: string): number | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  const number = value === "" ? Number.NaN : Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw invalid(`Param ${name} must be an integer.`);
  return number;
}

function present(fields: Fields, name: string): unknown {
  return fields[name] ?? undefined;
}
