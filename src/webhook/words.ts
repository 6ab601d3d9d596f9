/** Words that people type, and what they can mean. */
import { closestMatch } from "leven";

/** The known word that was probably meant: one that differs in few letters. */
export function closest(typed: string, known: readonly string[]): string | undefined {
  return closestMatch(typed, known, { maxDistance: Math.max(2, Math.floor(typed.length / 3)) });
}

/** A word in which `*` stands for anything. */
export function globOf(word: string): RegExp {
  return new RegExp(`^${word.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*")}$`);
}
