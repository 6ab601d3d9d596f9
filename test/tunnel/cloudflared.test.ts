/** The cloudflared tunnel, with a stub in place of the binary. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { InterruptedError, UnavailableError, UsageError, type WaHookError } from "../../src/errors.ts";
import { openCloudflared, type CloudflaredOptions } from "../../src/tunnel/cloudflared.ts";
import { stubCloudflared, type StubBehavior } from "../support/cloudflared.ts";
import { temporaryFolder } from "../support/world.ts";
import { RecordedTunnel } from "./open-tunnel.ts";

const URL_OF_STUB = "https://calm-red-fox-test.trycloudflare.com";

interface Opened extends RecordedTunnel {
  invocation(): { args: string[]; pid: number };
}

async function opened(behavior?: StubBehavior, options: Partial<CloudflaredOptions> = {}): Promise<Opened> {
  const { env, record } = stubCloudflared(behavior);
  const tunnel = await openCloudflared({ port: 8000, env, ...options });
  onTestFinished(() => tunnel.close());
  const invocation = () => JSON.parse(readFileSync(record, "utf8")) as { args: string[]; pid: number };
  return Object.assign(new RecordedTunnel(tunnel), { invocation });
}

async function failure(promise: Promise<unknown>): Promise<WaHookError> {
  return promise.then(
    () => expect.unreachable(),
    (error: WaHookError) => error,
  );
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each(["lines", "metrics"] as const)(
  "the tunnel is open with the URL that cloudflared prints once its %s report the connection",
  async (ready) => {
    const { tunnel, invocation } = await opened({ ready });
    expect(tunnel.url).toBe(URL_OF_STUB);
    expect(tunnel.provider).toBe("cloudflared");
    expect(tunnel.notes).toEqual([]);
    const { args, pid } = invocation();
    const expected =
      "tunnel --no-autoupdate --protocol auto --output json --metrics 127.0.0.1:PORT --url http://127.0.0.1:8000";
    expect(args.join(" ").replace(/(?<=metrics 127\.0\.0\.1:)\d+/, "PORT")).toBe(expected);
    await tunnel.close();
    expect(isRunning(pid)).toBe(false);
  },
);

test("a lost and restored connection is reported", async () => {
  const watched = await opened({ disconnects: true });
  expect(await watched.until("connected")).toEqual({ type: "connected", url: URL_OF_STUB, changed: false });
  expect(watched.events[0]).toEqual({ type: "disconnected", reason: "cloudflared: Lost connection with the edge" });
});

test("the tunnel closes with the last log message when cloudflared exits", async () => {
  const watched = await opened({ exitsAfterMs: 50 });
  const ended = await watched.until("closed");
  expect(ended.reason).toBe("cloudflared exited (1): Register tunnel error from server side: Unauthorized");
  expect(ended.hint).toContain("start wa-hook again");
  await watched.ended;
  await watched.tunnel.close();
});

test("the last log message is the reason when cloudflared exits at the start", async () => {
  const error = await failure(opened({ ready: "fails" }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe("cloudflared exited (1): failed to request quick Tunnel: 429 Too Many Requests");
  expect(error.hint).toContain("Cloudflare limits how often");
});

test("cloudflared is stopped when it does not connect within the time limit", async () => {
  const { env, record } = stubCloudflared({ ready: "never" });
  const error = await failure(openCloudflared({ port: 8000, env, timeoutMs: 1000 }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe("cloudflared did not respond within 1 s");
  expect(error.hint).toContain("port 7844");
  const { pid } = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
  expect(isRunning(pid)).toBe(false);
});

test("cloudflared is killed when it ignores SIGTERM, within two seconds", async () => {
  const { tunnel, invocation } = await opened({ ignoresSigterm: true });
  const started = performance.now();
  await tunnel.close();
  expect(performance.now() - started).toBeLessThan(2000);
  expect(isRunning(invocation().pid)).toBe(false);
});

test("opening a tunnel can be interrupted", async () => {
  const stop = new AbortController();
  const error = failure(opened({ ready: "never" }, { signal: stop.signal }));
  setTimeout(() => stop.abort(), 50);
  expect(await error).toBeInstanceOf(InterruptedError);
});

test("without cloudflared on PATH the error explains how to install it and names the alternatives", async () => {
  const error = await failure(openCloudflared({ port: 8000, env: { PATH: temporaryFolder() } }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toBe("cloudflared is not installed or not on PATH");
  expect(error.hint).toMatch(/install/);
  expect(error.about[0]).toContain("--public-url <https url>");
});

test("a custom domain is rejected", async () => {
  const error = await failure(openCloudflared({ port: 8000, domain: "shop.example.com" }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.hint).toContain("omit --domain");
});

test("a cloudflared config file, which breaks quick tunnels, is mentioned in the notes", async () => {
  const { env } = stubCloudflared();
  const path = join(env["HOME"] ?? "", ".cloudflared", "config.yaml");
  mkdirSync(join(path, ".."));
  writeFileSync(path, "tunnel: other\n");
  const { tunnel } = await opened({}, { env });
  expect(tunnel.notes).toEqual([expect.stringContaining(`rename ${path}`)]);
});
