/** The body of a request that reaches one of our servers: whole, up to a limit. */
import type { IncomingMessage } from "node:http";

/** Why there is no body, and how many bytes of it came. */
export interface Unread {
  why: "too large" | "cut off";
  bytes: number;
}

/** A body this many times too large is still read to its end, so that the sender sees the answer. */
const DRAINED = 4;

/** The exact bytes, or why they are not there; never rejects. `maxBytes` is the largest body that is taken. */
export function receiveBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | Unread> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > maxBytes * DRAINED) return Promise.resolve({ why: "too large", bytes: 0 });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > maxBytes * DRAINED) resolve({ why: "too large", bytes });
    });
    request.on("end", () => {
      if (bytes > maxBytes) resolve({ why: "too large", bytes });
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    // Comes after "end" too, when it no longer changes anything.
    request.on("close", () => resolve({ why: "cut off", bytes }));
    request.on("error", () => undefined);
  });
}
