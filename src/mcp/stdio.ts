/** The server on standard input and output, as clients start it. */
import type { Readable, Writable } from "node:stream";

import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

import { toolServer, type Toolbox } from "./server.ts";

interface Connection {
  stdin: Readable;
  /** Gets the protocol and nothing else. */
  stdout: unknown;
  signal: AbortSignal;
  /** Called with what is wrong with the input, such as a line that is no JSON. */
  onError(error: Error): void;
}

/** One message; the longest inputs are far shorter. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Serves until the input ends or the signal aborts; calls that run are canceled then. */
export async function serveStdio(toolbox: Toolbox, { stdin, stdout, signal, onError }: Connection): Promise<void> {
  const { server, stop } = toolServer(toolbox);
  const transport = new StdioServerTransport(stdin, stdout as Writable, { maxBufferSize: MAX_LINE_BYTES });
  const ended = new Promise<void>((resolve) => {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no EventTarget
    server.server.onclose = resolve;
    for (const name of ["end", "close", "error"]) stdin.once(name, () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted || stdin.readableEnded) resolve();
  });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no EventTarget
  server.server.onerror = onError;
  await server.connect(transport);
  await ended;
  await stop();
  // What was asked before the end is answered after the handlers have returned.
  await new Promise((resolve) => setImmediate(resolve));
  await server.close();
}
