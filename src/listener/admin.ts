/** What a listener serves to this machine only: metrics and health. A tunnel leads to the listener's own port, never here. */
import type { LocalResponse, Routes } from "../http/local-routes.ts";
import type { Monitor } from "./monitor/monitor.ts";

/** The routes that programs read, for a local server. */
export function adminRoutes(monitor: Pick<Monitor, "health" | "metrics">): Routes {
  return new Map([
    ["GET /health", () => health(monitor)],
    ["GET /metrics", () => metrics(monitor)],
  ]);
}

/** 503 while failing, as probes expect it. */
async function health(monitor: Pick<Monitor, "health">): Promise<LocalResponse> {
  const found = await monitor.health();
  return {
    status: found.status === "failing" ? 503 : 200,
    contentType: "application/json",
    body: `${JSON.stringify(found, undefined, 2)}\n`,
  };
}

async function metrics(monitor: Pick<Monitor, "metrics">): Promise<LocalResponse> {
  const { contentType, text } = await monitor.metrics();
  return { contentType, body: text };
}
