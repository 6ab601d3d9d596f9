/** A body of the Graph API, understood under the content type that it came with, and under no other. */
import { reasonOf } from "../../errors.ts";
import { asItem, parseObject } from "../../json.ts";
import { complexityOf } from "./complexity.ts";
import { readMultipart, type FilePart } from "./multipart.ts";

export interface Content {
  fields: Record<string, unknown>;
  files: FilePart[];
  /** Why it could not be read. */
  malformed?: string;
}

const MAX_FORM_FIELDS = 1000;

/** Never throws: what cannot be read is `malformed`. */
export function readContent(bytes: Buffer, contentType: string): Content {
  if (bytes.length === 0) return { fields: {}, files: [] };
  const content = readers.get(mediaTypeOf(contentType))?.(bytes, contentType);
  if (content === undefined) {
    // A web page can send any text under a type that needs no preflight, or under none.
    const type = contentType === "" ? "missing" : contentType;
    return malformed(`the body was not read because its content-type is ${type}: send content-type: application/json`);
  }
  const problem = complexityOf(content.fields);
  return problem === undefined ? content : malformed(`the body ${problem}`);
}

/** `application/json; charset=utf-8` as `application/json`. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

const readers = new Map<string, (bytes: Buffer, contentType: string) => Content>([
  ["application/json", readJson],
  ["application/x-www-form-urlencoded", readForm],
  ["multipart/form-data", readFiles],
]);

function malformed(why: string): Content {
  return { fields: {}, files: [], malformed: why };
}

function readJson(bytes: Buffer): Content {
  try {
    const item = asItem(JSON.parse(bytes.toString("utf8")));
    return item === undefined
      ? malformed("the body is JSON, but not an object")
      : { fields: structured(item), files: [] };
  } catch (error) {
    return malformed(`the body is not JSON: ${reasonOf(error)}`);
  }
}

function readForm(bytes: Buffer): Content {
  const text = bytes.toString("utf8");
  if (/^\s*\{/.test(text)) {
    return malformed("the body is JSON, but its content-type says it is a form: send content-type: application/json");
  }
  if (text.split("&", MAX_FORM_FIELDS + 1).length > MAX_FORM_FIELDS) {
    return malformed(`the body has more than ${MAX_FORM_FIELDS} fields`);
  }
  return { fields: structured(Object.fromEntries(new URLSearchParams(text))), files: [] };
}

function readFiles(bytes: Buffer, contentType: string): Content {
  const form = readMultipart(bytes, contentType);
  if (typeof form === "string") return malformed(`the body ${form}`);
  return { fields: structured(Object.fromEntries(form.fields)), files: form.files };
}

/** The app's own words, which may look like anything. */
const FREE_TEXT = new Set(["biz_opaque_callback_data"]);

/** In a form, objects and lists are written as JSON; and Graph takes them so in a JSON body too. */
function structured(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields);
  if (!entries.some(([name, value]) => isWritten(name, value))) return fields;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isWritten(name, value) ? (parseObject(value) ?? value) : value]),
  );
}

function isWritten(name: string, value: unknown): value is string {
  return typeof value === "string" && /^[[{]/.test(value) && !FREE_TEXT.has(name);
}
