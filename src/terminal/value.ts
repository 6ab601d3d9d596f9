/** What the value of an input looks like, as data: for the help as JSON, the reference and completion. */
import * as z from "zod";

import { formatDuration } from "../duration.ts";

export interface Value {
  /** `duration`: `500ms`, `30s`, `7d`. `size`: `500K`, `1G`. `endpoint`: a port, a path or a URL. */
  type: "string" | "number" | "integer" | "boolean" | "duration" | "size" | "endpoint" | "path";
  choices?: readonly string[];
  minimum?: number;
  maximum?: number;
}

const values = z.registry<Value>();

/** Describes a schema whose own structure says less: one that transforms text. */
export function withValue<Schema extends z.core.$ZodType>(value: Value, schema: Schema): Schema {
  values.add(schema, value);
  return schema;
}

/** The value behind optional, default and repeated ones; of a setting, what is set. */
export function valueOf(schema: z.core.$ZodType): Value {
  const described = values.get(schema);
  // A copy: the registry adds its own to what it returns.
  if (described !== undefined) return { ...described };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return valueOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return valueOf(schema.element);
  if (schema instanceof z.ZodPipe) return valueOf(schema.in);
  if (schema instanceof z.ZodEnum) return { type: "string", choices: schema.options.map(String) };
  if (schema instanceof z.ZodBoolean) return { type: "boolean" };
  if (schema instanceof z.ZodObject && schema.shape["value"] !== undefined) return valueOf(schema.shape["value"]);
  return { type: "string" };
}

/** Whether an input may be given several times. */
export function isRepeatable(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return isRepeatable(schema.unwrap());
  return schema instanceof z.ZodArray;
}

/** What holds when an input is not given, as one would type it; undefined when that depends on something else, or is nothing. */
export function defaultOf(schema: z.core.$ZodType): string | undefined {
  if (schema instanceof z.ZodOptional) return defaultOf(schema.unwrap());
  if (schema instanceof z.ZodObject && schema.shape["value"] !== undefined) return defaultOf(schema.shape["value"]);
  if (!(schema instanceof z.ZodDefault)) return undefined;
  const value: unknown = schema.def.defaultValue;
  const { type } = valueOf(schema);
  if (type === "boolean" || Array.isArray(value) || value === "") return undefined;
  return type === "duration" ? formatDuration(Number(value)) : String(value);
}
