/** Validation rules that outbound kinds share: known keys and values, lengths, counts, uniqueness, URLs. */
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

/** An object with known keys. Meta adds keys at any time, so that others are reported as unknown and sent unchanged. */
export function object<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  return z.looseObject(shape).superRefine(
    (value, context) => {
      for (const key of keysOf(value)) {
        if (Object.hasOwn(shape, key)) continue;
        addProblem(context, "is not a supported key", { at: [key], reason: "unknown" });
      }
    },
    // Also when a known key is missing or of another type.
    { when: () => true },
  );
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** One of several values, in upper or lower case. Meta adds values at any time, so that others are reported as unknown and sent unchanged. */
export function oneOf(values: readonly string[]): z.ZodType<string> {
  const known = new Set(values.map((value) => value.toLowerCase()));
  return z.string().superRefine((value, context) => {
    if (!known.has(value.toLowerCase())) addUnknownValue(context, values, value);
  });
}

function addUnknownValue(
  context: z.core.$RefinementCtx,
  values: readonly string[],
  value: string,
  at: (string | number)[] = [],
): void {
  const message = `must be ${orList(values.map(formatValue))}, not ${formatValue(value)}`;
  addProblem(context, message, { at, reason: "unknown-value" });
}

/** A range that Meta's pages do not state: a value out of it is reported as unknown and sent unchanged. */
export function assumedRange(min: number, max: number): z.ZodType<number> {
  return z.int().superRefine((value, context) => {
    if (value >= min && value <= max) return;
    addProblem(context, `must be from ${min} to ${max}, not ${value}`, { reason: "unknown-value" });
  });
}

/** Text with a length that Meta's pages do not state. */
export function assumedText(max: number): z.ZodType<string> {
  return z.string().superRefine((value, context) => {
    const { length } = Array.from(value);
    if (length > max)
      addProblem(context, `must have at most ${max} characters, not ${length}`, { reason: "unknown-value" });
  });
}

/** A key that Meta documents as refused here, although other messages have it. */
export function refused(message: string): z.ZodType<undefined> {
  return z
    .unknown()
    .superRefine((_, context) => addProblem(context, message))
    .optional() as unknown as z.ZodType<undefined>;
}

/** How many problems, and how many unknown parts, are reported of one value. */
const MAX_ISSUES = 100;

/**
 * The first issues of a value, with the input of each. zod's own `reportInput` makes parsing several times slower, also when there are no
 * issues.
 */
export function issuesOf(schema: z.ZodType, value: unknown): z.core.$ZodIssue[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const { issues } = parsed.error;
  const unknown = issues.filter(isUnknownIssue).slice(0, MAX_ISSUES);
  const others = issues.filter((issue) => !isUnknownIssue(issue)).slice(0, MAX_ISSUES);
  return [...others, ...unknown].map((issue) => withInput(issue, value));
}

function isUnknownIssue(issue: z.core.$ZodIssue): boolean {
  return issue.code === "custom" && String(issue.params?.["reason"]).startsWith("unknown");
}

function withInput(issue: z.core.$ZodIssue, value: unknown): z.core.$ZodIssue {
  const input = issue.path.reduce<unknown>(
    (holder, key) => (holder as Record<PropertyKey, unknown> | null)?.[key],
    value,
  );
  if (issue.code !== "invalid_union") return { ...issue, input } as z.core.$ZodIssue;
  const errors = issue.errors.map((branch) => branch.map((inner) => withInput(inner, input)));
  return { ...issue, input, errors } as z.core.$ZodIssue;
}

/** Adds the issues of a value that has a schema of its own. */
export function validate(context: z.core.$RefinementCtx, schema: z.ZodType, value: unknown): void {
  for (const issue of issuesOf(schema, value)) {
    // As in zod itself: after an issue with the type of a value, the rules of what is around it are not applied.
    const added = issue.code === "custom" ? { ...issue, continue: true } : issue;
    context.issues.push(added as unknown as (typeof context.issues)[number]);
  }
}

export const nonEmpty = z.string().check(z.minLength(1, "must not be empty"));

/** Text of 1 to `max` characters, counted as Unicode code points: ü and 👍 count once, 👍🏽 twice, a family of three five times. */
export function text(max: number): z.ZodType<string> {
  return nonEmpty.superRefine((value, context) => checkLength(context, value, max));
}

/** Text of up to `max` characters that may also be empty or absent. */
export function optionalText(max: number): z.ZodOptional<z.ZodType<string>> {
  return z
    .string()
    .superRefine((value, context) => checkLength(context, value, max))
    .optional();
}

/** An id of 1 to `max` characters. Meta accepts numbers as well. */
export function id(max = 4096): z.ZodType<string | number> {
  return z.union([z.number(), nonEmpty]).superRefine((value, context) => checkLength(context, String(value), max));
}

function checkLength(context: z.core.$RefinementCtx, value: string, max: number): void {
  const { length } = Array.from(value);
  if (length > max) addProblem(context, `must have at most ${max} characters, not ${length}`);
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

/**
 * An object whose `type` selects its shape: `{ type: "text", text: "…" }` or `{ type: "image", image: {…} }`. Meta refuses the types in
 * `elsewhere` here; an unknown type is sent unchecked.
 */
export function byType(
  shapes: Readonly<Record<string, z.ZodRawShape>>,
  elsewhere: readonly string[] = [],
): z.ZodType<{ type: string } & Record<string, unknown>> {
  const names = Object.keys(shapes);
  const options = new Map(
    Object.entries(shapes).map(([type, shape]) => [type, object({ type: z.string(), ...shape })]),
  );
  // Not a union of zod's, which knows neither upper case nor types to pass on. An object without a usable type gets its issue from `typed`.
  const schema = z.unknown().superRefine((value, context) => {
    const type = typeOf(value);
    const option = type === undefined ? typed : options.get(type.toLowerCase());
    if (option !== undefined) return validate(context, option, value);
    const given = type ?? "";
    if (!elsewhere.includes(given.toLowerCase())) return addUnknownValue(context, names, given, ["type"]);
    const message = `must be ${orList(names.map(formatValue))}, not ${formatValue(given)}`;
    return addProblem(context, message, { at: ["type"] });
  });
  return schema as z.ZodType<{ type: string } & Record<string, unknown>>;
}

const typed = z.looseObject({ type: z.string() });

function typeOf(value: unknown): string | undefined {
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  return typeof type === "string" ? type : undefined;
}
