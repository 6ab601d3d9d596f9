// Deliveries acknowledged per second: wa-hook, which records each one first, beside receivers that keep nothing.
import { closeSync, mkdtempSync, openSync } from "node:fs";
import { join } from "node:path";

import Database from "libsql";

import { requests } from "./deliveries.js";
import { disk } from "./disk.js";
import { takeTurns } from "./rounds.js";
import { BARE, cpuTime, end, EXPRESS, peakMemory, RECORDING, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";
import { generator, loadFor, prepared } from "./wrk.js";

/** The first ones are not counted: until then the code is compiled. */
const WARM_UPS = 4;
const ROUNDS = 9;
const SECONDS = 120;
const CONNECTIONS = 32;
/** More than the fastest listener gets in one round, which takes a second. */
const REQUESTS = 16_000;

/** All receivers run all the time, and each gets the load for a second in turn: what they do in an hour, not in their first second. */
export async function ack(scratch) {
  const all = requests((WARM_UPS + ROUNDS) * REQUESTS);
  const loads = Array.from({ length: WARM_UPS + ROUNDS }, (_, round) =>
    prepared(scratch, `round-${round}`, all.slice(round * REQUESTS, (round + 1) * REQUESTS)),
  );
  const app = await startServer((port) => [BARE, String(port)]);
  const to = ["--forward-to", `http://127.0.0.1:${app.port}/webhook`];
  const listen = (...flags) => listening(scratch, ["--quiet", ...flags]);
  const receivers = {
    bare: await receiving((port) => [BARE, port]),
    express: await receiving((port) => [EXPRESS, port]),
    recording: await receiving((port) => [RECORDING, port, join(scratch, "recording.db")]),
    json: await listen("--json"),
    pretty: await listen(),
    unrecorded: await listen("--no-record"),
    forwarding: await listen(...to),
  };
  const turns = Object.entries(receivers).map(([name, { take }]) => [name, () => take(loads)]);
  const cases = { disk: () => disk(scratch, CONNECTIONS), ...Object.fromEntries(turns) };
  for (let round = 0; round < WARM_UPS; round++) for (const [, take] of turns) await take();
  const measured = await takeTurns(ROUNDS, cases, { seconds: SECONDS, warm: true });
  for (const { finish } of Object.values(receivers)) await finish();
  await end(app.child);
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
      row("records each, and nothing else", measured.recording),
      row("wa-hook listen --json", measured.json, { atLeast: 0.6 }),
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

/** `take()` gives it the next load for a second. */
async function receiving(argsOf, options, check = () => {}) {
  const { child, port } = await startServer((given) => argsOf(String(given)), options);
  let [round, answered] = [0, 0];
  return {
    async take(loads) {
      const cpu = cpuTime(child);
      const { answered: some, ...figures } = await loadFor(1, port, loads[round++], CONNECTIONS);
      answered += some;
      return { ...figures, cpu: (cpuTime(child) - cpu) / some, memory: peakMemory(child) };
    },
    async finish() {
      await end(child);
      check(answered, round);
    },
  };
}

async function listening(scratch, flags) {
  const folder = mkdtempSync(join(scratch, "listen-"));
  const [file, output] = [join(folder, "events.db"), openSync(join(folder, "output"), "w")];
  const isRecorded = !flags.includes("--no-record");
  const argsOf = (port) => [WA_HOOK, "listen", ...flags, "--port", port, ...(isRecorded ? ["--store", file] : [])];
  return receiving(argsOf, { cwd: folder, stdio: ["ignore", output, "inherit"] }, (answered, rounds) => {
    closeSync(output);
    if (isRecorded) checkRecorded(file, answered, rounds);
  });
}

/** At the end of each load, each connection may have had one more request on its way. */
function checkRecorded(file, acknowledged, rounds) {
  const database = new Database(file);
  const { accepted } = database
    .prepare("SELECT count(*) AS accepted FROM deliveries WHERE verdict = 'accepted'")
    .get([]);
  database.close();
  if (accepted < acknowledged || accepted > acknowledged + rounds * CONNECTIONS) {
    throw new Error(`${acknowledged} deliveries were acknowledged, ${accepted} recorded`);
  }
}
