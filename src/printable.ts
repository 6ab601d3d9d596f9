/** Text from outside, so that it can neither drive a terminal nor hide in it: dots on a screen, escapes in JSON and XML. */

/** Invisible, and part of words and emoji: joiners and variation selectors; and signs that are drawn around digits of Arabic scripts. */
const WANTED =
  "\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}";

/** Controls, separators of lines, and what turns the direction of text around or is not drawn at all. The source of a pattern with the flag `u`. */
export const HIDDEN = `(?![${WANTED}])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`;

const UNPRINTABLE = new RegExp(HIDDEN, "gu");
const NOT_ASCII = /[^ -~]/;
/** In JSON all that is below is escaped already, or is white space between its tokens. */
const NOT_IN_JSON = new RegExp(`(?![\\u0000-\\u001f])${HIDDEN}`, "gu");

/** The text on one line, with `·` for each character that would not be seen. */
export function plain(text: string): string {
  return NOT_ASCII.test(text) ? text.replace(UNPRINTABLE, "·") : text;
}

/** People look at nothing that is nested deeper. */
const MAX_DEPTH = 50;

/** The same data with all text in it, keys too, as `plain` has it. Only what changes is copied. */
export function plainData<Value>(value: Value, depth = 0): Value {
  return plainCopy(value, depth) as Value;
}

function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value === "string") return plain(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "…";
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => plainCopy(item, depth + 1));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const entry: [string, unknown] = [plain(key), plainCopy(item, depth + 1)];
    changed ||= entry[0] !== key || entry[1] !== item;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : value;
}

/** JSON of the same value, with `\u` escapes for what would not be seen. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(NOT_IN_JSON, (character) =>
    character.split("").map(escaped).join(""),
  );
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
