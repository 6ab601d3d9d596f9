/** What happens now, as server-sent events; connects again by itself, and can be paused. */
import { useEffect, useRef } from "preact/hooks";

import type { Live } from "../../api.ts";
import { token } from "./server.ts";
import { Shared } from "./shared.ts";

export type Connection = "connecting" | "connected" | "disconnected" | "restarted";

const RETRY_MS = [500, 1000, 2000, 5000];

export const connection = new Shared<Connection>("connecting");
export const paused = new Shared(false);
/** Events since the page was paused. */
export const held = new Shared(0);

const readers = new Set<(event: Live) => void>();

function emit(event: Live): void {
  for (const read of readers) read(event);
}

function receive(event: Live): void {
  if (paused.value) held.value++;
  else emit(event);
}

export function setPaused(wanted: boolean): void {
  paused.value = wanted;
  if (wanted) return;
  // What was held back is loaded again, so that holding needs no memory.
  if (held.value > 0) emit({ source: "lost" });
  held.value = 0;
}

/** Connects, and never gives up. */
export function connect(failures = 0): void {
  const source = new EventSource("/api/events");
  let opened = 0;
  source.addEventListener("open", () => {
    if (opened++ > 0 || failures > 0) void checkStart();
    // Only the browser's own reconnecting continues after the last event.
    if (failures > 0 && opened === 1) receive({ source: "lost" });
    if (connection.value !== "restarted") connection.value = "connected";
  });
  source.addEventListener("message", ({ data }) => receive(JSON.parse(String(data)) as Live));
  source.addEventListener("error", () => {
    if (connection.value !== "restarted") connection.value = "disconnected";
    if (source.readyState !== EventSource.CLOSED) return;
    const next = opened > 0 ? 0 : failures;
    setTimeout(() => connect(next + 1), RETRY_MS[Math.min(next, RETRY_MS.length - 1)]);
  });
}

/** After a restart of wa-hook, the token of this page is no longer valid. */
async function checkStart(): Promise<void> {
  try {
    const html = await (await fetch("/")).text();
    if (!html.includes(token)) connection.value = "restarted";
  } catch {
    // It is gone again; the next connection checks again.
  }
}

/** Calls the latest `read` with each event while the component is shown. */
export function useLive(read: (event: Live) => void): void {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const reader = (event: Live) => latest.current(event);
    readers.add(reader);
    return () => void readers.delete(reader);
  }, []);
}
