/** A Redis server for one test: on a free port of this machine, with a folder of its own. Tests are skipped where it is not installed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, onTestFinished } from "vitest";

import { openListenerStore } from "../../src/store/redis/listener-store.ts";
import { until } from "./faults.ts";
import { freePort, listening } from "./http.ts";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis) console.warn("redis-server is not installed: the tests of the shared store are skipped");

export interface Redis {
  port: number;
  url: string;
  process: ChildProcess;
  /** As `kill -9`. */
  kill(): Promise<void>;
  /** Once more, on the same port and with what is on its disk. */
  restart(): Promise<void>;
  cli(...args: string[]): string;
}

/** With every write synced, unless `settings` say something else. It goes when the test ends, or when `finished` says. */
export async function startRedis(
  settings: readonly string[] = [],
  finished: (end: () => void) => void = onTestFinished,
): Promise<Redis> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), "wa-hook-test-"))];
  const start = async () => {
    const base = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
    const durable = ["--appendonly", "yes", "--appendfsync", "always"];
    const child = spawn("redis-server", [...base, ...durable, ...settings], { stdio: "ignore" });
    await until(() => answers(port));
    return child;
  };
  const redis: Redis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    process: await start(),
    async kill() {
      redis.process.kill("SIGKILL");
      await once(redis.process, "exit");
    },
    async restart() {
      redis.process = await start();
    },
    cli: (...args) => String(spawnSync("redis-cli", ["-p", String(port), ...args]).stdout).trim(),
  };
  finished(() => {
    redis.process.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  return redis;
}

/** Not while it loads its file. A password counts as an answer. */
function answers(port: number): boolean {
  const { stdout } = spawnSync("redis-cli", ["-p", String(port), "ping"]);
  return /PONG|NOAUTH/.test(String(stdout));
}

export interface Wire {
  port: number;
  /** Nothing passes any more, and nobody is told. */
  cut(): void;
  /** Connections are possible again; the old ones end. */
  mend(): void;
}

/** A network to a server on this machine that can be cut. `change` may replace what passes, as another version of the server would. */
export async function wireTo(
  port: number,
  change: { sent?: (data: string) => string; answered?: (data: string) => string } = {},
): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      const changed = (from === near ? change.sent : change.answered) ?? ((data: string) => data);
      from.on(
        "data",
        (data: Buffer) => void (isCut || to.write(Buffer.from(changed(data.toString("latin1")), "latin1"))),
      );
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const end = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    end();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => void (isCut = true),
    mend() {
      isCut = false;
      end();
    },
  };
}

/** One server for the tests of a file; each store there has a name of its own. */
export function sharedRedis(): { server(): Redis; fresh(): string } {
  let redis: Redis | undefined;
  let names = 0;
  const ends: (() => void)[] = [];
  beforeAll(async () => {
    if (hasRedis) redis = await startRedis([], (end) => ends.push(end));
  });
  afterAll(() => {
    for (const end of ends) end();
  });
  return { server: () => redis as Redis, fresh: () => `${redis?.url}/team-${++names}` };
}

/** A listener on the shared store at this address. */
export async function replica(address: string, to?: string) {
  const store = await openListenerStore(address);
  return listening({ store, ...(to === undefined ? {} : { forward: { to: new URL(to) } }) });
}
