/** Writes a response, even when the request body was not read to its end. */
import type { IncomingMessage, ServerResponse } from "node:http";

interface Outgoing {
  status: number;
  headers: Readonly<Record<string, string | number>>;
  bytes: Buffer;
}

/** A response of the emulator itself: JSON that browsers neither share across origins nor sniff as a script. */
export function jsonResponse(status: number, json: unknown): Outgoing {
  const bytes = Buffer.from(`${JSON.stringify(json)}\n`);
  const headers = {
    "content-type": "application/json",
    "content-length": bytes.length,
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
  return { status, headers, bytes };
}

export function errorResponse(status: number, message: string): Outgoing {
  return jsonResponse(status, { error: { message } });
}

/** How long a client may keep sending after its response, in milliseconds. */
const LINGER_MS = 5000;

export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, bytes }: Outgoing,
): void {
  // `Connection: close` would reset the connection while the client is still sending, and the response could be lost.
  response.removeHeader("connection");
  response.writeHead(status, headers).end(bytes);
  if (!request.complete) discardRest(request);
}

/** Drains the rest of a body until it ends or `LINGER_MS` pass. */
function discardRest(request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(timer));
  request.resume();
}
