/** The built program as people run it: another process, its outputs, its end. */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

import { onTestFinished } from "vitest";

import { APP_SECRET, VERIFY_TOKEN } from "./http.ts";
import { compareOutput } from "./seen-events.ts";
import { Recorder } from "./world.ts";

export const BIN = resolve("bin/wa-hook.js");

/** The environment of a program that has its secrets from there. */
export const programEnv = {
  PATH: process.env["PATH"],
  TZ: "UTC",
  WHATSAPP_APP_SECRET: APP_SECRET,
  WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
};

export interface Program {
  process: ChildProcess;
  stdout: Recorder;
  stderr: Recorder;
  /** The exit code, or the signal that ended it. */
  exit: Promise<number | string>;
}

export function run(command: readonly string[], options: SpawnOptions): Program {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: "pipe", ...options });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr] = [new Recorder(), new Recorder()];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => stdout.write(text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.write(text));
  const exit = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  return { process: child, stdout, stderr, exit };
}

/**
 * Options to run as somebody who may not read and write everything, which root may. Nothing when that somebody cannot even start the
 * program, because it lies in a folder of root's own.
 */
export function withoutRights(): SpawnOptions | undefined {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65_534, gid: 65_534 };
  return spawnSync(process.execPath, [BIN, "--version"], { cwd: "/", ...nobody }).status === 0 ? nobody : undefined;
}

/** wa-hook itself, in `cwd`. */
export function waHook(args: readonly string[], { env, ...options }: SpawnOptions): Program {
  const command = [process.execPath, BIN, ...args];
  const program = run(command, { ...options, env: { PATH: process.env["PATH"], TZ: "UTC", ...env } });
  const compare = () => compareOutput(args, program.stdout.text);
  program.exit.then(compare, () => undefined);
  return program;
}

/** The port of a listener that has started. */
export async function portOf({ stderr }: Program): Promise<number> {
  const [, port] = await stderr.until(/http:\/\/127\.0\.0\.1:(\d+)[^]*Ready\./);
  return Number(port);
}
