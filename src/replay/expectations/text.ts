/** Compares a text with an expectation. */
import type { TextExpectation } from "./schema.ts";

export function isText(text: string, { equals, contains, matches }: TextExpectation): boolean {
  if (equals !== undefined && text !== equals) return false;
  if (contains !== undefined && !text.includes(contains)) return false;
  return matches === undefined || new RegExp(matches, "u").test(text);
}

/** `that contains "blue"`, to follow a noun. */
export function describeText({ equals, contains, matches }: TextExpectation): string {
  const parts = [
    ...(equals === undefined ? [] : [`that is ${quoted(equals)}`]),
    ...(contains === undefined ? [] : [`that contains ${quoted(contains)}`]),
    ...(matches === undefined ? [] : [`that matches /${matches}/`]),
  ];
  return parts.join(" and ");
}

const SHOWN = 120;

/** A text in quotes, shortened. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * SHOWN));
  return JSON.stringify(characters.length > SHOWN ? `${characters.slice(0, SHOWN).join("")}…` : text);
}
