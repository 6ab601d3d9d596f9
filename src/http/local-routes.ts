/** The routes of a local server: methods and paths with parameters, and what their handlers get and return. */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";

export interface LocalRequest {
  method: string;
  path: string;
  /** The parts of the path that `:name` stands for in the pattern, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body. Rejects with a `BodyError` when it is larger than `maxBytes` (default: 1 MB) or not JSON. */
  json(maxBytes?: number): Promise<unknown>;
  /** Lets the response take this long instead of a few seconds, in milliseconds. */
  extendTimeout(ms: number): void;
}

export interface LocalResponse {
  /** Default: 200. */
  status?: number;
  contentType: string;
  body: string | Uint8Array;
  headers?: Readonly<Record<string, string>>;
}

/** A response that goes on: whoever returns it writes it. */
export interface LocalStream {
  open(response: ServerResponse): void;
}

export type LocalHandler = (
  request: LocalRequest,
) => LocalResponse | LocalStream | Promise<LocalResponse | LocalStream>;

/** By method and path, as in `GET /health` or `PUT /api/scenarios/:name`. */
export type Routes = ReadonlyMap<string, LocalHandler>;

/** Why a body was not read, with the status of the response. */
export class BodyError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Match {
  handle: LocalHandler;
  params: Record<string, string>;
}

/** Finds the handler of a request. `HEAD` gets the same response as `GET`. */
export class Router {
  readonly #exact = new Map<string, LocalHandler>();
  readonly #patterns: { method: string; parts: string[]; handle: LocalHandler }[] = [];

  constructor(routes: Routes) {
    for (const [route, handle] of routes) {
      const [method = "", path = ""] = route.split(" ", 2);
      if (path.includes("/:")) this.#patterns.push({ method, parts: path.split("/"), handle });
      else this.#exact.set(route, handle);
    }
  }

  find(given: string, path: string): Match | undefined {
    const method = given === "HEAD" ? "GET" : given;
    const handle = this.#exact.get(`${method} ${path}`);
    if (handle !== undefined) return { handle, params: {} };
    const parts = path.split("/");
    for (const pattern of this.#patterns) {
      const params = pattern.method === method ? paramsOf(pattern.parts, parts) : undefined;
      if (params !== undefined) return { handle: pattern.handle, params };
    }
    return undefined;
  }
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [at, wanted] of pattern.entries()) {
    const given = parts[at] ?? "";
    if (!wanted.startsWith(":")) {
      if (given !== wanted) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined || value === "") return undefined;
    params[wanted.slice(1)] = value;
  }
  return params;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export function jsonResponse(value: unknown, status = 200): LocalResponse {
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** An error as JSON: what is so, and one thing to do. */
export function problem(status: number, error: string, hint?: string): LocalResponse {
  return jsonResponse({ error, ...(hint === undefined ? {} : { hint }) }, status);
}

export function plainText(status: number, text: string): LocalResponse {
  return { status, contentType: "text/plain; charset=utf-8", body: `${text}\n` };
}
