/** What happens to an open tunnel when the network or ngrok goes away. */
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { setUp, untilFlowing } from "./opening.ts";

const QUICK = { heartbeatS: 1, silenceMs: 1500 };

test.concurrent("after an outage of 4 s requests flow again within 2 s", async ({ annotate, onTestFinished }) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port });
  await untilFlowing(peer.publicUrl);
  await peer.outage(() => sleep(4000));
  const ms = await untilFlowing(peer.publicUrl);
  await annotate(`requests flow again ${Math.round(ms)} ms after an outage of 4 s`);
  expect(ms).toBeLessThan(2000);
  await watched.until("up");
  expect(watched.events).toEqual([
    { type: "down", reason: "the connection to ngrok's service was cut" },
    {
      type: "down",
      reason: `ngrok's service at ${peer.address} cannot be reached: nobody listens there`,
      retryMs: expect.any(Number),
    },
    { type: "up", url: peer.publicUrl, changed: false },
  ]);
});

test.concurrent("a cut connection is taken up again at once by the SDK, with the token that keeps the URL", async ({
  onTestFinished,
}) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port });
  peer.cut();
  expect(await untilFlowing(peer.publicUrl)).toBeLessThan(1000);
  expect(await watched.until("up")).toEqual({ type: "up", url: peer.publicUrl, changed: false });
  expect(watched.events.length).toBe(2);
  const [first, again] = peer.binds as [{ Id: string }, { Id: string; Extra: { Token: string } }];
  expect(first.Id).toBe("");
  expect(again.Id).toMatch(/^ep_/);
  expect(again.Extra.Token).toMatch(/^token_/);
});

test.concurrent("a service that hangs while it comes back is given up and asked anew", async ({ onTestFinished }) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port });
  peer.silence("tls");
  peer.cut();
  await watched.until("down");
  await sleep(1500);
  peer.silence();
  const started = performance.now();
  await watched.until("up");
  expect(performance.now() - started).toBeLessThan(2500);
  expect(await untilFlowing(peer.publicUrl)).toBeLessThan(1000);
});

test.concurrent("a reconnection whose endpoint is refused does not count as being back", async ({ onTestFinished }) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port });
  peer.refuse({ bind: "ERR_NGROK_334", times: 3 });
  peer.cut();
  await watched.until("up");
  expect(await untilFlowing(peer.publicUrl)).toBeLessThan(1000);
  expect(peer.binds.length).toBeGreaterThanOrEqual(5);
});

test.concurrent("missing heartbeats end a session that seems to stand, and the URL is asked for until it is free", async ({
  onTestFinished,
}) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port, timing: { ...QUICK, retryMs: 100 } });
  peer.silence("all");
  expect((await watched.until("down")).reason).toBe("ngrok's service gave no sign of life for 1.5 s");
  peer.silence();
  await expect
    .poll(() => watched.events[1], { timeout: 10_000 })
    .toMatchObject({ type: "down", reason: expect.stringContaining("ERR_NGROK_334") });
  peer.expire();
  await watched.until("up");
  expect(await untilFlowing(peer.publicUrl)).toBeLessThan(1000);
});

test.concurrent("heartbeats that come keep the session", async ({ onTestFinished }) => {
  const { opened, peered } = setUp(onTestFinished);
  const peer = await peered();
  const watched = await opened(peer, { timing: QUICK });
  await sleep(2500);
  expect(watched.events).toEqual([]);
  expect(peer.auths.length).toBe(1);
});

test.concurrent("after an outage the same domain is asked for, and another URL is told as such", async ({
  onTestFinished,
}) => {
  const { opened, peered } = setUp(onTestFinished);
  const peer = await peered({ url: "https://fox-able.ngrok-free.dev" });
  const watched = await opened(peer, { timing: QUICK });
  peer.refuse({ bind: "ERR_NGROK_320", times: 1 });
  peer.url = "https://wolf-able.ngrok-free.dev";
  peer.silence("all");
  await watched.until("down");
  peer.expire();
  peer.silence();
  expect(await watched.until("up")).toEqual({ type: "up", url: "https://wolf-able.ngrok-free.dev", changed: true });
  expect(watched.tunnel.url).toBe("https://wolf-able.ngrok-free.dev");
  expect(peer.binds.map(({ Opts: options }) => (options as { Domain: string }).Domain)).toEqual([
    "",
    "fox-able.ngrok-free.dev",
    "",
  ]);
});

test.concurrent("a token that is revoked meanwhile ends the tunnel", async ({ onTestFinished }) => {
  const { opened, peered } = setUp(onTestFinished);
  const peer = await peered();
  const watched = await opened(peer, { timing: QUICK });
  peer.refuse({ auth: "ERR_NGROK_107" });
  peer.cut();
  const ended = await watched.until("ended");
  expect(ended.reason).toContain("(ERR_NGROK_107)");
  expect(ended.hint).toContain("NGROK_AUTHTOKEN");
  await watched.ended;
});

test.concurrent("an endpoint stopped in the dashboard opens again once, and not a second time within a minute", async ({
  onTestFinished,
}) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port });
  peer.stopTunnel("stopped by somebody");
  await watched.until("up");
  expect(watched.events[0]).toEqual({ type: "down", reason: "ngrok closed the endpoint: stopped by somebody" });
  expect(await untilFlowing(peer.publicUrl)).toBeLessThan(1000);
  peer.stopTunnel("stopped again", "ERR_NGROK_3200");
  const { reason } = await watched.until("ended");
  expect(reason).toBe("ngrok closed the endpoint: stopped again, for the second time within a minute");
});

test.concurrent("an agent stopped in the dashboard lets go of the URL and ends; one restarted there opens again", async ({
  onTestFinished,
}) => {
  const { echo, opened, peered } = setUp(onTestFinished);
  const [peer, app] = [await peered(), await echo()];
  const watched = await opened(peer, { port: app.port });
  peer.command("restart");
  await watched.until("up");
  expect(await untilFlowing(peer.publicUrl)).toBeLessThan(1000);
  peer.command("update");
  peer.command("stop");
  expect((await watched.until("ended")).reason).toBe("ngrok's dashboard asked for the end");
  expect((await fetch(peer.publicUrl)).status).toBe(404);
});

test.concurrent("closing during an outage takes no longer than two seconds, and what comes back after it is chased away", async ({
  onTestFinished,
}) => {
  const { opened, peered } = setUp(onTestFinished);
  const peer = await peered();
  const watched = await opened(peer);
  peer.cut();
  await watched.until("down");
  const started = performance.now();
  await watched.tunnel.close();
  await watched.ended;
  expect(performance.now() - started).toBeLessThan(2000);
  // The SDK's own attempt was under way.
  while (peer.binds.length < 2 || (await codeAt(peer.publicUrl)) !== "ERR_NGROK_3200") {
    await sleep(20);
  }
});

test.concurrent("closing in a connection that is dead and does not show it takes no longer than two seconds", async ({
  onTestFinished,
}) => {
  const { opened, peered } = setUp(onTestFinished);
  const peer = await peered();
  const { tunnel, ended } = await opened(peer);
  peer.silence("all");
  const started = performance.now();
  await tunnel.close();
  await ended;
  expect(performance.now() - started).toBeLessThan(2000);
});

async function codeAt(url: string): Promise<string | null | undefined> {
  const answer = await fetch(url).catch(() => undefined);
  return answer?.headers.get("ngrok-error-code");
}
