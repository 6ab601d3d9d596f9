/** The last step of an exchange: writes the response, also when the body was not read to its end. */
import type { IncomingMessage, ServerResponse } from "node:http";

interface Outgoing {
  status: number;
  headers: Readonly<Record<string, string | number>>;
  bytes: Buffer;
}

/** What Meta has no part in: JSON that a browser shows to nobody else, and never takes for a script. */
export function inJson(status: number, json: unknown): Outgoing {
  const bytes = Buffer.from(`${JSON.stringify(json)}\n`);
  const headers = {
    "content-type": "application/json",
    "content-length": bytes.length,
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
  return { status, headers, bytes };
}

export function inOwnWords(status: number, message: string): Outgoing {
  return inJson(status, { error: { message } });
}

/** How long a sender may go on after it has its answer, in milliseconds. */
const LINGER_MS = 5000;

export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, bytes }: Outgoing,
): void {
  // With it, the connection would be cut while the sender still writes, and the answer could be lost.
  response.removeHeader("connection");
  response.writeHead(status, headers).end(bytes);
  if (!request.complete) discardRest(request);
}

/** Reads what is left of a body without keeping it, for a while. */
function discardRest(request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(timer));
  request.resume();
}
