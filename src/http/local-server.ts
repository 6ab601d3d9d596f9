/** A server for programs and the browser of this machine: on a loopback address, guarded against web pages of others. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { systemCode, UnavailableError, WaHookError } from "../errors.ts";
import { refusalOf } from "./browser-guard.ts";
import { listenOn } from "./listen.ts";
import { limitedServer } from "./server.ts";

export interface LocalResponse {
  /** Default: 200. */
  status?: number;
  contentType: string;
  text: string;
}

/** By method and path, as in `GET /health`. */
export type Routes = ReadonlyMap<string, () => LocalResponse | Promise<LocalResponse>>;

export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:4400` */
  readonly url: string;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** How many ports after the first one are tried when it is taken. */
const MORE_PORTS = 20;
const LIMITS = { headersMs: 5000, requestMs: 10_000, connections: 100 };

/**
 * Starts a server on the port or, when it is taken, on the next free one. 0 means any. Throws an `UnavailableError` when all of them are
 * taken.
 */
export async function startLocalServer(port: number, routes: Routes): Promise<LocalServer> {
  const server = limitedServer(LIMITS, { request: (request, response) => void serve(request, response, routes) });
  await listenOnOneOf(server, port);
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const address = server.address() as AddressInfo;
  return { url: `http://${HOST}:${address.port}`, close, [Symbol.asyncDispose]: close };
}

async function listenOnOneOf(server: Server, port: number): Promise<void> {
  const last = port === 0 ? 0 : Math.min(65_535, port + MORE_PORTS);
  for (let next = port; next <= last; next++) {
    try {
      return await listenOn(server, { host: HOST, port: next, command: "" });
    } catch (error) {
      const isTaken = error instanceof WaHookError && systemCode(error.cause) === "EADDRINUSE";
      if (!isTaken) throw error;
    }
  }
  throw new UnavailableError(`ports ${port} to ${last} are in use by other programs`, { code: "listen.port-in-use" });
}

async function serve(request: IncomingMessage, response: ServerResponse, routes: Routes): Promise<void> {
  // Nothing here reads a body.
  request.resume();
  const { status = 200, contentType, text } = await answered(request, routes);
  const headers = {
    "content-type": contentType,
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
  if (!response.destroyed) response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : text);
}

async function answered({ method = "", url = "", headers }: IncomingMessage, routes: Routes): Promise<LocalResponse> {
  const refusal = refusalOf(method, headers, HOST);
  if (refusal !== undefined) return plainText(403, refusal);
  const [path = ""] = url.split("?", 1);
  const handle = routes.get(`${method === "HEAD" ? "GET" : method} ${path}`);
  if (handle === undefined) return plainText(404, `not found; served here: ${[...routes.keys()].join(", ")}`);
  try {
    return await handle();
  } catch {
    return plainText(500, "internal error in wa-hook");
  }
}

function plainText(status: number, text: string): LocalResponse {
  return { status, contentType: "text/plain; charset=utf-8", text: `${text}\n` };
}
