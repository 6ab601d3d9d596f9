/** A server for programs and the browser of this machine: on a loopback address, guarded against web pages of others. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { systemCode, UnavailableError, UsageError, WaHookError } from "../errors.ts";
import { receiveBody } from "./body.ts";
import { isFromPage, refusalOf } from "./browser-guard.ts";
import { ByteBudget } from "./byte-budget.ts";
import { listenOn } from "./listen.ts";
import {
  BodyError,
  plainText,
  problem,
  Router,
  type LocalResponse,
  type LocalStream,
  type Routes,
} from "./local-routes.ts";
import { limitedServer } from "./server.ts";

export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:4400` */
  readonly url: string;
  close(): Promise<void>;
}

/** What a request must have to change something. */
export interface Guard {
  /** The name of the header, in lower case. */
  header: string;
  token: string;
  /** Paths for programs, which need no token, and which no web page may use, not even the server's own. */
  programs?: ReadonlySet<string>;
}

const HOST = "127.0.0.1";
/** How many ports after the first one are tried when it is in use. */
const MORE_PORTS = 20;
const LIMITS = { headersMs: 5000, requestMs: 10_000, connections: 100 };
const MB = 1024 * 1024;
/** Of all bodies that are being received. */
const BODIES_BYTES = 16 * MB;
const BUG = "internal error in wa-hook";

/**
 * Starts a server on the port or, when it is in use, on the next free one. 0 means any. With a `guard`, requests other than GET and HEAD
 * need its token. Throws an `UnavailableError` when all ports are in use.
 */
export async function startLocalServer(port: number, routes: Routes, guard?: Guard): Promise<LocalServer> {
  const serving: Serving = { routes, router: new Router(routes), guard, budget: new ByteBudget(BODIES_BYTES) };
  const server = limitedServer(LIMITS, { request: (request, response) => void serve(request, response, serving) });
  await listenOnOneOf(server, port);
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const address = server.address() as AddressInfo;
  return { url: `http://${HOST}:${address.port}`, close, [Symbol.asyncDispose]: close };
}

interface Serving {
  routes: Routes;
  router: Router;
  guard: Guard | undefined;
  budget: ByteBudget;
}

async function listenOnOneOf(server: Server, port: number): Promise<void> {
  const last = port === 0 ? 0 : Math.min(65_535, port + MORE_PORTS);
  for (let next = port; next <= last; next++) {
    try {
      return await listenOn(server, { host: HOST, port: next, command: "" });
    } catch (error) {
      const isInUse = error instanceof WaHookError && systemCode(error.cause) === "EADDRINUSE";
      if (!isInUse) throw error;
    }
  }
  throw new UnavailableError(`ports ${port} to ${last} are in use by other programs`, { code: "listen.port-in-use" });
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const answer = await answered(request, response, serving);
  // What the handler did not read.
  request.resume();
  if (response.destroyed) return;
  if ("open" in answer) return request.method === "HEAD" ? void response.end() : answer.open(response);
  const { status = 200, contentType, body, headers } = answer;
  response
    .writeHead(status, {
      "content-type": contentType,
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      ...headers,
    })
    .end(request.method === "HEAD" ? undefined : body);
}

async function answered(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, router, guard, budget }: Serving,
): Promise<LocalResponse | LocalStream> {
  const { method = "", url = "", headers } = request;
  const [path = "", query = ""] = url.split("?", 2);
  const isApi = path.startsWith("/api/");
  const refuse = (status: number, text: string, hint?: string) =>
    isApi ? problem(status, text, hint) : plainText(status, text);
  const refusal = refusalOf(method, headers, HOST);
  if (refusal !== undefined) return refuse(403, refusal);
  const isForPrograms = guard?.programs?.has(path) === true;
  if (isForPrograms && isFromPage(headers)) return refuse(403, "requests from web pages are rejected");
  const isRead = method === "GET" || method === "HEAD" || isForPrograms;
  if (!isRead && guard !== undefined && !hasToken(headers[guard.header], guard.token)) {
    return refuse(403, `the ${guard.header} header is missing or does not match`, "reload the page");
  }
  const found = router.find(method, path);
  if (found === undefined) return refuse(404, `not found; served here: ${listOf(routes)}`);
  const { handle, params } = found;
  const json = (maxBytes = MB) => readJson(request, response, { maxBytes, budget });
  const extendTimeout = (ms: number) => void response.setTimeout(ms);
  try {
    return await handle({ method, path, params, query: new URLSearchParams(query), headers, json, extendTimeout });
  } catch (error) {
    if (error instanceof BodyError) return refuse(error.status, error.message);
    if (error instanceof RangeError) return refuse(400, "the request is nested too deeply or too large");
    if (error instanceof WaHookError) return refuse(error instanceof UsageError ? 400 : 502, error.message, error.hint);
    return refuse(500, BUG);
  }
}

/** Those that a person can type. */
function listOf(routes: Routes): string {
  return [...routes.keys()].filter((route) => !route.includes(" /api/")).join(", ");
}

/** Compared in constant time. */
function hasToken(given: string | string[] | undefined, token: string): boolean {
  const [sent, wanted] = [Buffer.from(typeof given === "string" ? given : ""), Buffer.from(token)];
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes, budget }: { maxBytes: number; budget: ByteBudget },
): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\b/i.test(type)) throw new BodyError(415, "send content-type: application/json");
  const body = await receiveBody(request, { maxBytes, budget }, response);
  if (!Buffer.isBuffer(body)) {
    const limit = `the body is larger than ${Math.floor(maxBytes / MB)} MB`;
    throw new BodyError(body.why === "too large" ? 413 : 400, body.why === "too large" ? limit : "the body is cut off");
  }
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new BodyError(400, "the body is not JSON");
  }
}
