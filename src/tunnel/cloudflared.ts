/** A quick tunnel by Cloudflare's own program, which is looked for on PATH and never downloaded. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf, systemCode, UnavailableError, UsageError } from "../errors.ts";
import { originOf } from "../http/listen.ts";
import { parseObject } from "../json.ts";
import { within } from "./time-limit.ts";
import { TunnelTelling } from "./tunnel-events.ts";
import type { Tunnel, TunnelEvent, TunnelOptions } from "./tunnel.ts";

export interface CloudflaredOptions extends TunnelOptions {
  /** `cloudflared`, as found on PATH, when absent. */
  command?: string;
  /** This process's own when absent. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** With its port blocked the program tries for ever. */
const TIMEOUT_MS = 40_000;
const POLL_MS = 200;
/** Requests in flight may hold its end up for 30 s. */
const CLOSING_MS = 1500;
const URL_PATTERN = /https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com/;
const UP = "Registered tunnel connection";
const DOWN = /Lost connection with the edge|Unregistered tunnel connection|Connection terminated|Serve tunnel error/;
const INSTALL: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "brew install cloudflared",
  win32: "winget install --id Cloudflare.cloudflared",
};
const DOWNLOADS = "developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads";

/**
 * Resolves when the URL is there and connected. Throws a `UsageError` when the program is not installed, and an `UnavailableError` with
 * its own last words when it opens nothing.
 */
export async function openCloudflared(options: CloudflaredOptions): Promise<Tunnel> {
  if (options.domain !== undefined) {
    throw new UsageError("a quick tunnel of cloudflared has no domain of one's own choice", {
      code: "tunnel.cloudflared-domain",
      hint: "leave --domain away, or start the named tunnel yourself and give --public-url <https url>",
    });
  }
  const { timeoutMs: ms = TIMEOUT_MS, signal } = options;
  const tunnel = new Cloudflared(options, await freePort());
  const hint = "if a firewall blocks port 7844, allow it, or use --tunnel ngrok or --public-url <https url>";
  try {
    await within(tunnel.ready(), { ms, signal, whom: "cloudflared's edge", hint }, () => {});
  } catch (error) {
    await tunnel.close();
    throw error;
  }
  return tunnel;
}

class Cloudflared implements Tunnel {
  readonly provider = "cloudflared";
  readonly notes: readonly string[];
  readonly #telling = new TunnelTelling();
  readonly #child: ChildProcess;
  readonly #command: string;
  readonly #metrics: string;
  readonly #exited: Promise<unknown>;
  #url = "";
  #state: "opening" | "up" | "down" | "closed" = "opening";
  #lastWords = "";
  #closed: Promise<void> | undefined;
  /** A tunnel that outlives a crash would leave the port open to the world. */
  readonly #endWithUs = () => void this.#child.kill();
  #opened = () => {};
  #failed: (error: Error) => void = () => {};

  constructor(
    { port, host = "127.0.0.1", command = "cloudflared", env = process.env }: CloudflaredOptions,
    metricsPort: number,
  ) {
    this.#command = command;
    this.#metrics = `127.0.0.1:${metricsPort}`;
    this.notes = notesOn(env);
    const flags = ["--no-autoupdate", "--protocol", "auto", "--output", "json", "--metrics", this.#metrics];
    this.#child = spawn(command, ["tunnel", ...flags, "--url", originOf({ host, port })], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      // In a group of its own, Ctrl-C reaches it only through `close`.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    process.once("exit", this.#endWithUs);
    this.#exited = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(this.#failed(this.#unstartable(error))));
      this.#child.once("close", (code, signal) => resolve(this.#gone(code ?? signal)));
    });
    if (this.#child.stderr !== null) createInterface(this.#child.stderr).on("line", (line) => this.#heard(line));
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#failed = reject;
    });
  }

  get url(): string {
    return this.#url;
  }

  #heard(line: string): void {
    this.#lastWords = wordsOf(line) || this.#lastWords;
    const url = this.#url === "" ? URL_PATTERN.exec(line)?.[0] : undefined;
    if (url !== undefined) {
      this.#url = url;
      void this.#askUntilReady();
    }
    if (line.includes(UP)) this.#up();
    else if (DOWN.test(line) && this.#state === "up") {
      this.#state = "down";
      this.#telling.tell({ type: "down", reason: `cloudflared: ${this.#lastWords}` });
    }
  }

  #up(): void {
    if (this.#url === "") return;
    if (this.#state === "opening") this.#opened();
    if (this.#state === "down") this.#telling.tell({ type: "up", url: this.#url, changed: false });
    if (this.#state !== "closed") this.#state = "up";
  }

  /** Its words may change from version to version: the metrics say it too. */
  async #askUntilReady(): Promise<void> {
    while (this.#state === "opening") {
      const answer = await fetch(`http://${this.#metrics}/ready`, { signal: AbortSignal.timeout(POLL_MS) }).catch(
        () => undefined,
      );
      if (answer?.status === 200) this.#up();
      else await sleep(POLL_MS);
    }
  }

  #unstartable(cause: Error): Error {
    const hint = INSTALL[process.platform] ?? `install it from ${DOWNLOADS}`;
    const missing = systemCode(cause) === "ENOENT";
    return new UsageError(
      `${this.#command} ${missing ? "is not installed, or not on PATH" : `cannot be started: ${reasonOf(cause)}`}`,
      {
        code: "tunnel.cloudflared-missing",
        hint,
        about: ["or use --tunnel ngrok or --public-url <https url>"],
        cause,
      },
    );
  }

  #gone(how: number | string | null): void {
    const reason = `cloudflared ended (${how})${this.#lastWords === "" ? "" : `: ${this.#lastWords}`}`;
    const hint = "start wa-hook again in a while: Cloudflare limits how often one may begin";
    if (this.#state === "opening") {
      this.#failed(new UnavailableError(reason, { code: "tunnel.cloudflared", hint, about: this.notes }));
    } else if (this.#state !== "closed") this.#telling.tell({ type: "ended", reason, hint });
    this.#state = "closed";
  }

  events(): AsyncIterableIterator<TunnelEvent> {
    return this.#telling.events();
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    this.#state = "closed";
    this.#telling.end();
    process.off("exit", this.#endWithUs);
    const tooLong = setTimeout(() => this.#child.kill("SIGKILL"), CLOSING_MS);
    this.#child.kill("SIGTERM");
    await this.#exited;
    clearTimeout(tooLong);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function notesOn(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env["HOME"] ?? env["USERPROFILE"];
  if (home === undefined) return [];
  const paths = ["config.yml", "config.yaml"].map((file) => join(home, ".cloudflared", file));
  return paths
    .filter((path) => existsSync(path))
    .map((path) => `cloudflared reads ${path}, with which quick tunnels may not work: move it away if nothing arrives`);
}

/** Of a line in JSON its message and error, of any other what follows time and level. */
function wordsOf(line: string): string {
  const said: { message?: string; error?: string } | undefined = parseObject(line);
  if (said === undefined) return line.replace(/^\S+Z (?:[A-Z]{3} )?/, "").trim();
  const { message = "", error } = said;
  return error === undefined ? message : `${message}: ${error}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
