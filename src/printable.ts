/** Text from outside, so that it can neither drive a terminal nor hide in it: dots on a screen, escapes in JSON and XML. */

/**
 * Controls, line separators, and what turns the direction of text around or is not drawn at all: Unicode's Cc, Cf, Zl, Zp and
 * Default_Ignorable_Code_Point, as ranges, which are four times as fast. Not among them are joiners and variation selectors, which words
 * and emoji need, and signs that are drawn around Arabic digits.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- these are what is to be found
  /[\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\ud80d[\udc30-\udc3f]|\ud82f[\udca0-\udca3]|\ud834[\udd73-\udd7a]|\udb40[\udc00-\udcff\uddf0-\udfff]|[\udb41-\udb43][\udc00-\udfff]/;

/** The source of a pattern without the flag `u`, for patterns with more in them. */
export const HIDDEN_SOURCE = HIDDEN.source;

/** Most text has none of these; looking for them takes a fraction of the time. */
const UNUSUAL = /[^ -~]/;

const EACH_HIDDEN = new RegExp(HIDDEN_SOURCE, "g");
/** JSON has what is below escaped already, or as white space between its tokens. */
const EACH_HIDDEN_IN_JSON = new RegExp(`(?![\\0-\\x1f])(?:${HIDDEN_SOURCE})`, "g");

/** Whether all of the text is printable ASCII. */
export function isUsual(text: string): boolean {
  return !UNUSUAL.test(text);
}

function hides(text: string): boolean {
  return !isUsual(text) && HIDDEN.test(text);
}

/** The text on one line, with `·` for each character that would not be seen. */
export function plain(text: string): string {
  return isUsual(text) ? text : text.replace(EACH_HIDDEN, "·");
}

/** The same for text that has line breaks of its own. */
export function plainLines(text: string): string {
  return text.split("\n").map(plain).join("\n");
}

/** People look at nothing that is nested deeper. */
const MAX_DEPTH = 50;

/** The same data with all text in it, keys too, as `plain` has it. It is copied only when something changes. */
export function plainData<Value>(value: Value): Value {
  return isPlain(value, 0) ? value : (plainCopy(value, 0) as Value);
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "string") return !hides(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  if (!isRecord(value)) return true;
  for (const key in value) if (hides(key) || !isPlain(value[key], depth + 1)) return false;
  return true;
}

function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value === "string") return plain(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => plainCopy(item, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [plain(key), plainCopy(item, depth + 1)]));
}

/** Bytes, dates and the like are no text. */
function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** JSON of the same value, with `\u` escapes for what would not be seen. */
export function printableJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  if (isUsual(json)) return json;
  return json.replace(EACH_HIDDEN_IN_JSON, (character) => character.split("").map(escaped).join(""));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
