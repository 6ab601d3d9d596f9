/** Parses a request body strictly by its declared content type, and reads its values as the Graph API does. */
import { reasonOf } from "../../errors.ts";
import { asJsonObject, parseObject, withoutNulls } from "../../json.ts";
import { complexityOf } from "./complexity.ts";
import { fieldsOfForm } from "./form.ts";
import { readMultipart, type FilePart } from "./multipart.ts";

export interface Content {
  fields: Record<string, unknown>;
  files: FilePart[];
  /** Why the body could not be parsed. */
  malformed?: string;
}

const MAX_FORM_FIELDS = 1000;

/** Never throws: a body that cannot be parsed is reported in `malformed`. */
export function readContent(bytes: Buffer, contentType: string): Content {
  if (bytes.length === 0) return { fields: {}, files: [] };
  const content = readers.get(mediaTypeOf(contentType))?.(bytes, contentType);
  if (content === undefined) {
    // Guessing the type would let a web page send JSON as `text/plain`, which needs no CORS preflight.
    const type = contentType === "" ? "missing" : contentType;
    return malformed(`the body was ignored because its content-type is ${type}; send content-type: application/json`);
  }
  const problem = complexityOf(content.fields);
  if (problem !== undefined) return malformed(`the body ${problem}`);
  return hasNull(bytes) ? { ...content, fields: withoutNulls(content.fields) as Content["fields"] } : content;
}

/** Converts `application/json; charset=utf-8` to `application/json`. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

const readers = new Map<string, (bytes: Buffer, contentType: string) => Content>([
  ["application/json", readJson],
  ["application/x-www-form-urlencoded", readForm],
  ["multipart/form-data", readFiles],
]);

function malformed(reason: string): Content {
  return { fields: {}, files: [], malformed: reason };
}

/** An id written as a number. A long one would lose digits as a number of JavaScript. */
const NUMERIC_ID = /"((?:\w+_)?id|to|recipient)"\s*:\s*(\d+)(?=\s*[,}])/g;

function readJson(bytes: Buffer): Content {
  try {
    const text = bytes.toString("utf8").replace(NUMERIC_ID, '"$1":"$2"');
    const item = asJsonObject(JSON.parse(text));
    return item === undefined
      ? malformed("the body is JSON but not an object")
      : { fields: parseNested(item), files: [] };
  } catch (error) {
    return malformed(`the body is invalid JSON: ${reasonOf(error)}`);
  }
}

function readForm(bytes: Buffer): Content {
  const text = bytes.toString("utf8");
  if (/^\s*\{/.test(text)) {
    return malformed("the body is JSON but its content-type is a form; send content-type: application/json");
  }
  if (text.split("&", MAX_FORM_FIELDS + 1).length > MAX_FORM_FIELDS) {
    return malformed(`the body has more than ${MAX_FORM_FIELDS} fields`);
  }
  return { fields: parseNested(fieldsOfForm([...new URLSearchParams(text)])), files: [] };
}

function readFiles(bytes: Buffer, contentType: string): Content {
  const form = readMultipart(bytes, contentType);
  if (typeof form === "string") return malformed(`the body ${form}`);
  return { fields: parseNested(fieldsOfForm(form.fields)), files: form.files };
}

function hasNull(bytes: Buffer): boolean {
  return bytes.includes("null");
}

/** Free text of the app that is never parsed, even when it looks like JSON. */
const FREE_TEXT = new Set(["biz_opaque_callback_data"]);

/** Parses values that are JSON text. Forms encode objects and lists this way, and the Graph API accepts it in JSON bodies too. */
export function parseNested(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields);
  if (!entries.some(([name, value]) => isJsonText(name, value))) return fields;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isJsonText(name, value) ? (parseObject(value) ?? value) : value]),
  );
}

function isJsonText(name: string, value: unknown): value is string {
  return typeof value === "string" && /^[[{]/.test(value) && !FREE_TEXT.has(name);
}
