/** Keeps the developer's app running: started again when it ends, after a delay that grows while it keeps ending. */
import { UnavailableError, UsageError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import { responds, waitUntilResponds } from "../http/wait.ts";
import { describeExit, startApp, type App, type Exit } from "./app.ts";
import type { StreamName } from "./output-lines.ts";
import { killGroup } from "./process-group.ts";

export type AppEvent =
  /** A line that the app printed, without control characters. */
  { type: "output"; at: number; line: string; stream: StreamName } | ProcessEvent;

/** The state of the process has changed. `running` means that it responds. */
export interface ProcessEvent {
  type: "process";
  at: number;
  state: "starting" | "running" | "restarting" | "stopped";
  /** The id of the process at the operating system. */
  pid?: number;
  /** From the start of the process until it responded, in milliseconds. */
  ms?: number;
  /** How it ended; missing when it is restarted by hand. */
  exit?: Exit;
  /** Until it is started again, in milliseconds. */
  restartInMs?: number;
  /** It does not respond after 10 s, at this URL. */
  silent?: string;
}

export interface SupervisorOptions {
  /** The command line for the shell. Default: the command as it is shown. */
  line?: string;
  cwd: string;
  /** The complete environment of the app. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where the app is to respond. */
  url: URL;
  /** Before the first repeated start, in milliseconds; doubles up to 30 s. Default: 500. */
  backoffMs?: number;
  /** When an app that does not respond is reported, in milliseconds. Default: 10 s. */
  silentMs?: number;
}

const BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** After this long the next end is not counted with those before. */
const STABLE_MS = 10_000;
const SILENT_MS = 10_000;
/** An app is waited for as long as it runs. */
const FOREVER_MS = 24 * 60 * 60 * 1000;
/** A reader that does not keep up with an app that prints without end loses the oldest lines. */
const MAX_UNREAD = 10_000;

export class Supervisor implements AsyncDisposable {
  readonly command: string;
  /** For the page. */
  readonly status: { command: string; state: ProcessEvent["state"]; restarts: number };
  readonly #options: SupervisorOptions;
  readonly #broadcast = new Broadcast<AppEvent>(MAX_UNREAD);
  readonly #closing = new AbortController();
  #app: App | undefined;
  /** Ends the delay before the next start, or the process for a new one. */
  #restart = new AbortController();
  #running: Promise<void> | undefined;

  constructor(command: string, options: SupervisorOptions) {
    this.command = command;
    this.status = { command, state: "starting", restarts: 0 };
    this.#options = options;
  }

  /** From the call on; ends when the supervisor is closed. */
  events(): AsyncIterableIterator<AppEvent> {
    return this.#broadcast.events();
  }

  /**
   * Runs the app until `close`. Throws an `UnavailableError` when the first process ends before it responds, with its last lines, and a
   * `UsageError` when another program responds at the URL already.
   */
  async run(): Promise<void> {
    const { url } = this.#options;
    if (await responds(url, this.#closing.signal)) throw alreadyRunning(url);
    this.#running = this.#keepRunning();
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    let failures = 0;
    let hasResponded = false;
    while (!this.#isClosing) {
      this.#restart = new AbortController();
      const byHand = this.#restart.signal;
      const startedAt = performance.now();
      const { exit, responded, lines } = await this.#once(byHand);
      if (this.#isClosing) return;
      hasResponded ||= responded;
      const isStable = performance.now() - startedAt >= STABLE_MS;
      if (exit !== undefined && !hasResponded && !isStable && this.status.restarts === 0) {
        this.#set("stopped", { exit });
        throw notStarted(this.command, exit, { url: this.#options.url, lines });
      }
      this.status.restarts++;
      if (byHand.aborted) {
        failures = 0;
        continue;
      }
      failures = isStable ? 1 : failures + 1;
      const restartInMs = Math.min(MAX_BACKOFF_MS, (this.#options.backoffMs ?? BACKOFF_MS) * 2 ** (failures - 1));
      this.#set("restarting", { ...(exit === undefined ? {} : { exit }), restartInMs });
      await pause(restartInMs, AbortSignal.any([byHand, this.#closing.signal]));
    }
  }

  /** One process, from its start to its end. */
  async #once(byHand: AbortSignal): Promise<{ exit?: Exit; responded: boolean; lines: readonly string[] }> {
    const { cwd, env, line = this.command } = this.#options;
    const { signal } = this.#closing;
    const onOutput = (line: string, stream: StreamName) =>
      this.#broadcast.emit({ type: "output", at: Date.now(), line, stream });
    const app = await startApp(line, { cwd, env, signal, onOutput });
    this.#app = app;
    this.#set("starting", { pid: app.pid });
    const ended = new AbortController();
    const watching = this.#watch(AbortSignal.any([ended.signal, byHand, signal]));
    const stop = AbortSignal.any([byHand, signal]);
    const exit = await Promise.race([app.exited, aborted(stop)]);
    ended.abort();
    if (exit !== undefined) await app.drained();
    else if (!this.#isClosing) this.#set("restarting", {});
    // Also what the process has left behind, which would hold the port.
    await app.close();
    return { ...(exit === undefined ? {} : { exit }), responded: await watching, lines: app.output() };
  }

  /** Whether the app responded before it ended. */
  async #watch(signal: AbortSignal): Promise<boolean> {
    const { url, silentMs = SILENT_MS } = this.#options;
    const startedAt = performance.now();
    const timer = setTimeout(() => this.#set("starting", { silent: url.href }), silentMs);
    try {
      const responded = await waitUntilResponds(url, FOREVER_MS, signal);
      if (responded && !signal.aborted) this.#set("running", { ms: Math.round(performance.now() - startedAt) });
      return responded;
    } finally {
      clearTimeout(timer);
    }
  }

  #set(state: ProcessEvent["state"], about: Omit<ProcessEvent, "type" | "at" | "state">): void {
    this.status.state = state;
    this.#broadcast.emit({ type: "process", at: Date.now(), state, ...about });
  }

  /** Ends the process and starts a new one, at once. */
  restart(): void {
    this.#restart.abort();
  }

  /** Ends the app without waiting for it. `close` resolves soon after. */
  kill(): void {
    if (this.#app !== undefined && this.#app.pid > 0) killGroup(this.#app.pid);
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Ends the app and everything that it started. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running?.catch(() => undefined);
    if (this.status.state !== "stopped") this.#set("stopped", {});
    this.#broadcast.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}

/** Resolves after `ms` milliseconds, or when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void aborted(signal).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The exit code of a shell that did not find the program. */
const NO_PROGRAM = 127;

function notStarted(
  command: string,
  exit: Exit,
  { url, lines }: { url: URL; lines: readonly string[] },
): UnavailableError {
  const hint =
    exit.code === NO_PROGRAM
      ? "check the command after --; it runs in this folder"
      : "start it by hand to see why it ends; it gets its port as PORT";
  return new UnavailableError(`${command} ${describeExit(exit)} before it responded at ${url.origin}`, {
    code: "app.not-started",
    hint,
    about: lines,
  });
}

function alreadyRunning({ origin }: URL): UsageError {
  return new UsageError(`another program responds at ${origin} already`, {
    code: "app.already-running",
    hint: "stop it, or omit the command to use it as it is",
  });
}
