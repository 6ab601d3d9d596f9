/** A request to the Graph API, read: its address, its parameters, its body in any of three encodings, its credentials. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

import { reasonOf } from "../errors.ts";
import { receiveBody } from "../http/body.ts";
import { asItem, parseObject } from "../json.ts";
import { Refusal } from "./answer.ts";

/** What is known before the body has come. */
export interface Head {
  method: string;
  /** Without the version, with single slashes between its parts and none at its end. */
  path: string;
  /** As the request says: `v25.0`. */
  version: string;
  query: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  /** `http://127.0.0.1:8080`, as the caller knows us. */
  origin: string;
}

export interface Call extends Head {
  /** The id that the path begins with. */
  id: string;
  body: Body;
  /** From the `Authorization` header, the query or the body. */
  token: string | undefined;
  /** What a route has understood of a message, for the list of requests. */
  message?: { kind: string; summary: string; id?: string };
}

interface Body {
  fields: Record<string, unknown>;
  files: File[];
  /** In bytes. */
  size: number;
  /** Why it could not be read. */
  malformed?: string;
}

type Content = Omit<Body, "size">;

export const DEFAULT_VERSION = "v25.0";
const VERSION = /^\/(v\d+\.\d+)(?=\/|$)/;
export const MAX_BODY_BYTES = 1024 * 1024;
/** The parameters that every request may have. */
const CREDENTIALS = ["access_token", "appsecret_proof", "appsecret_time"];

export function readHead(request: IncomingMessage): Head {
  const { url = "" } = request;
  const [written = "", query = ""] = url.split("?", 2);
  const path = written.replaceAll(/\/+/g, "/");
  return {
    method: request.method ?? "",
    path: path.replace(VERSION, "").replace(/\/$/, "") || "/",
    version: VERSION.exec(path)?.[1] ?? DEFAULT_VERSION,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: request.headers,
    origin: `http://${request.headers.host ?? ""}`,
  };
}

/** Throws the answer to a body that is larger than allowed. */
export async function readCall(
  request: IncomingMessage,
  head: Head,
  about: { id: string; maxBytes: number },
): Promise<Call> {
  const { id, maxBytes } = about;
  const bytes = request.method === "GET" || request.method === "HEAD" ? Buffer.alloc(0) : await read(request, maxBytes);
  const body = { size: bytes.length, ...(await readBody(bytes, request.headers["content-type"] ?? "")) };
  const bearer = /^(?:Bearer|OAuth)\s+(.*)$/i.exec(request.headers.authorization ?? "")?.[1]?.trim();
  const inBody = body.fields["access_token"];
  const token = bearer ?? head.query["access_token"] ?? (typeof inBody === "string" ? inBody : undefined);
  return { ...head, id, body, token: token === "" ? undefined : token };
}

/** The parameters of the query and the body together, as most of the Graph API takes them. */
export function parametersOf({ query, body }: Call): Record<string, unknown> {
  return { ...query, ...body.fields };
}

/** The body's fields without the credentials. */
export function contentOf({ body }: Call): Record<string, unknown> {
  if (CREDENTIALS.every((name) => body.fields[name] === undefined)) return body.fields;
  return Object.fromEntries(Object.entries(body.fields).filter(([name]) => !CREDENTIALS.includes(name)));
}

/** A parameter as text, when it is there and not empty. */
export function textAt(parameters: Record<string, unknown>, name: string): string | undefined {
  const value = parameters[name];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The query parameters that nobody looks at. */
export function ignoredIn(query: Readonly<Record<string, string>>, known: readonly string[]): string[] {
  return Object.keys(query).filter((name) => !CREDENTIALS.includes(name) && !known.includes(name));
}

async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = await receiveBody(request, { maxBytes });
  if (Buffer.isBuffer(body)) return body;
  if (body.why === "cut off") throw new Refusal(1, { message: "the sender hung up half-way" });
  if (body.why === "fragmented") throw new Refusal(1, { message: "the body came in too many small pieces" });
  const details = `the body is larger than ${maxBytes} bytes`;
  throw new Refusal(100, { message: "(#100) Invalid parameter", details, http: 413 });
}

async function readBody(bytes: Buffer, contentType: string): Promise<Content> {
  if (bytes.length === 0) return { fields: {}, files: [] };
  if (/^multipart\/form-data/i.test(contentType)) return readMultipart(bytes, contentType);
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) return readForm(bytes);
  return readJson(bytes, contentType);
}

function readJson(bytes: Buffer, contentType: string): Content {
  try {
    const item = asItem(JSON.parse(bytes.toString("utf8")));
    if (item !== undefined) return { fields: structured(item), files: [] };
    return { fields: {}, files: [], malformed: "the body is JSON, but not an object" };
  } catch (error) {
    const hint = /json/i.test(contentType) ? "" : ` (its content-type is ${contentType || "missing"})`;
    return { fields: {}, files: [], malformed: `the body is not JSON: ${reasonOf(error)}${hint}` };
  }
}

function readForm(bytes: Buffer): Content {
  const text = bytes.toString("utf8");
  if (/^\s*\{/.test(text)) {
    const malformed = "the body is JSON, but its content-type says it is a form: send content-type: application/json";
    return { fields: {}, files: [], malformed };
  }
  return { fields: structured(Object.fromEntries(new URLSearchParams(text))), files: [] };
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<Content> {
  try {
    const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
    const fields: [string, unknown][] = [];
    const files: File[] = [];
    for (const [name, value] of form) {
      if (typeof value === "string") fields.push([name, value]);
      else if (name === "file") files.push(value);
    }
    return { fields: structured(Object.fromEntries(fields)), files };
  } catch {
    return { fields: {}, files: [], malformed: "the body is not the multipart form that its content-type says" };
  }
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
