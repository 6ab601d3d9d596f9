// Deliveries that `wa-hook replay` signs, sends and judges per second, beside what autocannon only sends.
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { encodeWire, fixture } from "../../dist/index.js";
import { headersOf } from "./deliveries.js";
import { takeTurns } from "./rounds.js";
import { BARE, end, start, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";

const ROUNDS = 5;
const CONNECTIONS = 32;
const DELIVERIES = 20_000;
const AUTOCANNON = fileURLToPath(new URL("autocannon-load.js", import.meta.url));

export async function replay(scratch) {
  const folder = mkdtempSync(join(scratch, "replay-"));
  const { child, port } = await startServer((free) => [BARE, String(free)]);
  try {
    const url = `http://127.0.0.1:${port}/webhook`;
    const { autocannon, replayed } = await takeTurns(ROUNDS, {
      autocannon: () => shooting(folder, url),
      replayed: () => replaying(folder, url),
    });
    const figures = ({ perSecond, wall }) => [rate(perSecond), ms(wall)];
    return {
      title: `replay, ${DELIVERIES} deliveries, ${CONNECTIONS} at once, median of ${ROUNDS}`,
      headings: ["deliveries", "whole process"],
      rows: [
        { name: "autocannon", figures: figures(autocannon) },
        {
          name: "wa-hook replay --json",
          figures: figures(replayed),
          ratio: replayed.perSecond / autocannon.perSecond,
          atLeast: 0.4,
        },
      ],
    };
  } finally {
    await end(child);
  }
}

async function shooting(folder, url) {
  const body = encodeWire(fixture("text").payload);
  const what = { url, method: "POST", headers: headersOf(body), body: body.toString("latin1") };
  const options = JSON.stringify({ ...what, connections: CONNECTIONS, amount: DELIVERIES });
  const { text, wall } = await finished([AUTOCANNON, options], folder);
  return { perSecond: Number(text), wall };
}

async function replaying(folder, url) {
  const counts = ["--repeat", String(DELIVERIES), "--concurrency", String(CONNECTIONS)];
  const { text, wall } = await finished([WA_HOOK, "replay", "text", ...counts, "--to", url, "--json"], folder);
  const { type, passed, perSecond } = JSON.parse(text.trimEnd().split("\n").at(-1));
  if (type !== "summary" || passed !== DELIVERIES) throw new Error(`replay passed ${passed} of ${DELIVERIES}`);
  return { perSecond, wall };
}

/** Runs to the end: `{ text, wall }`, what was printed and the milliseconds it took. A file takes the output: no reader slows it down. */
async function finished(args, cwd) {
  const file = join(cwd, "output");
  const output = openSync(file, "w");
  try {
    const started = performance.now();
    const [code] = await once(start(args, { cwd, stdio: ["ignore", output, "inherit"] }), "exit");
    const wall = performance.now() - started;
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
    return { text: readFileSync(file, "utf8"), wall };
  } finally {
    closeSync(output);
  }
}
