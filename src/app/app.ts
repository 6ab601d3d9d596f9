/** Runs the developer's app as a child process: started by its command, awaited at its URL, ended with all that it started. */
import { spawn, type ChildProcess } from "node:child_process";

import { reasonOf, UnavailableError, UsageError } from "../errors.ts";
import { responds, waitUntilResponds } from "../http/wait.ts";
import { OutputLines, type StreamName } from "./output-lines.ts";
import { endGroup, killGroup } from "./process-group.ts";

export interface AppOptions {
  cwd: string;
  /** The complete environment of the app. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where the app is to respond; without it, the app counts as ready at once. */
  url?: URL;
  /** How long to wait for it, in milliseconds. Default: 60 s. */
  waitMs?: number;
  /** Ends the wait. A running app is ended by `close`. */
  signal: AbortSignal;
  /** Called for each line that the app prints, without control characters. */
  onOutput?(line: string, stream: StreamName): void;
}

/** How a program ended: by itself with a code, or by a signal. */
export interface Exit {
  /** The exit code; null when a signal ended it. */
  code: number | null;
  /** The signal that ended it. */
  signal: NodeJS.Signals | null;
}

/** A running app. */
export interface App extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** The last lines that it printed. */
  output(): readonly string[];
  /** Resolves when its output is read to the end, or a moment after `exited`. */
  drained(): Promise<void>;
  /** Ends the app and everything that it started: SIGTERM, after 5 s SIGKILL. */
  close(): Promise<void>;
}

const WAIT_MS = 60_000;

/**
 * Runs a command line in a shell, in a process group of its own, and resolves when `url` responds with any status. Throws an
 * `UnavailableError` when the command ends before or takes too long, with its last lines, and a `UsageError` when something else
 * responds there already.
 */
export async function startApp(command: string, options: AppOptions): Promise<App> {
  const { cwd, env, url, waitMs = WAIT_MS, signal, onOutput } = options;
  if (url !== undefined && (await responds(url, signal))) throw alreadyRunning(url);
  const child = spawn(command, {
    shell: true,
    cwd,
    env,
    // A group of its own on Windows would open a window.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const app = new StartedApp(child, new OutputLines(child, onOutput));
  try {
    if (url !== undefined) await app.ready(command, url, waitMs, signal);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

class StartedApp implements App {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #lines: OutputLines;
  /** Without a shell there is no process. */
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(child: ChildProcess, lines: OutputLines) {
    this.pid = child.pid ?? 0;
    this.#lines = lines;
    this.exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#failure = error;
        resolve({ code: null, signal: null });
      });
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    process.once("exit", this.#kill);
  }

  /** For a second Ctrl-C, which ends this process without waiting. */
  readonly #kill = (): void => {
    if (this.pid > 0) killGroup(this.pid);
  };

  output(): readonly string[] {
    return this.#lines.last();
  }

  drained(): Promise<void> {
    return this.#lines.ended();
  }

  async ready(command: string, url: URL, waitMs: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const limit = AbortSignal.any([signal, ended.signal]);
    const exit = this.exited.then((how) => {
      ended.abort();
      return how;
    });
    const responded = await waitUntilResponds(url, waitMs, limit);
    if (responded || signal.aborted) return;
    const how = ended.signal.aborted ? await exit : undefined;
    if (how !== undefined) await this.#lines.ended();
    const about = this.output();
    const reason = this.#failure === undefined ? how && describeExit(how) : `cannot be run: ${reasonOf(this.#failure)}`;
    const message =
      reason === undefined
        ? `${command} did not respond at ${url.origin} within ${waitMs / 1000} s`
        : `${command} ${reason} before it responded at ${url.origin}`;
    const hint =
      reason === undefined
        ? "check the port: the app gets it as PORT, and --to names another one; --wait 2m waits longer"
        : "start it by hand to see why it ends";
    throw new UnavailableError(message, { code: "app.not-started", hint, about });
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    if (this.pid > 0) await endGroup(this.pid);
    process.off("exit", this.#kill);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** `ended with exit code 1`, to follow the name of a program. */
export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code ?? 1}` : `was ended by ${signal}`;
}

function alreadyRunning({ origin }: URL): UsageError {
  return new UsageError(`another program responds at ${origin} already`, {
    code: "app.already-running",
    hint: "stop it, or omit --start to use it as it is",
  });
}
