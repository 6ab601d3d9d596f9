/** Validation rules that outbound kinds share: lengths, counts, uniqueness, URLs. */
import * as z from "zod";

import { formatValue, orList, type Problem } from "../kind.ts";

/** Adds a problem that zod's own rules cannot express; `at` is relative to the value that is checked. */
export function addProblem(
  context: z.core.$RefinementCtx,
  message: string,
  { at = [], reason = "invalid" }: { at?: (string | number)[]; reason?: Problem["reason"] } = {},
): void {
  context.addIssue({ code: "custom", message, path: at, params: { reason } });
}

export const nonEmpty = z.string().check(z.minLength(1, "must not be empty"));

/** Text of 1 to `max` characters, counted as Unicode code points: ü and 👍 count once, 👍🏽 twice, a family of three five times. */
export function text(max: number): z.ZodType<string> {
  return nonEmpty.superRefine((value, context) => {
    const { length } = Array.from(value);
    if (length > max) addProblem(context, `must have at most ${max} characters, not ${length}`);
  });
}

/** An array of `min` to `max` items; `noun` is the singular for one of them (`button`). */
export function list<JsonObject extends z.ZodType>(
  item: JsonObject,
  { min = 1, max, noun }: { min?: number; max: number; noun: string },
): z.ZodArray<JsonObject> {
  return z.array(item).superRefine((items, context) => checkCount(context, items.length, { min, max, noun }));
}

/** Adds a problem for a count out of range; also for items of several lists that are counted together. */
export function checkCount(
  context: z.core.$RefinementCtx,
  number: number,
  { min = 0, max, noun }: { min?: number; max: number; noun: string },
): void {
  if (number > max) addProblem(context, `must have at most ${count(max, noun)}, not ${number}`);
  else if (number < min) addProblem(context, `must have at least ${count(min, noun)}, not ${number}`);
}

/** `3 buttons`, `1 row`. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}

/** Adds a problem for each value that repeats an earlier one; `each` names what must be unique (`each button`). */
export function checkUnique(
  context: z.core.$RefinementCtx,
  found: readonly { value: unknown; at: (string | number)[] }[],
  each: string,
): void {
  const seen = new Set<unknown>();
  for (const { value, at } of found) {
    if (seen.has(value))
      addProblem(context, `must be unique for ${each}; ${formatValue(value)} is a duplicate`, { at });
    seen.add(value);
  }
}

/** A URL that Meta or the recipient's phone can open. */
export const httpUrl = z.string().superRefine((value, context) => {
  const usable = /^https?:\/\/\S+$/i.test(value) && URL.canParse(value);
  if (!usable) addProblem(context, `must be a URL that starts with http:// or https://, not ${formatValue(value)}`);
});

/** Adds a problem unless exactly one of two keys is present. */
export function checkExactlyOne(
  context: z.core.$RefinementCtx,
  value: Readonly<Record<string, unknown>>,
  keys: [string, string],
): void {
  const present = keys.filter((key) => value[key] !== undefined);
  if (present.length === 0) addProblem(context, `must have ${orList(keys)}`, { reason: "missing" });
  else if (present.length === 2) addProblem(context, `cannot be combined with ${keys[0]}`, { at: [keys[1]] });
}

/** An object whose `type` selects its shape: `{ type: "text", text: "…" }` or `{ type: "image", image: {…} }`. */
export function byType(
  shapes: Readonly<Record<string, z.ZodRawShape>>,
): z.ZodType<{ type: string } & Record<string, unknown>> {
  const options = Object.entries(shapes).map(([type, shape]) => z.strictObject({ type: z.literal(type), ...shape }));
  const [first, ...others] = options;
  if (first === undefined) throw new Error("byType needs at least one shape");
  return z.discriminatedUnion("type", [first, ...others]);
}
