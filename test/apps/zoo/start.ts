/** Starts receivers of the zoo: those in JavaScript together in one process, those in Python in one each. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { startProgram } from "../start.ts";
import { receivers, type Receiver } from "./index.ts";

type Environment = Record<string, string>;

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("python3 is missing: the receivers in Python are left out");

/** The receivers that this machine can run. */
export const startable = receivers.filter(({ framework }) => framework !== "python" || hasPython);

/**
 * Resolves with the endpoint of each receiver. `env` is what it gets: WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN, and to reply to customers
 * GRAPH_API_URL, WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID. Whoever starts receivers ends them with `endApps` (../start.ts).
 */
export async function startReceivers(
  all: readonly Receiver[],
  env: (receiver: Receiver) => Environment,
): Promise<Map<Receiver, string>> {
  const inPython = all.filter(({ framework }) => framework === "python");
  const inJavaScript = all.filter(({ framework }) => framework !== "python");
  const started = await Promise.all([
    startTogether(inJavaScript, env),
    ...inPython.map(async (receiver) => [[receiver, await startReceiver(receiver, env(receiver))]] as const),
  ]);
  return new Map(started.flat());
}

/** Starts one receiver as a program of its own; resolves with its endpoint. */
async function startReceiver({ name, file, framework }: Receiver, env: Environment): Promise<string> {
  const command = framework === "python" ? ["python3", file] : [process.execPath, file];
  const [url = ""] = await startProgram(name, command, { PYTHONDONTWRITEBYTECODE: "1", ...env });
  return url;
}

async function startTogether(
  all: readonly Receiver[],
  env: (receiver: Receiver) => Environment,
): Promise<(readonly [Receiver, string])[]> {
  if (all.length === 0) return [];
  const program = fileURLToPath(new URL("together.js", import.meta.url));
  const list = JSON.stringify(all.map((receiver) => ({ file: receiver.file, env: env(receiver) })));
  const urls = await startProgram("the zoo", [process.execPath, program, list], {}, all.length);
  return all.map((receiver, at) => [receiver, urls[at] ?? ""] as const);
}
