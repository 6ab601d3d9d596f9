/** A parsed Graph API request: path, parameters, body in any of three encodings, and credentials. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

import { DEFAULT_GRAPH_VERSION } from "../../graph/version.ts";
import { receiveBody, type Unread } from "../../http/body.ts";
import type { ByteBudget } from "../../http/byte-budget.ts";
import { parseNested, readContent, type Content } from "./body.ts";
import { GraphErrorResponse } from "./graph-response.ts";

/** The part of a request that is available before its body. */
export interface Head {
  method: string;
  /** Without the version, duplicate slashes and a trailing slash. */
  path: string;
  /** From the path, such as `v25.0`. */
  version: string;
  query: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  /** Built from the `Host` header: `http://127.0.0.1:8080`. */
  origin: string;
  /** From the query or the `Authorization` header, so that it can be checked before the body is read. */
  token: string | undefined;
}

export interface Call extends Head {
  /** The first segment of the path. */
  id: string;
  body: Body;
  /** Set by the route for messages, and recorded in the request log. */
  message?: { kind: string; summary: string; id?: string };
  /** Set by the route: what it accepted without knowing it, as paths in the body. */
  unknown?: readonly string[];
}

export interface Body extends Content {
  /** In bytes. */
  size: number;
  /** The body itself, when the route takes bytes instead of fields. */
  bytes?: Buffer;
}

/** Options for receiving a body. */
export interface BodyOptions {
  id: string;
  maxBytes: number;
  /** Whether the body is bytes rather than fields. */
  raw?: boolean;
  response: ServerResponse;
  budget: ByteBudget;
}

const VERSION = /^\/(v\d+\.\d+)(?=\/|$)/;
/** The default limit; a route can allow more. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Parameters that every request accepts. Source: Meta, Graph API, "Overview" and "Secure requests". */
const GLOBAL = new Set([
  "access_token",
  "appsecret_proof",
  "appsecret_time",
  "date_format",
  "debug",
  "format",
  "include_headers",
  "locale",
  "method",
  "pretty",
  "suppress_http_code",
]);

export function readHead(request: IncomingMessage): Head {
  const { url = "", method = "", headers } = request;
  return headOf({ url, method, headers });
}

/** The head of a request for this URL: a path, with or without a version, and a query. */
export function headOf({ url, method, headers }: { url: string; method: string; headers: IncomingHttpHeaders }): Head {
  const [written = "", query = ""] = url.split("?", 2);
  const path = written.replaceAll(/\/+/g, "/");
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const bearer = /^(?:Bearer|OAuth)\s+(.*)$/i.exec(headers.authorization ?? "")?.[1]?.trim();
  return {
    method,
    path: path.replace(VERSION, "").replace(/\/$/, "") || "/",
    version: VERSION.exec(path)?.[1] ?? DEFAULT_GRAPH_VERSION,
    query: parameters,
    headers,
    origin: `http://${headers.host ?? ""}`,
    // A parameter is meant for this call; many clients send the same header with every call.
    token: parameters["access_token"] || bearer || undefined,
  };
}

/** Reads the body. Throws a `GraphErrorResponse` for one that is too large or exceeds the memory budget. */
export async function readCall(request: IncomingMessage, head: Head, options: BodyOptions): Promise<Call> {
  const bodiless = request.method === "GET" || request.method === "HEAD";
  const received = bodiless ? Buffer.alloc(0) : await receiveBody(request, options, options.response);
  if (!Buffer.isBuffer(received)) throw unreadBody(received.why, head, options.maxBytes);
  if (options.raw === true)
    return { ...head, id: options.id, body: { size: received.length, fields: {}, files: [], bytes: received } };
  const content = readContent(received, request.headers["content-type"] ?? "");
  return callOf(head, options.id, { size: received.length, ...content });
}

/** Completes a request by its body, which may contain the token. */
export function callOf(head: Head, id: string, body: Body): Call {
  const token = head.query["access_token"] || textAt(body.fields, "access_token") || head.token;
  return { ...head, id, body, token };
}

/**
 * The request with the method that its parameter `method` demands, for clients that can only send GET and POST. A form that becomes a
 * GET keeps its fields as query parameters.
 */
export function overridden<Given extends Head & Partial<Call>>(given: Given): Given {
  const fields = given.body?.fields ?? {};
  const method = (textAt(given.query, "method") ?? textAt(fields, "method"))?.toUpperCase();
  if (method === undefined || !["GET", "POST", "DELETE"].includes(method) || method === given.method) return given;
  const texts = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { ...given, method, ...(method === "GET" ? { query: { ...Object.fromEntries(texts), ...given.query } } : {}) };
}

/** Whether a flag such as `pretty` is set: `1`, `true`, or without a value. */
export function hasFlag({ query, body }: Pick<Head, "query"> & Partial<Call>, name: string): boolean {
  const value = query[name] ?? textAt(body?.fields ?? {}, name);
  return value !== undefined && !["0", "false"].includes(value);
}

function unreadBody(why: Unread["why"], { token }: Head, maxBytes: number): GraphErrorResponse {
  if (why === "cut off")
    return new GraphErrorResponse(1, { message: "the client closed the connection before the body was complete" });
  if (why === "fragmented") return new GraphErrorResponse(1, { message: "the body was sent in too many small chunks" });
  if (why === "budget") {
    const details = "the emulator is receiving its maximum of concurrent request bytes; retry the request";
    return new GraphErrorResponse(2, { details, http: 503 });
  }
  const details = `the body is larger than ${maxBytes} bytes`;
  if (token === undefined) {
    const hint = "send the token in the Authorization header or the query to allow larger bodies";
    return new GraphErrorResponse(104, { message: NO_TOKEN, details: `${details}; ${hint}`, http: 401 });
  }
  return new GraphErrorResponse(100, { message: "(#100) Invalid parameter", details, http: 413 });
}

export const NO_TOKEN = "An access token is required to request this resource.";

/** Query and body parameters merged: most of the Graph API accepts them in either place. */
export function parametersOf({ query, body }: Call): Record<string, unknown> {
  return { ...query, ...body.fields };
}

/** The fields of the body without the parameters of every request, and those of the query that the route names. */
export function contentOf({ query, body }: Call, named: readonly string[] = []): Record<string, unknown> {
  const inQuery = named.filter((name) => query[name] !== undefined).map((name) => [name, query[name]] as const);
  const fields = inQuery.length === 0 ? body.fields : { ...parseNested(Object.fromEntries(inQuery)), ...body.fields };
  const entries = Object.entries(fields);
  return entries.some(([name]) => GLOBAL.has(name))
    ? Object.fromEntries(entries.filter(([name]) => !GLOBAL.has(name)))
    : fields;
}

/** A parameter as text; undefined when it is missing or empty. */
export function textAt(parameters: Record<string, unknown>, name: string): string | undefined {
  const value = parameters[name];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The query parameters that have no effect. */
export function ignoredIn(query: Readonly<Record<string, string>>, known: readonly string[]): string[] {
  return Object.keys(query).filter((name) => !GLOBAL.has(name) && !known.includes(name));
}
