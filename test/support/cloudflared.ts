/** A stub of cloudflared, first on PATH: it logs what the real binary logs and behaves as a test needs. */
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { temporaryFolder } from "./world.ts";

export interface StubBehavior {
  /** `lines`: logs that it is connected; `metrics`: reports it only in the metrics; `never`: retries forever; `fails`: exits. */
  ready?: "lines" | "metrics" | "never" | "fails";
  /** Loses its connection after it was ready, and restores it. */
  disconnects?: boolean;
  /** Exits with an error so long after it was ready. */
  exitsAfterMs?: number;
  ignoresSigterm?: boolean;
}

const PROGRAM = `#!${process.execPath}
const { createServer } = require("node:http");
const behavior = JSON.parse(process.env.STUB_BEHAVIOR);
const log = (level, message, more) => process.stderr.write(JSON.stringify({ level, time: "2026-01-02T03:04:05Z", message, ...more }) + "\\n");
const option = (name) => process.argv[process.argv.indexOf("--" + name) + 1];
require("node:fs").writeFileSync(process.env.STUB_RECORD, JSON.stringify({ args: process.argv.slice(2), pid: process.pid }));
let connected = false;
const [host, port] = option("metrics").split(":");
createServer((request, response) => response.writeHead(request.url === "/ready" && connected ? 200 : 503).end()).listen(port, host);
process.on("SIGTERM", () => { if (!behavior.ignoresSigterm) process.exit(0); });
log("info", "Requesting new quick Tunnel on https://api.trycloudflare.com...");
if (behavior.ready === "fails") {
  log("error", "failed to request quick Tunnel", { error: "429 Too Many Requests" });
  setTimeout(() => process.exit(1), 20);
} else {
  log("info", "|  https://calm-red-fox-test.trycloudflare.com                 |");
  setTimeout(() => {
    if (behavior.ready === "never") return log("error", "Failed to dial a quic connection", { error: "timeout: no recent network activity" });
    connected = true;
    if (behavior.ready !== "metrics") log("info", "Registered tunnel connection", { connIndex: 0, protocol: "quic" });
    if (behavior.disconnects) setTimeout(() => {
      log("warn", "Lost connection with the edge", { connIndex: 0 });
      log("info", "Retrying connection in up to 1s");
      setTimeout(() => log("info", "Registered tunnel connection", { connIndex: 0, protocol: "quic" }), 50);
    }, 100);
    if (behavior.exitsAfterMs !== undefined) setTimeout(() => {
      log("error", "Register tunnel error from server side", { error: "Unauthorized" });
      process.exit(1);
    }, behavior.exitsAfterMs);
  }, 30);
}
`;

/** `env` has the stub on its PATH; `record` is the file in which it stores its arguments and process id. */
export function stubCloudflared(behavior: StubBehavior = {}): { env: Record<string, string>; record: string } {
  const folder = temporaryFolder();
  const [program, record] = [join(folder, "cloudflared"), join(folder, "invocation.json")];
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  const PATH = `${folder}${delimiter}${process.env["PATH"] ?? ""}`;
  return { env: { PATH, HOME: folder, STUB_RECORD: record, STUB_BEHAVIOR: JSON.stringify(behavior) }, record };
}
