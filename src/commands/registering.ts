/** A callback URL that is registered at Meta while something runs here, and is put back afterwards, also after a crash. */
import { setTimeout as sleep } from "node:timers/promises";

import { UsageError, WaHookError } from "../errors.ts";
import type { Graph } from "../graph/client.ts";
import { type Before, idsOf, register, restore, survey, type Target } from "../graph/registration.ts";
import { readAppSubscription, readCallbacks, type Callback, type Level } from "../graph/subscriptions.ts";
import type { AppCredentials } from "../graph/token.ts";
import {
  forgetRegistration,
  isRunning,
  readRegistration,
  type Registered,
  writeRegistration,
} from "../store/registration.ts";
import { reach } from "../webhook/reach.ts";

export type RegistrationEvent =
  | { type: "registered"; level: Level; url: string; previous?: string; subscribed?: true; lasting?: true }
  | { type: "restored"; level: Level; url?: string; lost?: string; unsubscribed?: true; late?: true }
  | { type: "not-restored"; level: Level; reason: string; hint?: string }
  /** The callback that was replaced is another listener of ours, or ours was replaced. */
  | { type: "other-listener"; url: string; replaced: "theirs" | "ours" }
  /** The app is not subscribed to the field `messages`, so that nothing comes at any level. */
  | { type: "no-messages" };

/** What is registered, where, and with which secrets. */
export interface Wanted {
  target: Target;
  callback: Callback;
  appSecret: string;
  graphUrl: string;
  cwd: string;
}

const WATCH_MS = 30_000;

/** Registers for as long as this process runs. */
export async function* registerCallback(wanted: Wanted): AsyncGenerator<RegistrationEvent, Before, void> {
  const { target, callback, cwd, graphUrl } = wanted;
  const before = await survey(target);
  const { level, url: previous } = before;
  if (previous !== undefined && previous !== callback.url && (await isOurs(previous, wanted))) {
    yield { type: "other-listener", url: previous, replaced: "theirs" };
  }
  await writeAndRegister(target, callback, before, { cwd, graphUrl, toRestore: before, pid: process.pid });
  yield {
    type: "registered",
    level,
    url: callback.url,
    ...(previous === undefined ? {} : { previous }),
    ...(before.subscribed === false ? { subscribed: true } : {}),
  };
  if (level !== "app" && target.app !== undefined && (await lacksMessages(target.graph, target.app))) {
    yield { type: "no-messages" };
  }
  return before;
}

/** What is to be put back is on the disk before Meta is told. Throws what Meta answers, and then both are as before. */
export async function writeAndRegister(
  target: Target,
  callback: Callback,
  before: Before,
  { cwd, graphUrl, toRestore, pid }: { cwd: string; graphUrl: string; toRestore: Before; pid?: number },
): Promise<void> {
  const earlier = readRegistration<Before>(cwd);
  writeRegistration(cwd, { url: callback.url, graphUrl, before: toRestore, ...(pid === undefined ? {} : { pid }) });
  try {
    await register(target, callback, before);
  } catch (error) {
    await restore(target, callback, before).catch(() => undefined);
    if (earlier === undefined) forgetRegistration(cwd);
    else writeRegistration(cwd, earlier);
    throw error;
  }
}

/** Overrides lead elsewhere what the app is subscribed to; they do not subscribe it. */
async function lacksMessages(graph: Graph, app: AppCredentials): Promise<boolean> {
  const subscription = await readAppSubscription(graph, app).catch(() => ({ fields: ["messages"] }));
  return subscription?.fields.includes("messages") !== true;
}

/** Whether an endpoint answers to our verify token and takes what is signed with our secret. */
async function isOurs(url: string, { callback, appSecret }: Wanted): Promise<boolean> {
  return (await reach({ url, verifyToken: callback.verifyToken, appSecret })).ok;
}

/** Puts back what was there; what fails is told, and stays on the disk for another attempt. */
export async function* restoreCallback(
  target: Target,
  callback: Callback,
  { before, cwd, late }: { before: Before; cwd: string; late?: true },
): AsyncGenerator<RegistrationEvent, void, void> {
  const { level, url } = before;
  try {
    const restored = await restore(target, callback, before);
    forgetRegistration(cwd);
    if (!restored.done) {
      if (restored.now !== undefined) yield { type: "other-listener", url: restored.now, replaced: "ours" };
      return;
    }
    yield {
      type: "restored",
      level,
      ...(url === undefined || restored.lost !== undefined ? {} : { url }),
      ...(restored.lost === undefined ? {} : { lost: restored.lost }),
      ...(before.subscribed === false ? { unsubscribed: true } : {}),
      ...(late === true ? { late } : {}),
    };
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    const earlier = url === undefined ? "" : `; it was ${url}`;
    yield {
      type: "not-restored",
      level,
      reason: `${error.message}${earlier}`,
      hint: "wa-hook webhook restore tries again; a callback's verify token must be the one in the settings",
    };
  }
}

/** What an earlier run left registered: put back now, unless that run is still there. */
export async function* restoreLeftover(
  left: Registered<Before>,
  graph: Graph,
  { cwd, verifyToken, graphUrl, app }: { cwd: string; verifyToken: string; graphUrl: string; app: Target["app"] },
): AsyncGenerator<RegistrationEvent, void, void> {
  if (isRunning(left)) throw running(left);
  if (left.graphUrl !== graphUrl) return;
  const target: Target = { graph, ...idsOf(left.before), ...(app === undefined ? {} : { app }) };
  yield* restoreCallback(target, { url: left.url, verifyToken }, { before: left.before, cwd, late: true });
}

function running({ pid, url, before }: Registered<Before>): UsageError {
  return new UsageError(`another wa-hook listen (process ${pid}) has registered ${url} from this folder`, {
    code: "registration.running",
    hint: `end it first; it puts back what was there at the level ${before.level}`,
  });
}

/** Looks now and then whether Meta still sends to us; ends when somebody else has been set, or when it is told to stop. */
export async function* watchCallback(
  { graph, level, phoneNumberId }: Target,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<RegistrationEvent, void, void> {
  if (phoneNumberId === undefined) return;
  for (;;) {
    await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // A look that fails says nothing about the callback.
    const now = (await readCallbacks(graph, phoneNumberId).catch(() => undefined))?.[level];
    if (now === undefined || now === url) continue;
    return yield { type: "other-listener", url: now, replaced: "ours" };
  }
}
