// Whether a large store costs more than a small one: `npm run bench -- stored --deliveries 1000000`.
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";

import { requests } from "./deliveries.js";
import { fill } from "./fill.js";
import { takeTurns } from "./rounds.js";
import { cpuTime, end, startServer, WA_HOOK } from "./servers.js";
import { listening, spawned } from "./startup.js";
import { ms } from "./table.js";
import { loadFor, prepared } from "./wrk.js";

const FEW = 1000;
const MANY = 100_000;
const ROUNDS = 9;
const SECONDS = 60;
const CONNECTIONS = 32;
const PER_ROUND = 15_000;
const AT_MOST = 1.1;
/** All are kept, however many there are. */
const KEEP = ["--keep", "1000d", "--keep-size", "100G"];

export async function stored(scratch, { deliveries = MANY }) {
  const load = newDeliveries(scratch, deliveries);
  const [few, many] = [await filled(scratch, FEW), await filled(scratch, deliveries)];
  const figures = await takeTurns(
    ROUNDS,
    { few: () => measured(few, FEW, load), many: () => measured(many, deliveries, load) },
    { seconds: SECONDS },
  );
  const row = (name, key, format) => ({
    name,
    figures: [format(figures.few[key]), format(figures.many[key])],
    ratio: figures.many[key] / figures.few[key],
    atMost: AT_MOST,
  });
  return {
    title: "deliveries stored, medians",
    headings: [FEW.toLocaleString("en-US"), deliveries.toLocaleString("en-US")],
    rows: [
      row("acknowledging, CPU each", "cpu", (us) => `${Math.round(us)} µs`),
      row("acknowledging, p50", "p50", ms),
      row("events list", "list", ms),
      row("events show", "show", ms),
      row("listen until it is ready", "ready", ms),
    ],
  };
}

async function filled(scratch, count) {
  const cwd = mkdtempSync(join(scratch, "stored-"));
  mkdirSync(join(cwd, ".wa-hook"), { mode: 0o700 });
  await fill(join(cwd, ".wa-hook", "events.db"), count);
  return cwd;
}

/** Other ones for each round and each store: none is a duplicate. */
function newDeliveries(scratch, first) {
  let at = first;
  return () => {
    at += PER_ROUND;
    return prepared(scratch, "more", requests(PER_ROUND, at));
  };
}

async function measured(cwd, count, load) {
  const list = spawned([WA_HOOK, "events", "list"], cwd);
  const show = spawned([WA_HOOK, "events", "show", String(Math.round(count / 2))], cwd);
  const ready = await listening(cwd, KEEP);
  const argsOf = (port) => [WA_HOOK, "listen", "--quiet", "--json", "--port", String(port), ...KEEP];
  const { child, port } = await startServer(argsOf, { cwd });
  try {
    const before = cpuTime(child);
    const { answered, p50 } = await loadFor(1, port, load(), CONNECTIONS);
    return { cpu: (cpuTime(child) - before) / answered, p50, list: list.ms, show: show.ms, ready: ready.ms };
  } finally {
    await end(child);
  }
}
