/** An HTTP server with limits on connections and durations, so that no client can block others. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

import { systemCode } from "../errors.ts";

export interface ServerLimits {
  /** Timeout for the request line and headers, in milliseconds. */
  headersMs: number;
  /** Timeout for the complete request, in milliseconds. */
  requestMs: number;
  /** Maximum number of connections. Beyond it, the connection without a successful request for the longest time is closed. */
  connections: number;
}

/** A request that Node.js could not parse or that timed out, and the response. */
interface ClientError {
  status: number;
  reason: string;
}

interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** Called before the connection is closed. `isResponding`: a request on it was reported by `request` and has no complete response. */
  clientError?(error: ClientError, socket: Duplex, isResponding: boolean): void;
}

/** Time to read an early response before the connection is closed, in milliseconds. */
const LINGER_MS = 1000;

const CLIENT_ERRORS = new Map<string, ClientError>([
  ["ERR_HTTP_REQUEST_TIMEOUT", { status: 408, reason: "request timed out" }],
  ["HPE_HEADER_OVERFLOW", { status: 431, reason: "headers too large" }],
  ["HPE_INVALID_METHOD", { status: 400, reason: "not an HTTP request: use http://, not https://" }],
]);

/** Creates a server that does not listen yet. Requests that expect `100 Continue` also call `request`; `receiveBody` sends it. */
export function limitedServer({ headersMs, requestMs, connections }: ServerLimits, handlers: Handlers): Server {
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(1000, headersMs),
  });
  // For clients that do not read responses. Longer than the timeouts that lead to a 408.
  server.timeout = 2 * requestMs + 1000;
  const pool = new ConnectionPool(connections);
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    pool.began(response);
    handlers.request(request, response);
  };
  server.on("request", handle).on("checkContinue", handle);
  server.on("connection", (socket: Socket) => pool.add(socket));
  const ending = new WeakSet<Duplex>();
  server.on("clientError", (error, socket) => {
    if (ending.has(socket)) return;
    ending.add(socket);
    const known = CLIENT_ERRORS.get(systemCode(error) ?? "");
    if (known !== undefined) handlers.clientError?.(known, socket, pool.isResponding(socket));
    if (known === undefined || !socket.writable) socket.destroy();
    else endWith(socket, known.status);
  });
  return server;
}

/** Discards further input for a while, because closing a connection with unread input would lose the response. */
function endWith(socket: Duplex, status: number): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
  socket.resume();
}

/** What is known about one connection. It stays the same object: a map that changes with each request would keep what it refers to. */
interface Connection {
  /** To the last request, until its success has been counted. */
  response: ServerResponse | undefined;
  /** Higher than that of all connections whose last success, or beginning, was earlier. */
  usedAt: number;
}

/** The connections, so that the least useful one can be closed. */
class ConnectionPool {
  readonly #most: number;
  readonly #connections = new Map<Duplex, Connection>();
  #uses = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(socket: Socket): void {
    this.#connections.set(socket, { response: undefined, usedAt: ++this.#uses });
    socket.once("close", () => this.#connections.delete(socket));
    if (this.#connections.size > this.#most) this.#leastUseful()?.destroy();
  }

  began(response: ServerResponse): void {
    const connection = this.#connections.get(response.req.socket);
    if (connection === undefined) return;
    this.#count(connection);
    connection.response = response;
  }

  /** Whether a request on the connection has no complete response. */
  isResponding(socket: Duplex): boolean {
    return this.#connections.get(socket)?.response?.writableEnded === false;
  }

  #count(connection: Connection): void {
    const { response } = connection;
    if (response?.writableFinished !== true || response.statusCode >= 300) return;
    connection.response = undefined;
    connection.usedAt = ++this.#uses;
  }

  /** Skips connections with a pending response, because their request is complete. */
  #leastUseful(): Duplex | undefined {
    let least: { socket: Duplex; usedAt: number } | undefined;
    for (const [socket, connection] of this.#connections) {
      this.#count(connection);
      const isPending = connection.response?.req.complete === true && this.isResponding(socket);
      if (isPending || socket.destroyed || connection.usedAt > (least?.usedAt ?? Infinity)) continue;
      least = { socket, usedAt: connection.usedAt };
    }
    return least?.socket;
  }
}
