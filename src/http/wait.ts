/** Waits until a server responds. */
import { setTimeout as sleep } from "node:timers/promises";

import { loopbackUrls } from "./loopback.ts";

const POLL_MS = 100;
const POLL_TIMEOUT_MS = 2000;

/** Whether the origin responds to `GET /` now, with any status. */
export async function responds(to: URL, signal?: AbortSignal): Promise<boolean> {
  const timeout = AbortSignal.timeout(POLL_TIMEOUT_MS);
  const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const respond = async ({ origin }: URL): Promise<void> => {
    const response = await fetch(origin, { redirect: "manual", signal: limit });
    await response.body?.cancel();
  };
  return Promise.any(loopbackUrls(to).map(respond)).then(
    () => true,
    () => false,
  );
}

/** Resolves with true when the origin responds, and with false after `timeoutMs` milliseconds or when the signal aborts. */
export async function waitUntilResponds(to: URL, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!signal.aborted) {
    if (await responds(to, signal)) return true;
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
