/** Tolerant access to untrusted JSON: invalid input yields `undefined` instead of an exception. */

/** Parses JSON text; `undefined` unless it is an object or an array. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON object, such as a part of a payload. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is a JSON object. */
export function asJsonObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/**
 * A copy without the keys whose value is `null` or undefined, as Meta reads them. Lists keep theirs, so that their other items keep their
 * places, and so does the value of a key `freeForm`.
 */
export function withoutNulls(value: unknown, freeForm?: string): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each, freeForm));
  const item = asJsonObject(value);
  if (item === undefined) return value;
  const present = Object.entries(item).filter(([, inner]) => inner !== undefined && inner !== null);
  return Object.fromEntries(
    present.map(([key, inner]) => [key, key === freeForm ? inner : withoutNulls(inner, freeForm)]),
  );
}

/** The value of an own key as text, if it is a non-empty string or a number. Keys of the prototype are ignored. */
export function stringAt(item: JsonObject | undefined, key: string): string | undefined {
  const value = item !== undefined && Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
