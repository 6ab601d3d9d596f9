/** Reads what a page sent: as its schema says, or with an error that names the first thing that is wrong. */
import type * as z from "zod";

import { UsageError } from "../errors.ts";

/** `what`: `the scenario`. Throws a `UsageError`. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  throw new UsageError(`${what} is invalid${path === "" ? "" : ` at ${path}`}: ${issue?.message ?? ""}`, {
    code: "inspector.invalid",
  });
}
