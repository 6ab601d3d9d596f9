/** A request to the Graph API, read: its address, its parameters, its body in any of three encodings, its credentials. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

import { DEFAULT_GRAPH_VERSION } from "../../graph/version.ts";
import { receiveBody, type Unread } from "../../http/body.ts";
import type { ByteBudget } from "../../http/byte-budget.ts";
import { Refusal } from "./answer.ts";
import { readContent, type Content } from "./body.ts";

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
  /** From the `Authorization` header or the query: it can be checked before the body is read. */
  token: string | undefined;
}

export interface Call extends Head {
  /** The id that the path begins with. */
  id: string;
  body: Body;
  /** What a route has understood of a message, for the list of requests. */
  message?: { kind: string; summary: string; id?: string };
}

interface Body extends Content {
  /** In bytes. */
  size: number;
}

/** What a body is received with. */
export interface Reception {
  id: string;
  maxBytes: number;
  response: ServerResponse;
  budget: ByteBudget;
}

const VERSION = /^\/(v\d+\.\d+)(?=\/|$)/;
/** Of most bodies; a route can allow more. */
export const MAX_BODY_BYTES = 64 * 1024;
/** The parameters that every request may have. */
const CREDENTIALS = ["access_token", "appsecret_proof", "appsecret_time"];

export function readHead(request: IncomingMessage): Head {
  const { url = "", headers } = request;
  const [written = "", query = ""] = url.split("?", 2);
  const path = written.replaceAll(/\/+/g, "/");
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const bearer = /^(?:Bearer|OAuth)\s+(.*)$/i.exec(headers.authorization ?? "")?.[1]?.trim();
  return {
    method: request.method ?? "",
    path: path.replace(VERSION, "").replace(/\/$/, "") || "/",
    version: VERSION.exec(path)?.[1] ?? DEFAULT_GRAPH_VERSION,
    query: parameters,
    headers,
    origin: `http://${headers.host ?? ""}`,
    token: (bearer ?? parameters["access_token"]) || undefined,
  };
}

/** Reads the body. Throws the answer to one that is too large, or that there is no memory for. */
export async function readCall(request: IncomingMessage, head: Head, reception: Reception): Promise<Call> {
  const bodiless = request.method === "GET" || request.method === "HEAD";
  const received = bodiless ? Buffer.alloc(0) : await receiveBody(request, reception);
  if (!Buffer.isBuffer(received)) throw unread(received.why, head, reception.maxBytes);
  const content = readContent(received, request.headers["content-type"] ?? "");
  const { access_token: inBody } = content.fields;
  const token = head.token ?? (typeof inBody === "string" && inBody !== "" ? inBody : undefined);
  return { ...head, id: reception.id, body: { size: received.length, ...content }, token };
}

function unread(why: Unread["why"], { token }: Head, maxBytes: number): Refusal {
  if (why === "cut off") return new Refusal(1, { message: "the sender hung up half-way" });
  if (why === "fragmented") return new Refusal(1, { message: "the body came in too many small pieces" });
  if (why === "budget") {
    const details = "the emulator receives as many bytes as it can at once: send the request again";
    return new Refusal(2, { details, http: 503 });
  }
  const details = `the body is larger than ${maxBytes} bytes`;
  if (token === undefined) {
    const hint = "larger ones are read when the token is in the Authorization header or in the query";
    return new Refusal(104, { message: NO_TOKEN, details: `${details}; ${hint}`, http: 401 });
  }
  return new Refusal(100, { message: "(#100) Invalid parameter", details, http: 413 });
}

export const NO_TOKEN = "An access token is required to request this resource.";

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
