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
  const settings = { PORT: "0", WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken };
  const child = spawn(process.execPath, [fileURLToPath(APPS[app])], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^listening on (http:\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`${app} ended before it was ready; its reason is above`);
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
