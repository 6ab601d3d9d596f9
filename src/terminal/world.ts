/** Everything outside the program that a command may use. Tests provide their own. */
import { getEventListeners } from "node:events";
import type { Readable } from "node:stream";
import { isatty } from "node:tty";

import { terminalAsk, type Ask } from "./ask.ts";
import { terminalKeys, type Keys } from "./keys.ts";
import { terminalPrompt, type Prompt } from "./prompt.ts";

/** A stream of text for people, or of text and bytes for programs. */
export interface Output {
  /** Returns false when the reader does not keep up, as a Node.js stream does. */
  write(text: string | Uint8Array): boolean;
  /** Notifies when a slow reader has read everything; an output without it never has to wait. */
  once?(event: "drain", listener: () => void): unknown;
  off?(event: "drain", listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  /** The width of the terminal in characters. */
  readonly columns?: number | undefined;
}

/** Resolves when the reader has read what was written, or is gone. */
export function drained(output: Output, signal: AbortSignal): Promise<void> {
  if (output.once === undefined || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      output.off?.("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    output.once?.("drain", done);
    signal.addEventListener("abort", done);
  });
}

export interface World {
  readonly stdin: Readable;
  /** Data. */
  readonly stdout: Output;
  /** For people: notices, progress, errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborts at Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Aborts at the second Ctrl-C. Without a listener on it, the second Ctrl-C ends the process at once. */
  readonly force: AbortSignal;
  /** Nothing when nobody is there: input or output is a pipe or a file. */
  readonly ask?: Ask | undefined;
  /** A line editor; undefined when input or output is a pipe or a file. */
  readonly prompt?: Prompt | undefined;
  /** Single keys; undefined when stdin or stdout is a pipe or a file, and with `--json`. */
  readonly keys?: Keys | undefined;
}

/** This process. The first signal aborts `signal`, a second one `force`, and any further one ends the process. */
export function realWorld(): World {
  const [stop, force] = [new AbortController(), new AbortController()];
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const isHandled = !force.signal.aborted && getEventListeners(force.signal, "abort").length > 0;
      if (!stop.signal.aborted) stop.abort(name);
      else if (isHandled) force.abort(name);
      else process.exit(130);
    });
  }
  // A reader like `head` that leaves early is no error; there is no reader left to report it to.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    stop.abort("EPIPE");
  });
  // Both sides of the prompt are terminals, or there is none. It opens nothing until it is used.
  const prompt = isatty(0) && isatty(2) ? terminalPrompt(stop.signal) : undefined;
  const keys = isatty(0) && isatty(1) ? terminalKeys(stop.signal) : undefined;
  return {
    prompt,
    keys,
    // Opening a stream of the process takes a millisecond that a short command need not spend.
    get stdin() {
      return process.stdin;
    },
    get stderr() {
      return process.stderr;
    },
    stdout: process.stdout,
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
    signal: stop.signal,
    force: force.signal,
    get ask() {
      return isatty(0) && isatty(2) ? terminalAsk(stop.signal) : undefined;
    },
  };
}

/** The columns of a terminal: 80 where it does not report them, or reports 0. */
export function columnsIn({ columns = 0 }: Output): number {
  return columns > 0 ? columns : 80;
}
