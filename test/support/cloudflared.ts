/** A program that passes for cloudflared, put first on PATH: it says what the real one says, and does what a test needs. */
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { temporaryFolder } from "./world.ts";

export interface CloudflaredManners {
  /** `lines`: it says that it is connected; `metrics`: only its metrics say it; `never`: it tries for ever; `fails`: it gives up. */
  ready?: "lines" | "metrics" | "never" | "fails";
  /** After it was ready it loses its connection and finds it again. */
  loses?: boolean;
  /** So long after it was ready it dies. */
  diesAfterMs?: number;
  /** It does not end when it is asked to. */
  stubborn?: boolean;
}

const PROGRAM = `#!${process.execPath}
const { createServer } = require("node:http");
const manners = JSON.parse(process.env.STUB_MANNERS);
const log = (level, message, more) => process.stderr.write(JSON.stringify({ level, time: "2026-01-02T03:04:05Z", message, ...more }) + "\\n");
const option = (name) => process.argv[process.argv.indexOf("--" + name) + 1];
require("node:fs").writeFileSync(process.env.STUB_RECORD, JSON.stringify({ args: process.argv.slice(2), pid: process.pid }));
let connected = false;
const [host, port] = option("metrics").split(":");
createServer((request, response) => response.writeHead(request.url === "/ready" && connected ? 200 : 503).end()).listen(port, host);
process.on("SIGTERM", () => { if (!manners.stubborn) process.exit(0); });
log("info", "Requesting new quick Tunnel on https://api.trycloudflare.com...");
if (manners.ready === "fails") {
  log("error", "failed to request quick Tunnel", { error: "429 Too Many Requests" });
  setTimeout(() => process.exit(1), 20);
} else {
  log("info", "|  https://calm-red-fox-test.trycloudflare.com                 |");
  setTimeout(() => {
    if (manners.ready === "never") return log("error", "Failed to dial a quic connection", { error: "timeout: no recent network activity" });
    connected = true;
    if (manners.ready !== "metrics") log("info", "Registered tunnel connection", { connIndex: 0, protocol: "quic" });
    if (manners.loses) setTimeout(() => {
      log("warn", "Lost connection with the edge", { connIndex: 0 });
      log("info", "Retrying connection in up to 1s");
      setTimeout(() => log("info", "Registered tunnel connection", { connIndex: 0, protocol: "quic" }), 50);
    }, 100);
    if (manners.diesAfterMs !== undefined) setTimeout(() => {
      log("fatal", "edge said no", { error: "Unauthorized" });
      process.exit(1);
    }, manners.diesAfterMs);
  }, 30);
}
`;

/** The environment in which it is found, and the file in which it writes how it was called. */
export function stubCloudflared(manners: CloudflaredManners = {}): { env: Record<string, string>; record: string } {
  const folder = temporaryFolder();
  const [program, record] = [join(folder, "cloudflared"), join(folder, "called.json")];
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  const PATH = `${folder}${delimiter}${process.env["PATH"] ?? ""}`;
  return { env: { PATH, HOME: folder, STUB_RECORD: record, STUB_MANNERS: JSON.stringify(manners) }, record };
}
