// The benchmarks: `npm run bench -- [startup] [ack] [forward] [replay] [emulate] [size] [memory] [stored] [redis] [--strict]` prints one table of ratios, each beside its goal.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { ack } from "./ack.js";
import { emulate } from "./emulate.js";
import { forward } from "./forward.js";
import { memory } from "./memory.js";
import { redis } from "./redis.js";
import { replay } from "./replay.js";
import { size } from "./size.js";
import { startup } from "./startup.js";
import { stored } from "./stored.js";
import { met, table } from "./table.js";

const PARTS = { startup, ack, forward, replay, emulate, size };
/** Only when asked for: they take minutes with a million deliveries, or need a Redis server. */
const MORE = { memory, stored, redis };
const ALL = { ...PARTS, ...MORE };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { strict: { type: "boolean" }, deliveries: { type: "string" } },
});
const options = values.deliveries === undefined ? {} : { deliveries: Number(values.deliveries) };
const unknown = positionals.find((name) => !Object.hasOwn(ALL, name));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no part ${unknown}; choose among ${Object.keys(ALL).join(", ")}\n`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "wa-hook-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
// Without these, a signal would end the process before the line above runs.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => process.exit(130));

const sections = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  process.stderr.write(`bench: ${name} …\n`);
  sections.push(await ALL[name](scratch, options));
}

const [cpu] = cpus();
const machine = [
  cpu?.model.trim() ?? "unknown processor",
  `${availableParallelism()} cores`,
  `node ${process.version}`,
];
process.stdout.write(`${[...machine, `${process.platform} ${process.arch}`].join(" · ")}\n\n${table(sections)}\n`);
if (values.strict === true && !sections.every(({ rows }) => rows.every(met))) process.exitCode = 1;
