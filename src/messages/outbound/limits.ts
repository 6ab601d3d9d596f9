/** The rules that every outbound kind is made of: how long, how many, only once, what a URL is. */
import * as z from "zod";

import { anyOf, show, type Problem } from "../kind.ts";

/** A problem that zod's own rules do not see, at a place below the value that is checked. */
export function report(
  context: z.core.$RefinementCtx,
  message: string,
  { at = [], what = "wrong" }: { at?: (string | number)[]; what?: Problem["what"] } = {},
): void {
  context.addIssue({ code: "custom", message, path: at, params: { what } });
}

/** Text with something in it. */
export const filled = z.string().check(z.minLength(1, "is empty"));

/** Text of 1 to `max` characters. A character is a Unicode code point: ü and 👍 count once, 👍🏽 twice, a family of three five times. */
export function text(max: number): z.ZodType<string> {
  return filled.superRefine((value, context) => {
    const { length } = Array.from(value);
    if (length > max) report(context, `is ${length} characters long; ${max} are allowed`);
  });
}

/** A list of `min` to `max` things, which are called by `noun` (`button`, in the plural `buttons`). */
export function list<Item extends z.ZodType>(
  item: Item,
  { min = 1, max, noun }: { min?: number; max: number; noun: string },
): z.ZodArray<Item> {
  return z.array(item).superRefine((items, context) => tellCount(context, items.length, { min, max, noun }));
}

/** The same for things that lie in several lists, counted together. */
export function tellCount(
  context: z.core.$RefinementCtx,
  number: number,
  { min = 0, max, noun }: { min?: number; max: number; noun: string },
): void {
  if (number > max) report(context, `has ${count(number, noun)}; ${max} ${max === 1 ? "is" : "are"} allowed`);
  else if (number === 0 && min > 0) report(context, `is empty; it needs at least ${count(min, noun)}`);
  else if (number < min) report(context, `has ${count(number, noun)}; at least ${min} are needed`);
}

/** `3 buttons`, `1 row`. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}

/** Tells of each value that an earlier place has already; `each` says what needs one of its own. */
export function tellRepeated(
  context: z.core.$RefinementCtx,
  found: readonly { value: unknown; at: (string | number)[] }[],
  each: string,
): void {
  const seen = new Set<unknown>();
  for (const { value, at } of found) {
    if (seen.has(value)) report(context, `repeats ${show(value)}; ${each} needs its own`, { at });
    seen.add(value);
  }
}

/** A URL that Meta or the recipient's phone can open. */
export const httpUrl = z.string().superRefine((value, context) => {
  const usable = /^https?:\/\/\S+$/i.test(value) && URL.canParse(value);
  if (!usable) report(context, `must be a URL that starts with http:// or https://, not ${show(value)}`);
});

/** An object that has exactly one of two keys. */
export function tellEither(
  context: z.core.$RefinementCtx,
  value: Readonly<Record<string, unknown>>,
  keys: [string, string],
): void {
  const there = keys.filter((key) => value[key] !== undefined);
  if (there.length === 0) report(context, `needs ${anyOf(keys)}`, { what: "missing" });
  else if (there.length === 2) report(context, `is one too many: ${keys[0]} is there as well`, { at: [keys[1]] });
}

/** An object whose `type` names its shape: `{ type: "text", text: "…" }` or `{ type: "image", image: {…} }`. */
export function byType(
  shapes: Readonly<Record<string, z.ZodRawShape>>,
): z.ZodType<{ type: string } & Record<string, unknown>> {
  const options = Object.entries(shapes).map(([type, shape]) => z.strictObject({ type: z.literal(type), ...shape }));
  const [first, ...others] = options;
  if (first === undefined) throw new Error("there are no shapes to choose from");
  return z.discriminatedUnion("type", [first, ...others]);
}
