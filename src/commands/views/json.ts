/** JSON for people: indented, in color, with the numbers as they were written. */
import { indentJson } from "../../json.ts";
import type { Paint } from "../../terminal/paint.ts";

/** The text as indented JSON; undefined if it is not JSON or nested too deeply. */
export function prettyJson(text: string, paint: Paint): string | undefined {
  return indentJson(text, (token, isKey) => {
    if (isKey) return paint.name(token);
    return token.startsWith('"') ? paint.good(token) : paint.warn(token);
  });
}
