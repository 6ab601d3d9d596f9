/** JSON for people: indented, in color, with the numbers as they were written. */
import type { Paint } from "../../terminal/paint.ts";

/** Deeper than any payload of Meta. Indentation would make a deeper one far longer than its text. */
const DEEPEST = 100;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** One token per call. `\/` and `\u00e9` are shown as the characters they mean; line breaks in a text stay escaped. */
function shown(token: string): string {
  return token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token;
}

/** The text as indented JSON; undefined if it is not JSON or nested too deeply. */
export function prettyJson(text: string, paint: Paint): string | undefined {
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
    else out += colored(token, next === ":", paint);
  }
  return out;
}

function colored(token: string, isKey: boolean, paint: Paint): string {
  if (isKey) return paint.name(shown(token));
  return token.startsWith('"') ? paint.good(shown(token)) : paint.warn(token);
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
