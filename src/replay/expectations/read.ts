/** Reads expectations from JSON. A wrong file is refused with the place of the first mistake. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type * as z from "zod";

import { reasonOf, systemCode, UsageError } from "../../errors.ts";
import { closest } from "../../webhook/words.ts";
import { schemas, type ExpectationsFile, type FixtureExpectation } from "./schema.ts";

const MAX_BYTES = 16 * 1024 * 1024;

/** Throws a `UsageError` when the file cannot be read or is invalid. */
export function readExpectations(name: string, cwd: string): ExpectationsFile {
  return readAs(schemas.file, name, cwd);
}

/** The expectation of one fixture, beside its file. Throws a `UsageError` when it cannot be read or is invalid. */
export function readFixtureExpectation(name: string, cwd: string): FixtureExpectation {
  return readAs(schemas.fixture, name, cwd);
}

function readAs<Schema extends z.ZodType>(schema: Schema, name: string, cwd: string): z.output<Schema> {
  const checked = schema.safeParse(parse(name, cwd), { reportInput: true });
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw wrong(`${name}: ${issue === undefined ? "is invalid" : describe(issue)}`);
}

function parse(name: string, cwd: string): unknown {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, name), "utf8");
  } catch (cause) {
    const reason = systemCode(cause) === "ENOENT" ? "no such file" : reasonOf(cause);
    throw wrong(`cannot read ${name}: ${reason}`, cause);
  }
  if (text.length > MAX_BYTES) throw wrong(`${name} is larger than ${MAX_BYTES / 1024 / 1024} MB`);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    throw wrong(`${name} is not JSON: ${reasonOf(cause)}`, cause);
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const place = placeOf(issue.path);
  const at = place === "" ? "the file" : place;
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const close = closest(key, KEYS);
    return `${placeOf([...issue.path, key])} is unknown${close === undefined ? "" : `; did you mean ${close}?`}`;
  }
  if (issue.code === "invalid_type") {
    const names: Readonly<Record<string, string>> = {
      object: "an object",
      record: "an object",
      array: "a list",
      int: "a whole number",
    };
    return `${at} must be ${names[issue.expected] ?? `a ${issue.expected}`}`;
  }
  if (issue.code === "invalid_value") return `${at} must be ${issue.values.map(String).join(" or ")}`;
  return `${at} ${issue.message.startsWith("must ") ? issue.message : `is invalid: ${issue.message}`}`;
}

/** What can stand in a file, for suggestions. */
const KEYS =
  "fixtures defaults status maxLatency body within nothingElse answers type text read typing reaction quotes count equals contains matches".split(
    " ",
  );

/** `fixtures["image.with-caption"].answers[0].text` */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      if (!/^[\w$]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

function wrong(message: string, cause?: unknown): UsageError {
  return new UsageError(message, {
    code: "expectations.invalid",
    hint: 'for example { "fixtures": { "text": { "answers": [{ "text": { "contains": "Hello" } }] } } }',
    ...(cause === undefined ? {} : { cause }),
  });
}
