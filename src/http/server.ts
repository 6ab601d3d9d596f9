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
  /** Called before the connection is closed. */
  clientError?(error: ClientError, socket: Duplex): void;
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
    pool.began(request, response);
    handlers.request(request, response);
  };
  server.on("request", handle).on("checkContinue", handle);
  server.on("connection", (socket: Socket) => pool.add(socket));
  const ending = new WeakSet<Duplex>();
  server.on("clientError", (error, socket) => {
    if (ending.has(socket)) return;
    ending.add(socket);
    const known = CLIENT_ERRORS.get(systemCode(error) ?? "");
    if (known !== undefined) handlers.clientError?.(known, socket);
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

/** The connections, the least useful first: each moves to the end when a request on it succeeds. */
class ConnectionPool {
  readonly #most: number;
  readonly #sockets = new Map<Socket, Exchange | undefined>();

  constructor(most: number) {
    this.#most = most;
  }

  add(socket: Socket): void {
    this.#sockets.set(socket, undefined);
    socket.once("close", () => this.#sockets.delete(socket));
    if (this.#sockets.size > this.#most) this.#leastUseful()?.destroy();
  }

  began(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (this.#sockets.has(socket)) this.#sockets.set(socket, { request, response });
    response.once("finish", () => {
      if (response.statusCode >= 300 || !this.#sockets.delete(socket)) return;
      this.#sockets.set(socket, undefined);
    });
  }

  /** Skips connections with a pending response, because their request is complete. */
  #leastUseful(): Socket | undefined {
    for (const [socket, exchange] of this.#sockets) {
      const isResponding = exchange?.request.complete === true && !exchange.response.writableEnded;
      if (!isResponding && !socket.destroyed) return socket;
    }
    return undefined;
  }
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}
