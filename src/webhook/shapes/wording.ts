/** The shapes and the words that the summaries of several fields share. */
import { asItem } from "../../json.ts";
import { word } from "../../messages/parts.ts";

/** A word or a number that may be missing or null. */
export const maybe = word.nullish();

type Part = string | null | undefined;

/** The parts that are there, in one line. A list of parts goes in as it is: spread into a call, a long one overflows the stack. */
export function line(...parts: (Part | readonly Part[])[]): string {
  return parts.flat().filter(Boolean).join(" · ");
}

/** `, with id, status`: the first keys of a `value` of which nothing else is known. */
export function withKeys(value: unknown): string {
  const keys = Object.keys(asItem(value) ?? {}).slice(0, 8);
  return keys.length > 0 ? `, with ${keys.join(", ")}` : "";
}

/** What one of Meta's words means, when the table has it. */
export function meaningOf(table: Readonly<Record<string, string>>, word: string | null | undefined) {
  return word !== undefined && word !== null && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Seconds since 1970 as `2026-08-31`; anything else as it is. */
export function day(seconds: string | null | undefined): string | undefined {
  if (seconds === undefined || seconds === null) return undefined;
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? seconds : at.toISOString().slice(0, 10);
}

/** `2000 conversations a day`, of a messaging limit as a number (-1: none) or as a tier (`TIER_2K`, `TIER_UNLIMITED`). */
export function dailyLimit(limit: string | null | undefined): string | undefined {
  if (limit === undefined || limit === null) return undefined;
  if (limit === "-1" || limit === "TIER_UNLIMITED") return "any number of conversations a day";
  if (limit === "TIER_NOT_SET") return "no limit set yet";
  const [, digits, thousands] = /^(?:TIER_)?(\d+)(K?)$/.exec(limit) ?? [];
  return digits === undefined ? limit : `${digits}${thousands === "K" ? "000" : ""} conversations a day`;
}
