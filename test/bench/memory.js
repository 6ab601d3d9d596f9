// What a listener holds in memory while it acknowledges many deliveries: `npm run bench -- memory --deliveries 1000000`.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { requests } from "./deliveries.js";
import { load } from "./load.js";
import { cpuTime, end, memory as memoryOf, startServer, WA_HOOK } from "./servers.js";
import { rate } from "./table.js";

const DELIVERIES = 100_000;
/** Of the plot. */
const STEPS = 20;
const CONNECTIONS = 32;
/** Signed at a time, for they would not fit in memory. */
const BATCH = 10_000;
const BAR = 40;

export async function memory(scratch, { deliveries = DELIVERIES }) {
  const folder = mkdtempSync(join(scratch, "memory-"));
  const file = join(folder, "events.db");
  // All are kept, so that the store can be counted.
  const flags = ["--quiet", "--json", "--store", file, "--keep-size", "100G"];
  const server = await startServer((port) => [WA_HOOK, "listen", ...flags, "--port", String(port)], { cwd: folder });
  const points = [];
  try {
    for (let sent = 0; points.length < STEPS; sent = points.at(-1).sent) {
      const point = await measured(server, sent, Math.round((deliveries * (points.length + 1)) / STEPS));
      points.push(point);
      process.stderr.write(`bench: memory ${point.sent} ${Math.round(point.mib)} MiB ${rate(point.perSecond)}\n`);
    }
  } finally {
    await end(server.child);
  }
  const stored = `${Math.round(statSync(file).size / 1024 ** 2)} MiB`;
  rmSync(folder, { recursive: true });
  return sectionOf(points, stored);
}

async function measured(server, sent, until) {
  const [before, perSecond] = [cpuTime(server.child), []];
  let at = sent;
  while (at < until) {
    const count = Math.min(BATCH, until - at);
    const figures = await load(server.port, requests(count, at), CONNECTIONS);
    perSecond.push(figures.perSecond);
    at += count;
  }
  const cpu = (cpuTime(server.child) - before) / (until - sent);
  const mean = perSecond.reduce((sum, each) => sum + each) / perSecond.length;
  return { sent: until, mib: memoryOf(server.child), perSecond: mean, cpu };
}

function sectionOf(points, stored) {
  const most = Math.max(...points.map(({ mib }) => mib));
  const rows = points.map(({ sent, mib, perSecond, cpu }) => ({
    name: `${sent.toLocaleString("en-US").padStart(9)} ${"█".repeat(Math.round((mib / most) * BAR))}`,
    figures: [`${Math.round(mib)} MiB`, rate(perSecond), `${Math.round(cpu)} µs`],
  }));
  const [early, late] = [points[Math.floor(STEPS / 4)], points.at(-1)];
  const ratio = late.mib / early.mib;
  return {
    title: `memory of wa-hook listen, ${stored} stored`,
    headings: ["held", "deliveries", "CPU each"],
    rows: [...rows, { name: "at the end beside a quarter", figures: [], ratio, atMost: 1.25 }],
  };
}
