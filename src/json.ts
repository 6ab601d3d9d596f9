/** JSON from outside, where text that is none is nothing to stop for. */

/** The object or list that a text holds; nothing when it is no JSON, or JSON of another type. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A part of a payload: a JSON object. */
export type Item = Readonly<Record<string, unknown>>;

/** A JSON object, or nothing. Reads own keys only, so `__proto__` in a payload is a key like any other. */
export function asItem(value: unknown): Item | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Item) : undefined;
}

/** The key's value as text, when it is a word or a number. */
export function wordAt(item: Item | undefined, key: string): string | undefined {
  const value = item !== undefined && Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
