/** Starts the apps of this folder as programs of their own, and ends them. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const APPS = {
  "express-raw-body": new URL("express-raw-body.js", import.meta.url),
  "express-stringify": new URL("express-stringify.js", import.meta.url),
  "whatsapp-api-js": new URL("whatsapp-api-js.js", import.meta.url),
};

export type App = keyof typeof APPS;

export interface AppSecrets {
  appSecret: string;
  verifyToken: string;
}

export const apps = Object.keys(APPS) as App[];
const running: ChildProcess[] = [];

/** Resolves with the app's endpoint when it takes requests. Whoever starts apps ends them with `endApps` in `afterAll`. */
export async function startApp(app: App, { appSecret, verifyToken }: AppSecrets): Promise<string> {
  const settings = { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken };
  const [url = ""] = await startProgram(app, [process.execPath, fileURLToPath(APPS[app])], settings);
  return url;
}

/** Any program that prints `listening on <url>` for each of its endpoints when it accepts requests, on free ports. */
export async function startProgram(
  name: string,
  [command = "", ...args]: readonly string[],
  env: Record<string, string>,
  endpoints = 1,
): Promise<string[]> {
  const urls: string[] = [];
  const child = spawn(command, args, {
    env: { ...process.env, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let said = "";
  // A program that fails on purpose reports it here; only when it does not start, that matters.
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^listening on (http:\S+)$/.exec(line) ?? [];
    if (url !== undefined) urls.push(url);
    if (urls.length === endpoints) return urls;
  }
  throw new Error(`${name} ended before it was ready: ${said}`);
}

/** Ends every app that was started, ready or not. */
export async function endApps(): Promise<void> {
  await Promise.all(running.splice(0).map(end));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
