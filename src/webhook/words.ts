/** Matching of names that people type: suggestions and wildcards. */
import { closestMatch } from "leven";

/** The known name with the smallest edit distance, if it is small enough for a suggestion. */
export function closest(typed: string, known: readonly string[]): string | undefined {
  return closestMatch(typed, known, { maxDistance: Math.max(2, Math.floor(typed.length / 3)) });
}

/** A pattern in which `*` matches any text. */
export function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*")}$`);
}
