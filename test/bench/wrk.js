// The load of short rounds: wrk where it is installed, for it takes far less of the processor than a load generator in Node.js.
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { load } from "./load.js";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("send.lua", import.meta.url));

/** Which program makes the load. */
export const generator = spawnSync("wrk", ["-v"]).error === undefined ? "wrk" : "node";

/** Requests (whole, as bytes) for many rounds: written once, because signing takes longer than sending. */
export function prepared(scratch, name, requests) {
  const file = join(scratch, `${name}.requests`);
  if (generator === "wrk") writeFileSync(file, Buffer.concat(requests.flatMap((each) => [each, Buffer.of(0)])));
  return { file, requests };
}

/**
 * Sends prepared requests for about so many seconds. Resolves with `{ answered, perSecond, p50, p95, p99 }` (times in milliseconds).
 * Rejects when an answer is not 200.
 */
export async function loadFor(seconds, port, { file, requests }, connections) {
  if (generator === "node") return load(port, requests, connections, seconds * 1000);
  const options = ["-t", "1", "-c", String(connections), "-d", `${seconds}s`, "-s", SCRIPT];
  const { stdout } = await run("wrk", [...options, `http://127.0.0.1:${port}`, "--", file]);
  const { answered, us, bad, ...times } = JSON.parse(stdout.trimEnd().split("\n").at(-1));
  if (bad > 0) throw new Error(`${bad} of ${answered} requests failed: ${stdout}`);
  return { answered, perSecond: answered / (us / 1e6), ...times };
}
