/** Requests as Meta makes them, and as nobody should, against a listener under test. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import type { ListenerEvent } from "../../src/listener/event.ts";
import type { Listener } from "../../src/listener/listener.ts";
import type { ListenerOptions } from "../../src/listener/options.ts";
import { startListener } from "../../src/listener/server.ts";
import { fixture } from "../../src/webhook/fixtures.ts";
import { sign } from "../../src/webhook/signature.ts";
import { encodeWire } from "../../src/webhook/wire.ts";
import { type Take, taking } from "./taking.ts";

export const APP_SECRET = "test-app-secret";
export const VERIFY_TOKEN = "test-verify-token";

export interface Watched {
  listener: Listener;
  events: ListenerEvent[];
  /** The next event of a type that was not taken by an earlier call. */
  next: Take<ListenerEvent>;
}

/** A listener that goes when the test ends, with everything that it tells. */
export async function listening(options: Partial<ListenerOptions> = {}): Promise<Watched> {
  const listener = await startListener({ appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN, ...options });
  onTestFinished(async () => void (await listener.close()));
  const events: ListenerEvent[] = [];
  return { listener, events, next: taking(listener.events(), events) };
}

/** The bytes of a bundled delivery; `id` makes another message of it. */
export function wireOf(name: string, id?: string): Buffer {
  const { payload } = fixture(name);
  if (id !== undefined) {
    const value = payload.entry[0]?.changes[0]?.value as { messages: { id: string }[] };
    for (const message of value.messages) message.id = id;
  }
  return encodeWire(payload);
}

export function signed(body: Buffer | string, secret = APP_SECRET): Record<string, string> {
  return { "content-type": "application/json", "x-hub-signature-256": sign(body, secret) };
}

export async function post(
  url: string,
  body: Buffer | string,
  headers: Record<string, string> = signed(body),
): Promise<number> {
  const response = await fetch(url, { method: "POST", body, headers, redirect: "manual" });
  await response.arrayBuffer();
  return response.status;
}

/** Writes to a socket just what is given and resolves with all that came back. */
export async function raw(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  for (const part of parts) socket.write(part);
  return text(socket).catch(() => "");
}

/** A server for one test. */
export async function serve(handler: RequestListener, at = 0): Promise<{ url: string; port: number; server: Server }> {
  const server = createServer(handler).listen(at, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/webhook`, port, server };
}

/** A port that nobody listens on just now, and that no other server gets by asking for any free one: below the range of those. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await Promise.race([
      once(server, "listening").then(() => true),
      once(server, "error").then(() => false),
    ]);
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
