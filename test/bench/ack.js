// Deliveries acknowledged per second: wa-hook, which records each one first, beside receivers that keep nothing.
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";

import Database from "libsql";

import { requests } from "./deliveries.js";
import { disk } from "./disk.js";
import { load } from "./load.js";
import { takeTurns } from "./rounds.js";
import { BARE, end, EXPRESS, peakMemory, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";

const ROUNDS = 5;
const CONNECTIONS = 32;
const WARM_UP = 10_000;
const MEASURED = 30_000;

export async function ack(scratch) {
  const deliveries = requests(WARM_UP + MEASURED);
  const measured = await takeTurns(ROUNDS, {
    bare: () => receiving(BARE, deliveries),
    express: () => receiving(EXPRESS, deliveries),
    disk: () => disk(scratch, CONNECTIONS),
    json: () => listening(scratch, ["--quiet", "--json"], deliveries),
    pretty: () => listening(scratch, ["--quiet"], deliveries),
  });
  const { bare, express, json, pretty } = measured;
  const row = (name, { perSecond, p50, p99, memory = Number.NaN }) => ({
    name,
    figures: [rate(perSecond), ms(p50), ms(p99), Number.isNaN(memory) ? "–" : `${Math.round(memory)} MiB`],
  });
  const beside = (name, { perSecond }, other, atLeast) => ({
    name: `  beside ${name}`,
    figures: [],
    ratio: perSecond / other.perSecond,
    atLeast,
  });
  return {
    title: `ack, ${CONNECTIONS} connections, median of ${ROUNDS}`,
    headings: ["deliveries", "p50", "p99", "peak memory"],
    rows: [
      row("node:http, keeps nothing", bare),
      row("Express 5, keeps nothing", express),
      row(`the disk, ${CONNECTIONS} at a time`, measured.disk),
      row("wa-hook listen --json", json),
      beside("node:http", json, bare, 0.5),
      beside("Express", json, express, 2.5),
      row("wa-hook listen", pretty),
      beside("node:http", pretty, bare),
      beside("Express", pretty, express),
    ],
  };
}

async function receiving(file, deliveries) {
  const server = await startServer((port) => [file, String(port)]);
  return measure(server, deliveries);
}

/** Fresh each time, for the same deliveries again would be duplicates. */
async function listening(scratch, flags, deliveries) {
  const folder = mkdtempSync(join(scratch, "listen-"));
  const [file, output] = [join(folder, "events.db"), openSync(join(folder, "output"), "w")];
  try {
    const server = await startServer((port) => [WA_HOOK, "listen", ...flags, "--port", String(port), "--store", file], {
      cwd: folder,
      stdio: ["ignore", output, "inherit"],
    });
    const figures = await measure(server, deliveries);
    checkRecorded(file, deliveries.length);
    return figures;
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

async function measure({ child, port }, deliveries) {
  try {
    await load(port, deliveries.slice(0, WARM_UP), CONNECTIONS);
    const figures = await load(port, deliveries.slice(WARM_UP), CONNECTIONS);
    return { ...figures, memory: peakMemory(child) };
  } finally {
    await end(child);
  }
}

function checkRecorded(file, expected) {
  const database = new Database(file);
  const { accepted } = database
    .prepare("SELECT count(*) AS accepted FROM deliveries WHERE verdict = 'accepted'")
    .get([]);
  database.close();
  if (accepted !== expected) throw new Error(`${accepted} of ${expected} deliveries were recorded`);
}
