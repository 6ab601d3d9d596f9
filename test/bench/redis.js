// Deliveries acknowledged per second through a shared store: 1, 2 and 4 replicas on one Redis server that syncs every write, beside a file.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { requests } from "./deliveries.js";
import { load } from "./load.js";
import { end, freePort, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";

const REPLICAS = [1, 2, 4];
const CONNECTIONS = 32;
const WARM_UP = 1000;
const MEASURED = 8000;

export async function redis(scratch) {
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    return { title: "redis: redis-server is not installed", headings: [], rows: [] };
  }
  const all = requests((WARM_UP + MEASURED) * (REPLICAS.length + 1));
  const part = () => all.splice(0, WARM_UP + MEASURED);
  const file = await measure(scratch, 1, part(), join(mkdtempSync(join(scratch, "redis-")), "events.db"));
  const rows = [row("one listener, a file", file, file)];
  for (const replicas of REPLICAS) {
    const server = await startRedis(scratch);
    try {
      const figures = await measure(scratch, replicas, part(), `redis://127.0.0.1:${server.port}`);
      rows.push(row(replicas === 1 ? "1 replica on Redis" : `${replicas} replicas on Redis`, figures, file));
    } finally {
      await end(server.child);
    }
  }
  return {
    title: `redis, appendfsync always, ${CONNECTIONS} connections in all`,
    headings: ["deliveries", "p50", "p99"],
    rows,
  };
}

function row(name, { perSecond, p50, p99 }, file) {
  return { name, figures: [rate(perSecond), ms(p50), ms(p99)], ratio: perSecond / file.perSecond };
}

/** Each replica gets its part of the connections, as from a load balancer. */
async function measure(scratch, replicas, all, store) {
  const listen = (port) => [WA_HOOK, "listen", "--quiet", "--no-admin", "--port", String(port), "--store", store];
  const cwd = mkdtempSync(join(scratch, "replica-"));
  const servers = await Promise.all(Array.from({ length: replicas }, () => startServer(listen, { cwd })));
  const send = async (some) => {
    const share = Math.ceil(some.length / replicas);
    const parts = servers.map(({ port }, at) =>
      load(port, some.slice(at * share, (at + 1) * share), CONNECTIONS / replicas),
    );
    const started = performance.now();
    const results = await Promise.all(parts);
    const perSecond = some.length / ((performance.now() - started) / 1000);
    const slowest = (name) => Math.max(...results.map((each) => each[name]));
    return { perSecond, p50: slowest("p50"), p99: slowest("p99") };
  };
  try {
    await send(all.slice(0, WARM_UP));
    return await send(all.slice(WARM_UP));
  } finally {
    await Promise.all(servers.map(({ child }) => end(child)));
  }
}

async function startRedis(scratch) {
  const port = await freePort();
  const folder = mkdtempSync(join(scratch, "redis-"));
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, ...durable], {
    stdio: "ignore",
  });
  process.on("exit", () => child.kill("SIGKILL"));
  while (!String(spawnSync("redis-cli", ["-p", String(port), "ping"]).stdout).includes("PONG")) await sleep(20);
  return { port, child };
}
