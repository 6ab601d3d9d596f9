/** Flags of commands that run the developer's app: `--start` and `--wait`, and the emulator as its Graph API. */
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { describeExit, startApp, type App } from "../../app/app.ts";
import { withSettings } from "../../app/environment.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { UnavailableError } from "../../errors.ts";
import { DEFAULT_GRAPH_VERSION } from "../../graph/version.ts";
import { waitUntilResponds } from "../../http/wait.ts";
import { envName } from "../../setting-names.ts";
import { duration, input, notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";

export const startInputs = {
  start: input(
    "--start <command>",
    "Run the app with this command, wait until it responds, and end it afterwards",
    z.string().regex(/\S/, 'must be a command, such as "npm start"').optional(),
  ),
  wait: input("--wait <time>", "Wait up to this long for the app (default with --start: 60s)", duration.optional()),
};

type StartInputs = z.output<z.ZodObject<typeof startInputs>>;

/** The settings of an app that uses the emulator as its Graph API. */
export function emulatorSettings({ env }: Pick<Emulator, "env">): Record<string, string> {
  return { ...env, [envName("graphVersion")]: DEFAULT_GRAPH_VERSION };
}

export interface StartedOptions {
  /** Where the app is to respond. It gets the port as `PORT`. */
  to: URL;
  /** Secrets, and the emulator's settings. */
  settings: Readonly<Record<string, string>>;
  onOutput?(line: string): void;
}

/**
 * Starts the app of `--start`, or waits for one that somebody else starts. Throws an `UnavailableError` when it does not respond in time.
 * The caller closes the app.
 */
export async function startedApp(
  { start, wait }: StartInputs,
  { to, settings, onOutput }: StartedOptions,
  { cwd, env, signal }: World,
): Promise<App | undefined> {
  if (start === undefined) {
    if (wait !== undefined) await requireResponse(to, wait, signal);
    return undefined;
  }
  const port = to.port || (to.protocol === "https:" ? "443" : "80");
  return startApp(start, {
    cwd,
    env: { ...withSettings(env, settings), PORT: port },
    url: to,
    signal,
    ...(wait === undefined ? {} : { waitMs: wait }),
    ...(onOutput === undefined ? {} : { onOutput }),
  });
}

async function requireResponse(to: URL, waitMs: number, signal: AbortSignal): Promise<void> {
  if ((await waitUntilResponds(to, waitMs, signal)) || signal.aborted) return;
  throw new UnavailableError(`no response from ${to.origin} after ${waitMs / 1000} s`, {
    code: "app.unreachable",
    hint: 'start the app, or let wa-hook start it: --start "npm start"',
  });
}

/** A connection can close a moment before the process has ended. */
const EXIT_MS = 200;

/** What the app of `--start` printed last, and whether it has ended. */
export async function* appNotices(app: App | undefined): AsyncGenerator<Notice> {
  if (app === undefined) return;
  const exit = await Promise.race([app.exited, sleep(EXIT_MS)]);
  if (exit !== undefined) yield notice(`The app ${describeExit(exit)} during the run`);
  const lines = app.output();
  if (lines.length > 0) yield notice("The app printed last:");
  for (const line of lines) yield notice(`  ${line}`);
}
