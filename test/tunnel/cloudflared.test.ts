/** A tunnel by a program that passes for cloudflared. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { InterruptedError, UnavailableError, UsageError, type WaHookError } from "../../src/errors.ts";
import { openCloudflared, type CloudflaredOptions } from "../../src/tunnel/cloudflared.ts";
import { stubCloudflared, type CloudflaredManners } from "../support/cloudflared.ts";
import { temporaryFolder } from "../support/world.ts";
import { Watched } from "./opening.ts";

const URL_OF_STUB = "https://calm-red-fox-test.trycloudflare.com";

interface Opened extends Watched {
  called(): { args: string[]; pid: number };
}

async function opened(manners?: CloudflaredManners, options: Partial<CloudflaredOptions> = {}): Promise<Opened> {
  const { env, record } = stubCloudflared(manners);
  const tunnel = await openCloudflared({ port: 8000, env, ...options });
  onTestFinished(() => tunnel.close());
  const called = () => JSON.parse(readFileSync(record, "utf8")) as { args: string[]; pid: number };
  return Object.assign(new Watched(tunnel), { called });
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
  "it is open when its %s say so, under the URL that it prints",
  async (ready) => {
    const { tunnel, called } = await opened({ ready });
    expect(tunnel.url).toBe(URL_OF_STUB);
    expect(tunnel.provider).toBe("cloudflared");
    expect(tunnel.notes).toEqual([]);
    const { args, pid } = called();
    const expected =
      "tunnel --no-autoupdate --protocol auto --output json --metrics 127.0.0.1:PORT --url http://127.0.0.1:8000";
    expect(args.join(" ").replace(/(?<=metrics 127\.0\.0\.1:)\d+/, "PORT")).toBe(expected);
    await tunnel.close();
    expect(isRunning(pid)).toBe(false);
  },
);

test("a connection that it loses and finds again is told", async () => {
  const watched = await opened({ loses: true });
  expect(await watched.until("up")).toEqual({ type: "up", url: URL_OF_STUB, changed: false });
  expect(watched.events[0]).toEqual({ type: "down", reason: "cloudflared: Lost connection with the edge" });
});

test("its death ends the tunnel, with its last words", async () => {
  const watched = await opened({ diesAfterMs: 50 });
  const ended = await watched.until("ended");
  expect(ended.reason).toBe("cloudflared ended (1): edge said no: Unauthorized");
  expect(ended.hint).toContain("start wa-hook again");
  await watched.ended;
  await watched.tunnel.close();
});

test("when it gives up at the start, its last words are the reason", async () => {
  const error = await failure(opened({ ready: "fails" }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe("cloudflared ended (1): failed to request quick Tunnel: 429 Too Many Requests");
  expect(error.hint).toContain("Cloudflare limits how often");
});

test("when it tries for ever, it is given up and ended", async () => {
  const { env, record } = stubCloudflared({ ready: "never" });
  const error = await failure(openCloudflared({ port: 8000, env, timeoutMs: 1000 }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe("cloudflared's edge did not answer within 1 s");
  expect(error.hint).toContain("port 7844");
  const { pid } = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
  expect(isRunning(pid)).toBe(false);
});

test("it is ended by force when it does not end when asked, within two seconds", async () => {
  const { tunnel, called } = await opened({ stubborn: true });
  const started = performance.now();
  await tunnel.close();
  expect(performance.now() - started).toBeLessThan(2000);
  expect(isRunning(called().pid)).toBe(false);
});

test("an opening can be stopped", async () => {
  const stop = new AbortController();
  const error = failure(opened({ ready: "never" }, { signal: stop.signal }));
  setTimeout(() => stop.abort(), 50);
  expect(await error).toBeInstanceOf(InterruptedError);
});

test("where it is not installed, it is said how to install it and what else there is", async () => {
  const error = await failure(openCloudflared({ port: 8000, env: { PATH: temporaryFolder() } }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toBe("cloudflared is not installed, or not on PATH");
  expect(error.hint).toMatch(/install/);
  expect(error.about[0]).toContain("--public-url <https url>");
});

test("a domain cannot be asked for", async () => {
  const error = await failure(openCloudflared({ port: 8000, domain: "shop.example.com" }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.hint).toContain("leave --domain away");
});

test("settings of its own that break quick tunnels are noted", async () => {
  const { env } = stubCloudflared();
  const path = join(env["HOME"] ?? "", ".cloudflared", "config.yaml");
  mkdirSync(join(path, ".."));
  writeFileSync(path, "tunnel: other\n");
  const { tunnel } = await opened({}, { env });
  expect(tunnel.notes).toEqual([expect.stringContaining(`cloudflared reads ${path}`)]);
});
