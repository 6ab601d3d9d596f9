// Child processes that take deliveries: started, awaited, looked at and ended.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const WA_HOOK = fileURLToPath(new URL("../../bin/wa-hook.js", import.meta.url));
/** That of another build, to compare with: `OTHER=<file> npm run bench`. */
export const OTHER = process.env.OTHER;
export const BARE = fileURLToPath(new URL("receivers/bare.js", import.meta.url));
export const RECORDING = fileURLToPath(new URL("receivers/recording.js", import.meta.url));
export const EXPRESS = fileURLToPath(new URL("receivers/express.js", import.meta.url));

export const APP_SECRET = "0123456789abcdef0123456789abcdef";

const READY_MS = 10_000;
const END_MS = 10_000;

const SETTING = /^(WHATSAPP_.*|WEBHOOK_.*|NGROK_.*|PORT|APP_SECRET|VERIFY_TOKEN|ACCESS_TOKEN)$/;

/** The environment without settings of wa-hook: those of whoever runs the benchmarks are not for what is measured. */
export const unset = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));

const env = { ...unset, WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: "benchmark-verify-token" };

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts `node …args`, with settings unless the options say otherwise. What still runs when the benchmarks end is ended with them. */
export function start(args, options) {
  const child = spawn(process.execPath, args, { env, ...options });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Starts a server and resolves with `{ child, port }` once it takes connections; `argsOf(port)` tells how it is started. */
export async function startServer(argsOf, options) {
  const port = await freePort();
  const child = start(argsOf(port), { stdio: ["ignore", "ignore", "inherit"], ...options });
  const deadline = performance.now() + READY_MS;
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`${child.spawnargs.join(" ")} did not start`);
    await sleep(20);
  }
  return { child, port };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function takesConnections(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Asks the process to end, waits until it has, and insists when it does not. */
export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(insist);
}

/** The most memory that the process has held so far, in MiB; NaN where the system does not tell. */
export function peakMemory(child) {
  return memory(child, "VmHWM");
}

/** What it holds now. */
export function memory({ pid }, figure = "VmRSS") {
  try {
    const [, kib] =
      new RegExp(`^${figure}:\\s*(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The processor time that it has used so far, all threads together, in microseconds; NaN where the system does not tell. */
export function cpuTime({ pid }) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const times = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    return times.reduce((sum, time) => sum + Number(time) / 1000, 0);
  } catch {
    return Number.NaN;
  }
}
