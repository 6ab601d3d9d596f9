/** Formats that the summaries of several fields share. */
import { asJsonObject } from "../../json.ts";
import { scalar } from "../../messages/parts.ts";

/** A string or a number that may be missing or null. */
export const optional = scalar.nullish();

type Part = string | null | undefined;

/** The parts that are present, in one line. Pass a list of parts as it is: a long one that is spread overflows the stack. */
export function joinParts(...parts: (Part | readonly Part[])[]): string {
  return parts.flat().filter(Boolean).join(" · ");
}

/** `, with id, status`: the first keys of a `value` of unknown shape. */
export function describeKeys(value: unknown): string {
  const keys = Object.keys(asJsonObject(value) ?? {}).slice(0, 8);
  return keys.length > 0 ? `, with ${keys.join(", ")}` : "";
}

/** The entry of a table for one of Meta's values, if the table has one. */
export function lookUp(table: Readonly<Record<string, string>>, value: string | null | undefined): string | undefined {
  return value !== undefined && value !== null && Object.hasOwn(table, value) ? table[value] : undefined;
}

/** Unix seconds as `2026-08-31`; any other text is returned unchanged. */
export function formatDay(seconds: string | null | undefined): string | undefined {
  if (seconds === undefined || seconds === null) return undefined;
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? seconds : at.toISOString().slice(0, 10);
}

/** A messaging limit, given as a number (-1: none) or as a tier (`TIER_2K`, `TIER_UNLIMITED`): `2000 conversations per day`. */
export function describeLimit(limit: string | null | undefined): string | undefined {
  if (limit === undefined || limit === null) return undefined;
  if (limit === "-1" || limit === "TIER_UNLIMITED") return "unlimited conversations per day";
  if (limit === "TIER_NOT_SET") return "no limit set yet";
  const [, digits, thousands] = /^(?:TIER_)?(\d+)(K?)$/.exec(limit) ?? [];
  return digits === undefined ? limit : `${digits}${thousands === "K" ? "000" : ""} conversations per day`;
}
