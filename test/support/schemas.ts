/** The published JSON Schemas, closed: a field that they do not describe is invalid here, although readers have to accept it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

type Schema = Record<string, unknown>;

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const validators = new Map<string, ValidateFunction>();

/** What is wrong with a value, by a file in schemas/, a line each; nothing when it is as described. It is compared as JSON has it. */
export function problemsIn(path: string, value: unknown): string[] {
  const json = JSON.stringify(value);
  const validate = validators.get(path) ?? compiled(path);
  if (validate(JSON.parse(json))) return [];
  const all = validate.errors ?? [];
  return [
    `${path}: ${json}`,
    ...all.map(({ instancePath, message, params }) => `  ${instancePath} ${message} ${JSON.stringify(params)}`),
  ];
}

function compiled(path: string): ValidateFunction {
  const { $id: _, ...schema } = closed(JSON.parse(readFileSync(join("schemas", path), "utf8")) as Schema) as Schema;
  const validate = ajv.compile(schema);
  validators.set(path, validate);
  return validate;
}

/** Without properties that are not described, unless it says that there can be others. */
export function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]));
  const isOpen = schema["properties"] === undefined || schema["additionalProperties"] !== undefined;
  return isOpen || typeof schema["type"] !== "string" ? schema : { ...schema, additionalProperties: false };
}
