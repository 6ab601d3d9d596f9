/** A Cloudflare quick tunnel. It runs the `cloudflared` binary that is on PATH and never downloads it. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf, systemCode, UnavailableError, UsageError } from "../errors.ts";
import { freePort } from "../http/free-port.ts";
import { originOf } from "../http/listen.ts";
import { parseObject } from "../json.ts";
import { withTimeLimit } from "./time-limit.ts";
import { TunnelEvents } from "./tunnel-events.ts";
import type { Tunnel, TunnelEvent, TunnelOptions } from "./tunnel.ts";

export interface CloudflaredOptions extends TunnelOptions {
  /** The binary; `cloudflared` on PATH when absent. */
  command?: string;
  /** The environment of the child process; that of this process when absent. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** With its port blocked, cloudflared retries forever. */
const TIMEOUT_MS = 40_000;
const POLL_MS = 200;
/** With requests in flight, cloudflared waits up to 30 s before it exits. */
const CLOSE_MS = 1500;
const URL_PATTERN = /https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com/;
const CONNECTED = "Registered tunnel connection";
const DISCONNECTED =
  /Lost connection with the edge|Unregistered tunnel connection|Connection terminated|Serve tunnel error/;
const INSTALL: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "brew install cloudflared",
  win32: "winget install --id Cloudflare.cloudflared",
};
const DOWNLOADS = "developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads";

/**
 * Resolves when the tunnel is connected. Throws a `UsageError` when cloudflared is not installed, and an `UnavailableError` with its last
 * log message when it opens no tunnel.
 */
export async function openCloudflared(options: CloudflaredOptions): Promise<Tunnel> {
  if (options.domain !== undefined) {
    throw new UsageError("cloudflared quick tunnels do not support a custom domain", {
      code: "tunnel.cloudflared-domain",
      hint: "omit --domain, or start a named tunnel yourself and use --public-url <https url>",
    });
  }
  const { timeoutMs: ms = TIMEOUT_MS, signal } = options;
  const tunnel = new Cloudflared(options, await freePort());
  const hint =
    "allow outgoing port 7844 (UDP or TCP) in the firewall, or use --tunnel ngrok or --public-url <https url>";
  try {
    await withTimeLimit(tunnel.ready(), { ms, signal, subject: "cloudflared", hint });
  } catch (error) {
    await tunnel.close();
    throw error;
  }
  return tunnel;
}

class Cloudflared implements Tunnel {
  readonly provider = "cloudflared";
  readonly notes: readonly string[];
  readonly #events = new TunnelEvents();
  readonly #child: ChildProcess;
  readonly #command: string;
  readonly #metrics: string;
  readonly #exited: Promise<unknown>;
  #url = "";
  #state: "opening" | "connected" | "disconnected" | "closed" = "opening";
  #lastMessage = "";
  #closed: Promise<void> | undefined;
  /** A child process that outlives a crash would leave the port open to the internet. */
  readonly #killOnExit = () => void this.#child.kill();
  #resolveReady = () => {};
  #rejectReady: (error: Error) => void = () => {};

  constructor(
    { port, host = "127.0.0.1", command = "cloudflared", env = process.env }: CloudflaredOptions,
    metricsPort: number,
  ) {
    this.#command = command;
    this.#metrics = `127.0.0.1:${metricsPort}`;
    this.notes = notesFor(env);
    const flags = ["--no-autoupdate", "--protocol", "auto", "--output", "json", "--metrics", this.#metrics];
    this.#child = spawn(command, ["tunnel", ...flags, "--url", originOf({ host, port })], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      // In a process group of its own it gets no SIGINT from the terminal: only `close` stops it.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    process.once("exit", this.#killOnExit);
    this.#exited = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(this.#rejectReady(this.#startError(error))));
      this.#child.once("close", (code, signal) => resolve(this.#onExit(code ?? signal)));
    });
    if (this.#child.stderr !== null) createInterface(this.#child.stderr).on("line", (line) => this.#onLine(line));
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
  }

  get url(): string {
    return this.#url;
  }

  #onLine(line: string): void {
    this.#lastMessage = messageOf(line) || this.#lastMessage;
    const url = this.#url === "" ? URL_PATTERN.exec(line)?.[0] : undefined;
    if (url !== undefined) {
      this.#url = url;
      void this.#pollMetrics();
    }
    if (line.includes(CONNECTED)) this.#onConnected();
    else if (DISCONNECTED.test(line) && this.#state === "connected") {
      this.#state = "disconnected";
      this.#events.emit({ type: "disconnected", reason: `cloudflared: ${this.#lastMessage}` });
    }
  }

  #onConnected(): void {
    if (this.#url === "") return;
    if (this.#state === "opening") this.#resolveReady();
    if (this.#state === "disconnected") this.#events.emit({ type: "connected", url: this.#url, changed: false });
    if (this.#state !== "closed") this.#state = "connected";
  }

  /** Log messages can change between versions of cloudflared; its metrics server also reports the connection. */
  async #pollMetrics(): Promise<void> {
    while (this.#state === "opening") {
      const response = await fetch(`http://${this.#metrics}/ready`, { signal: AbortSignal.timeout(POLL_MS) }).catch(
        () => undefined,
      );
      if (response?.status === 200) this.#onConnected();
      else await sleep(POLL_MS);
    }
  }

  #startError(cause: Error): Error {
    const hint = INSTALL[process.platform] ?? `install it from ${DOWNLOADS}`;
    const missing = systemCode(cause) === "ENOENT";
    return new UsageError(
      `${this.#command} ${missing ? "is not installed or not on PATH" : `cannot be started: ${reasonOf(cause)}`}`,
      {
        code: "tunnel.cloudflared-missing",
        hint,
        about: ["or use --tunnel ngrok or --public-url <https url>"],
        cause,
      },
    );
  }

  #onExit(status: number | string | null): void {
    const reason = `cloudflared exited (${status})${this.#lastMessage === "" ? "" : `: ${this.#lastMessage}`}`;
    const hint = "start wa-hook again later: Cloudflare limits how often a quick tunnel can be created";
    if (this.#state === "opening") {
      this.#rejectReady(new UnavailableError(reason, { code: "tunnel.cloudflared", hint, about: this.notes }));
    } else if (this.#state !== "closed") this.#events.emit({ type: "closed", reason, hint });
    this.#state = "closed";
  }

  events(): AsyncIterableIterator<TunnelEvent> {
    return this.#events.events();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    this.#events.end();
    process.off("exit", this.#killOnExit);
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), CLOSE_MS);
    this.#child.kill("SIGTERM");
    await this.#exited;
    clearTimeout(kill);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function notesFor(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env["HOME"] ?? env["USERPROFILE"];
  if (home === undefined) return [];
  const paths = ["config.yml", "config.yaml"].map((file) => join(home, ".cloudflared", file));
  return paths
    .filter((path) => existsSync(path))
    .map((path) => `cloudflared does not support quick tunnels with a config file: if nothing arrives, rename ${path}`);
}

/** The message of a log line: in JSON its message and error, otherwise the text after time and level. */
function messageOf(line: string): string {
  const logged: { message?: string; error?: string } | undefined = parseObject(line);
  if (logged === undefined) return line.replace(/^\S+Z (?:[A-Z]{3} )?/, "").trim();
  const { message = "", error } = logged;
  return error === undefined ? message : `${message}: ${error}`;
}
