/** What a listener serves to this machine only: metrics and health. A tunnel leads to the listener's own port, never here. */
import { startLocalServer, type LocalResponse, type LocalServer, type Routes } from "../http/local-server.ts";
import type { Monitor } from "./monitor/monitor.ts";

export const DEFAULT_ADMIN_PORT = 4400;

/** Starts on the port or the next free one; `more` are further routes. Throws an `UnavailableError` when all are taken. */
export function startAdmin(
  monitor: Pick<Monitor, "health" | "metrics">,
  port: number,
  more: Routes = new Map(),
): Promise<LocalServer> {
  const routes: Routes = new Map([
    ["GET /health", () => health(monitor)],
    ["GET /metrics", () => metrics(monitor)],
    ...more,
  ]);
  return startLocalServer(port, routes);
}

/** 503 while failing, as probes expect it. */
async function health(monitor: Pick<Monitor, "health">): Promise<LocalResponse> {
  const found = await monitor.health();
  return {
    status: found.status === "failing" ? 503 : 200,
    contentType: "application/json",
    text: `${JSON.stringify(found, undefined, 2)}\n`,
  };
}

async function metrics(monitor: Pick<Monitor, "metrics">): Promise<LocalResponse> {
  return monitor.metrics();
}
