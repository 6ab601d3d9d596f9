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

/** Deeper than any payload of Meta. Indentation would make a deeper one far longer than its text. */
const DEEPEST = 100;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** One token per call. `\/` and `\u00e9` are shown as the characters they mean; line breaks in a text stay escaped. */
function shown(token: string): string {
  return token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token;
}

/**
 * The text as indented JSON, with the numbers as they were written; undefined if it is not JSON or nested too deeply. `color` gets each
 * string, number and word, and whether it is a key.
 */
export function indentJson(
  text: string,
  color: (token: string, isKey: boolean) => string = (token) => token,
): string | undefined {
  if (!isReadable(text)) return undefined;
  const tokens = text.match(TOKEN) ?? [];
  let [depth, out] = [0, ""];
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (token === "{" || token === "[") {
      out += token;
      const isEmpty = next === "}" || next === "]";
      if (isEmpty) continue;
      depth++;
      out += line();
    } else if (token === "}" || token === "]") {
      const before = tokens[at - 1];
      const isEmpty = before === "{" || before === "[";
      if (!isEmpty) {
        depth--;
        out += line();
      }
      out += token;
    } else if (token === ",") out += `,${line()}`;
    else if (token === ":") out += ": ";
    else out += color(shown(token), next === ":");
  }
  return out;
}

/** Whether the text is JSON that a person can read. */
export function isReadable(text: string): boolean {
  if (depthOf(text) > DEEPEST) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The maximum nesting depth. Brackets inside strings count too, which is harmless here. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/[{}[\]]/g)) {
    depth += bracket === "{" || bracket === "[" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const MAX_OBJECTS = 1000;

/** The objects in the list at a key, at most the first thousand; Meta sends no more in one list. */
export function objectsAt(item: JsonObject | undefined, key: string): JsonObject[] {
  const list = item?.[key];
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_OBJECTS)
    .map(asJsonObject)
    .filter((each) => each !== undefined);
}
