/** An HTTP server with bounded connections and bounded times: nobody holds a place in it for ever, or keeps others out. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

import { systemCode } from "../errors.ts";

export interface ServerLimits {
  /** For the request line and the headers, in milliseconds. */
  headersMs: number;
  /** For the whole request, in milliseconds. */
  requestMs: number;
  /** When there are more, the connection goes that has been useless the longest. */
  connections: number;
}

/** A request that Node.js could not read, or did not want to wait for, and what it was answered. */
interface ClientError {
  status: number;
  reason: string;
}

interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** Comes before the connection is closed. */
  clientError?(error: ClientError, socket: Duplex): void;
}

/** A sender that was answered early may take this long to read it, in milliseconds. */
const LINGER_MS = 1000;

const CLIENT_ERRORS = new Map<string, ClientError>([
  ["ERR_HTTP_REQUEST_TIMEOUT", { status: 408, reason: "the sender was too slow" }],
  ["HPE_HEADER_OVERFLOW", { status: 431, reason: "the headers are too large" }],
  ["HPE_INVALID_METHOD", { status: 400, reason: "that was no HTTP: the listener speaks http://, not https://" }],
]);

/** A server that does not listen yet. Requests that wait for `100 Continue` come to `request` too, which sends it (`receiveBody` does). */
export function limitedServer({ headersMs, requestMs, connections }: ServerLimits, handlers: Handlers): Server {
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(1000, headersMs),
  });
  // A sender that does not read its responses is neither slow in sending nor idle. Later than the 408 of one that is.
  server.timeout = 2 * requestMs + 1000;
  const places = new Places(connections);
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    places.began(request, response);
    handlers.request(request, response);
  };
  server.on("request", take).on("checkContinue", take);
  server.on("connection", (socket: Socket) => places.add(socket));
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

/** What the sender still sends is thrown away for a while, because a connection that is closed over it would take the response along. */
function endWith(socket: Duplex, status: number): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
  socket.resume();
}

/** The connections, the most useless first: each moves to the end whenever a request on it succeeds. */
class Places {
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

  /** None that is being answered: its sender has done all that was asked. */
  #leastUseful(): Socket | undefined {
    for (const [socket, exchange] of this.#sockets) {
      const answering = exchange?.request.complete === true && !exchange.response.writableEnded;
      if (!answering && !socket.destroyed) return socket;
    }
    return undefined;
  }
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}
