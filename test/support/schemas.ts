/** The published JSON Schemas, closed: a field that they do not describe is invalid here, although readers have to accept it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

type Schema = Record<string, unknown> & { properties?: Record<string, { const?: unknown }> };

// Compiled while commands run, whose times are measured: as fast as can be.
const ajv = new Ajv2020({ allErrors: true, validateSchema: false, code: { optimize: false } });
const validators = new Map<string, ValidateFunction>();

/** What is wrong with a value, by a file in schemas/, a line each; nothing when it is as described. It is compared as JSON has it. */
export function problemsIn(path: string, value: unknown): string[] {
  const json = JSON.stringify(value);
  const plain = JSON.parse(json) as { type?: unknown };
  const validate = validatorOf(path, plain.type);
  if (validate(plain)) return [];
  const all = validate.errors ?? [];
  return [
    `${path}: ${json}`,
    ...all.map(({ instancePath, message, params }) => `  ${instancePath} ${message} ${JSON.stringify(params)}`),
  ];
}

/** Of the events with this type alone, so that what is reported is about one of them. */
function validatorOf(path: string, type: unknown): ValidateFunction {
  const key = `${path} ${String(type)}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const { $id: _, ...schema } = closed(JSON.parse(readFileSync(join("schemas", path), "utf8"))) as Schema;
  const all = schema["anyOf"] as Schema[] | undefined;
  const anyOf = all?.filter(({ properties }) => [undefined, type].includes(properties?.["type"]?.const));
  const validate = ajv.compile({ ...schema, ...(anyOf === undefined || anyOf.length === 0 ? {} : { anyOf }) });
  validators.set(key, validate);
  return validate;
}

/** Without properties that are not described, unless it says that there can be others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]));
  const isOpen = schema["properties"] === undefined || schema["additionalProperties"] !== undefined;
  return isOpen || typeof schema["type"] !== "string" ? schema : { ...schema, additionalProperties: false };
}
