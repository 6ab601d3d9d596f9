/** An open ngrok tunnel during outages of the network and of the service, against the real SDK. */
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { setup, untilReachable } from "./open-tunnel.ts";

const QUICK = { heartbeatS: 1, silenceMs: 1500 };

test.concurrent("requests arrive again within 2 s after an outage of 4 s", async ({ annotate, onTestFinished }) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port });
  await untilReachable(peer.publicUrl);
  await peer.outage(() => sleep(4000));
  const ms = await untilReachable(peer.publicUrl);
  await annotate(`requests arrive again ${Math.round(ms)} ms after an outage of 4 s`);
  expect(ms).toBeLessThan(2000);
  await recorded.until("connected");
  expect(recorded.events).toEqual([
    { type: "disconnected", reason: "connection to ngrok lost" },
    {
      type: "reconnecting",
      reason: `the ngrok service at ${peer.address} is unreachable: connection refused`,
      retryMs: expect.any(Number),
    },
    { type: "connected", url: peer.publicUrl, changed: false },
  ]);
});

test.concurrent("the SDK reconnects a cut connection at once, with the token that keeps the URL", async ({
  onTestFinished,
}) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port });
  peer.cut();
  expect(await untilReachable(peer.publicUrl)).toBeLessThan(1000);
  expect(await recorded.until("connected")).toEqual({ type: "connected", url: peer.publicUrl, changed: false });
  expect(recorded.events.length).toBe(2);
  const [first, again] = peer.binds as [{ Id: string }, { Id: string; Extra: { Token: string } }];
  expect(first.Id).toBe("");
  expect(again.Id).toMatch(/^ep_/);
  expect(again.Extra.Token).toMatch(/^token_/);
});

test.concurrent("a reconnect that hangs is abandoned for a new session", async ({ onTestFinished }) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port });
  peer.stopResponding("tls");
  peer.cut();
  await recorded.until("disconnected");
  await sleep(1500);
  peer.stopResponding();
  const started = performance.now();
  await recorded.until("connected");
  expect(performance.now() - started).toBeLessThan(2500);
  expect(await untilReachable(peer.publicUrl)).toBeLessThan(1000);
});

test.concurrent("a reconnect is not reported while its endpoint is refused", async ({ onTestFinished }) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port });
  peer.refuse({ bind: "ERR_NGROK_334", times: 3 });
  peer.cut();
  await recorded.until("connected");
  expect(await untilReachable(peer.publicUrl)).toBeLessThan(1000);
  expect(peer.binds.length).toBeGreaterThanOrEqual(5);
});

test.concurrent("missing heartbeats end a session whose connection looks open, and the URL is requested until it is released", async ({
  onTestFinished,
}) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port, timing: { ...QUICK, retryMs: 100 } });
  peer.stopResponding("all");
  expect((await recorded.until("disconnected")).reason).toBe("no heartbeat from ngrok for 1.5 s");
  peer.stopResponding();
  await expect
    .poll(() => recorded.events[1], { timeout: 10_000 })
    .toMatchObject({ type: "reconnecting", reason: expect.stringContaining("ERR_NGROK_334") });
  peer.expire();
  await recorded.until("connected");
  expect(await untilReachable(peer.publicUrl)).toBeLessThan(1000);
});

test.concurrent("heartbeats keep the session open", async ({ onTestFinished }) => {
  const { openTunnel, startPeer } = setup(onTestFinished);
  const peer = await startPeer();
  const recorded = await openTunnel(peer, { timing: QUICK });
  await sleep(2500);
  expect(recorded.events).toEqual([]);
  expect(peer.auths.length).toBe(1);
});

test.concurrent("the same domain is requested after an outage, and a different URL is reported as changed", async ({
  onTestFinished,
}) => {
  const { openTunnel, startPeer } = setup(onTestFinished);
  const peer = await startPeer({ url: "https://fox-able.ngrok-free.dev" });
  const recorded = await openTunnel(peer, { timing: QUICK });
  peer.refuse({ bind: "ERR_NGROK_320", times: 1 });
  peer.url = "https://wolf-able.ngrok-free.dev";
  peer.stopResponding("all");
  await recorded.until("disconnected");
  peer.expire();
  peer.stopResponding();
  expect(await recorded.until("connected")).toEqual({
    type: "connected",
    url: "https://wolf-able.ngrok-free.dev",
    changed: true,
  });
  expect(recorded.tunnel.url).toBe("https://wolf-able.ngrok-free.dev");
  expect(peer.binds.map(({ Opts: options }) => (options as { Domain: string }).Domain)).toEqual([
    "",
    "fox-able.ngrok-free.dev",
    "",
  ]);
});

test.concurrent("a token revoked during an outage closes the tunnel", async ({ onTestFinished }) => {
  const { openTunnel, startPeer } = setup(onTestFinished);
  const peer = await startPeer();
  const recorded = await openTunnel(peer, { timing: QUICK });
  peer.refuse({ auth: "ERR_NGROK_107" });
  peer.cut();
  const ended = await recorded.until("closed");
  expect(ended.reason).toContain("(ERR_NGROK_107)");
  expect(ended.hint).toContain("NGROK_AUTHTOKEN");
  await recorded.ended;
});

test.concurrent("an endpoint stopped in the dashboard is reopened once, and not a second time within a minute", async ({
  onTestFinished,
}) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port });
  peer.stopTunnel("stopped by an administrator");
  await recorded.until("connected");
  expect(recorded.events[0]).toEqual({
    type: "disconnected",
    reason: "endpoint closed by ngrok: stopped by an administrator",
  });
  expect(await untilReachable(peer.publicUrl)).toBeLessThan(1000);
  peer.stopTunnel("stopped again", "ERR_NGROK_3200");
  const { reason } = await recorded.until("closed");
  expect(reason).toBe("endpoint closed by ngrok twice within a minute: stopped again");
});

test.concurrent("a restart command from the dashboard reopens the endpoint, a stop command releases the URL and closes the tunnel", async ({
  onTestFinished,
}) => {
  const { startEcho, openTunnel, startPeer } = setup(onTestFinished);
  const [peer, app] = [await startPeer(), await startEcho()];
  const recorded = await openTunnel(peer, { port: app.port });
  peer.command("restart");
  await recorded.until("connected");
  expect(await untilReachable(peer.publicUrl)).toBeLessThan(1000);
  peer.command("update");
  peer.command("stop");
  expect((await recorded.until("closed")).reason).toBe("stopped from the ngrok dashboard");
  expect((await fetch(peer.publicUrl)).status).toBe(404);
});

test.concurrent("closing during an outage takes at most two seconds, and a session that reconnects after it is closed", async ({
  onTestFinished,
}) => {
  const { openTunnel, startPeer } = setup(onTestFinished);
  const peer = await startPeer();
  const recorded = await openTunnel(peer);
  peer.cut();
  await recorded.until("disconnected");
  const started = performance.now();
  await recorded.tunnel.close();
  await recorded.ended;
  expect(performance.now() - started).toBeLessThan(2000);
  // The SDK was already reconnecting, and binds the endpoint once more.
  while (peer.binds.length < 2 || (await codeAt(peer.publicUrl)) !== "ERR_NGROK_3200") {
    await sleep(20);
  }
});

test.concurrent("closing takes at most two seconds when the connection is dead but looks open", async ({
  onTestFinished,
}) => {
  const { openTunnel, startPeer } = setup(onTestFinished);
  const peer = await startPeer();
  const { tunnel, ended } = await openTunnel(peer);
  peer.stopResponding("all");
  const started = performance.now();
  await tunnel.close();
  await ended;
  expect(performance.now() - started).toBeLessThan(2000);
});

async function codeAt(url: string): Promise<string | null | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.headers.get("ngrok-error-code");
}
