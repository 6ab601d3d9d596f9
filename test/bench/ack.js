// Deliveries acknowledged per second: wa-hook, which records each one first, beside receivers that keep nothing.
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";

import Database from "libsql";

import { requests } from "./deliveries.js";
import { disk } from "./disk.js";
import { takeTurns } from "./rounds.js";
import { BARE, cpuTime, end, EXPRESS, peakMemory, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";
import { generator, loadFor, prepared } from "./wrk.js";

const ROUNDS = 5;
const SECONDS = 70;
const CONNECTIONS = 32;
/** Of each case: until the code is compiled, and what counts. */
const WARM_UP = { seconds: 1, requests: 25_000 };
const MEASURED = { seconds: 1, requests: 30_000 };

export async function ack(scratch) {
  const all = requests(WARM_UP.requests + MEASURED.requests);
  const deliveries = {
    warmUp: prepared(scratch, "warm-up", all.slice(0, WARM_UP.requests)),
    measured: prepared(scratch, "measured", all.slice(WARM_UP.requests)),
  };
  const app = await startServer((port) => [BARE, String(port)]);
  const to = ["--forward-to", `http://127.0.0.1:${app.port}/webhook`];
  const listen = (...flags) => listening(scratch, ["--quiet", ...flags], deliveries);
  const measured = await takeTurns(
    ROUNDS,
    {
      bare: () => receiving(BARE, deliveries),
      express: () => receiving(EXPRESS, deliveries),
      disk: () => disk(scratch, CONNECTIONS),
      json: () => listen("--json"),
      pretty: () => listen(),
      unrecorded: () => listen("--no-record"),
      forwarding: () => listen(...to),
    },
    { seconds: SECONDS, warm: true },
  ).finally(() => end(app.child));
  const { bare, express } = measured;
  const row = (name, { perSecond, p50, p95, p99, cpu, memory }, goal = {}) => ({
    name,
    figures: [rate(perSecond), ms(p50), ms(p95), ms(p99), microseconds(cpu), mebibytes(memory)],
    ratio: perSecond / bare.perSecond,
    ...goal,
  });
  const beside = (name, one, other, goal) => ({ name: `  ${name}`, figures: [], ratio: one / other, ...goal });
  return {
    title: `ack, ${CONNECTIONS} connections by ${generator}, medians`,
    headings: ["deliveries", "p50", "p95", "p99", "CPU each", "peak memory"],
    rows: [
      row("node:http, keeps nothing", bare),
      row("Express 5, keeps nothing", express),
      row(`the disk, ${CONNECTIONS} at a time`, measured.disk),
      row("wa-hook listen --json", measured.json, { atLeast: 0.5 }),
      row("wa-hook listen", measured.pretty),
      beside("CPU beside node:http", measured.pretty.cpu, bare.cpu, { atMost: 2 }),
      beside("deliveries beside Express", measured.pretty.perSecond, express.perSecond, { atLeast: 2.5 }),
      row("wa-hook listen --no-record", measured.unrecorded),
      row("wa-hook listen --forward-to", measured.forwarding),
      beside("CPU beside node:http", measured.forwarding.cpu, bare.cpu),
    ],
  };
}

function microseconds(value = Number.NaN) {
  return Number.isNaN(value) ? "–" : `${Math.round(value)} µs`;
}

function mebibytes(value = Number.NaN) {
  return Number.isNaN(value) ? "–" : `${Math.round(value)} MiB`;
}

async function receiving(file, deliveries) {
  const server = await startServer((port) => [file, String(port)]);
  const { figures } = await measure(server, deliveries);
  return figures;
}

/** Fresh each time, for the same deliveries again would be duplicates. */
async function listening(scratch, flags, deliveries) {
  const folder = mkdtempSync(join(scratch, "listen-"));
  const [file, output] = [join(folder, "events.db"), openSync(join(folder, "output"), "w")];
  const where = flags.includes("--no-record") ? [] : ["--store", file];
  try {
    const server = await startServer((port) => [WA_HOOK, "listen", ...flags, "--port", String(port), ...where], {
      cwd: folder,
      stdio: ["ignore", output, "inherit"],
    });
    const { figures, answered } = await measure(server, deliveries);
    if (where.length > 0) checkRecorded(file, answered);
    return figures;
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

async function measure({ child, port }, { warmUp, measured }) {
  try {
    const before = await loadFor(WARM_UP.seconds, port, warmUp, CONNECTIONS);
    const cpu = cpuTime(child);
    const { answered, ...figures } = await loadFor(MEASURED.seconds, port, measured, CONNECTIONS);
    const used = (cpuTime(child) - cpu) / answered;
    return { figures: { ...figures, cpu: used, memory: peakMemory(child) }, answered: before.answered + answered };
  } finally {
    await end(child);
  }
}

/** At the end of a load, each connection may have had one more request on its way. */
function checkRecorded(file, acknowledged) {
  const database = new Database(file);
  const { accepted } = database
    .prepare("SELECT count(*) AS accepted FROM deliveries WHERE verdict = 'accepted'")
    .get([]);
  database.close();
  if (accepted < acknowledged || accepted > acknowledged + 2 * CONNECTIONS) {
    throw new Error(`${acknowledged} deliveries were acknowledged, ${accepted} recorded`);
  }
}
