// How long wa-hook takes to start, compared with Node.js itself.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";

import { fill } from "./fill.js";
import { takeTurns } from "./rounds.js";
import { end, freePort, start, unset, WA_HOOK } from "./servers.js";
import { ms } from "./table.js";

const ROUNDS = 31;
/** In the store that `listen` finds, when it finds one. */
const RECORDED = 10_000;

export async function startup(scratch) {
  const used = mkdtempSync(join(scratch, "used-"));
  mkdirSync(join(used, ".wa-hook"));
  await fill(join(used, ".wa-hook", "events.db"), RECORDED);
  const measured = await takeTurns(ROUNDS, {
    node: () => spawned(["-e", "0"], scratch),
    version: () => spawned([WA_HOOK, "--version"], scratch),
    help: () => spawned([WA_HOOK, "--help"], scratch),
    listenNew: () => listening(mkdtempSync(join(scratch, "new-"))),
    listenUsed: () => listening(used),
  });
  const row = (name, key, atMost) => ({
    name,
    figures: [ms(measured[key].ms)],
    ...(key === "node" ? {} : { ratio: measured[key].ms / measured.node.ms, atMost }),
  });
  return {
    title: `startup, median of ${ROUNDS}`,
    headings: ["time"],
    rows: [
      row("node -e 0", "node"),
      row("wa-hook --version", "version", 1.3),
      row("wa-hook --help", "help", 1.3),
      row("wa-hook listen, in a new folder", "listenNew", 3),
      row(`wa-hook listen, ${RECORDED} recorded`, "listenUsed", 3),
    ],
  };
}

/** Runs to the end. */
export function spawned(args, cwd) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, {
    cwd,
    env: unset,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const took = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
  return { ms: took };
}

/** Starts `listen` and ends it when it is ready. */
export async function listening(cwd, flags = []) {
  const args = [WA_HOOK, "listen", "--port", String(await freePort()), ...flags];
  const started = performance.now();
  const child = start(args, { cwd, env: unset, stdio: ["ignore", "ignore", "pipe"] });
  try {
    await ready(child);
    return { ms: performance.now() - started };
  } finally {
    await end(child);
  }
}

function ready(child) {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Ready.")) resolve();
    });
    child.once("exit", () => reject(new Error(`listen ended and said: ${said}`)));
  });
}
