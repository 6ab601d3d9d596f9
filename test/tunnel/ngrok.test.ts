/** Requests through the real ngrok SDK, and tunnels that cannot be opened. */
import { randomBytes } from "node:crypto";

import { expect, test } from "vitest";

import {
  CredentialsError,
  InterruptedError,
  UnavailableError,
  UsageError,
  type WaHookError,
} from "../../src/errors.ts";
import { freePort } from "../support/http.ts";
import { makeCertificates } from "../support/ngrok-peer/certificate.ts";
import { openNgrokAt, openTunnel, startEcho, startPeer, TOKEN } from "./open-tunnel.ts";

test("requests and responses pass through unchanged, byte for byte", async () => {
  const [peer, app] = [await startPeer(), await startEcho()];
  const { tunnel } = await openTunnel(peer, { port: app.port });
  expect(tunnel.url).toBe(peer.publicUrl);
  expect(tunnel.provider).toBe("ngrok");
  const body = Buffer.from('{"text":"Gr\\u00fc\\u00dfe \\ud83d\\udc4b\\/"}\r\n\0\u00ff', "latin1");
  const headers = { "content-type": "application/json", "x-hub-signature-256": "sha256=00" };
  const response = await fetch(`${peer.publicUrl}/webhook?a=%20b+c`, { method: "POST", body, headers });
  expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
  expect(app.requests[0]).toMatchObject({ method: "POST", url: "/webhook?a=%20b+c", body, headers });
  const got = await fetch(`${peer.publicUrl}/webhook?hub.mode=subscribe&hub.challenge=1`);
  expect(got.status).toBe(200);
  expect(app.requests[1]).toMatchObject({ method: "GET", url: "/webhook?hub.mode=subscribe&hub.challenge=1" });
});

test("a body of 5 MB passes in both directions", async () => {
  const [peer, app] = [await startPeer(), await startEcho()];
  await openTunnel(peer, { port: app.port });
  const body = randomBytes(5 * 1024 * 1024);
  const response = await fetch(peer.publicUrl, { method: "POST", body });
  expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
});

test("100 concurrent requests each get their own response", async () => {
  const [peer, app] = [await startPeer(), await startEcho()];
  await openTunnel(peer, { port: app.port });
  const bodies = Array.from({ length: 100 }, (_, index) => `request ${index}`);
  const responses = await Promise.all(
    bodies.map(async (body) => (await fetch(peer.publicUrl, { method: "POST", body })).text()),
  );
  expect(responses).toEqual(bodies);
});

test("ngrok gets the token, the version and the upstream address, and no metadata", async () => {
  const peer = await startPeer({ url: "https://fox-able.ngrok-free.dev" });
  const { tunnel } = await openTunnel(peer, { domain: "shop.ngrok.app", host: "0.0.0.0", port: 8000 });
  expect(tunnel.url).toBe("https://shop.ngrok.app");
  const { Extra: extra } = peer.auths[0] as { Extra: Record<string, unknown> };
  expect(extra).toMatchObject({ AuthToken: TOKEN, Hostname: "", Metadata: "" });
  expect(extra["UserAgent"]).toMatch(/^wa-hook\/0\.1\.0 ngrok-javascript\/1\.7\.0 /);
  expect(peer.binds[0]).toMatchObject({
    Proto: "https",
    ForwardsTo: "http://127.0.0.1:8000/",
    Opts: { Domain: "shop.ngrok.app" },
  });
});

test("closing takes the endpoint offline and can be called twice", async () => {
  const [peer, app] = [await startPeer(), await startEcho()];
  const { tunnel, ended } = await openTunnel(peer, { port: app.port });
  expect((await fetch(peer.publicUrl)).headers.get("x-app")).toBe("echo");
  const started = performance.now();
  await Promise.all([tunnel.close(), tunnel.close()]);
  expect(performance.now() - started).toBeLessThan(2000);
  await ended;
  const offline = await fetch(peer.publicUrl);
  expect(offline.headers.get("ngrok-error-code")).toBe("ERR_NGROK_3200");
  expect((await tunnel.events().next()).done).toBe(true);
});

async function failure(promise: Promise<unknown>): Promise<WaHookError> {
  return promise.then(
    () => expect.unreachable(),
    (error: WaHookError) => error,
  );
}

test.each([
  ["auth", "ERR_NGROK_105", CredentialsError, /not in the format of an authtoken/, /NGROK_AUTHTOKEN/],
  ["auth", "ERR_NGROK_107", CredentialsError, /reset or revoked/, /your-authtoken/],
  ["auth", "ERR_NGROK_4018", CredentialsError, /an authtoken is required/, /free account/],
  ["auth", "ERR_NGROK_123", CredentialsError, /email address/, /verify it/],
  ["auth", "ERR_NGROK_108", UnavailableError, /limit of concurrent agents/, /--tunnel cloudflared/],
  ["auth", "ERR_NGROK_121", UsageError, /too old/, /update wa-hook/],
  ["bind", "ERR_NGROK_320", UsageError, /another account/, /omit --domain/],
  ["bind", "ERR_NGROK_326", UsageError, /character/, /only the host name/],
  ["bind", "ERR_NGROK_334", UnavailableError, /already online/, /stop the other/],
  ["bind", "ERR_NGROK_727", UnavailableError, /monthly requests/, /billing/],
  ["bind", "ERR_NGROK_999", UnavailableError, /Refused by the test peer \(ERR_NGROK_999\)/, /err_ngrok_999/],
] as const)("an error in %s with %s is explained with a hint", async (call, code, Class, message, hint) => {
  const peer = await startPeer();
  peer.refuse({ [call]: code });
  const error = await failure(openNgrokAt(peer, { timing: { startTakeoverMs: 100 } }));
  expect(error).toBeInstanceOf(Class);
  expect(error.code).toBe(`tunnel.${code.toLowerCase().replaceAll("_", "-")}`);
  expect(error.message).toMatch(message);
  expect(error.message).toContain(code);
  expect(error.hint).toMatch(hint);
  expect(error.about.join("\n")).toContain(`https://ngrok.com/docs/errors/${code.toLowerCase()}`);
  expect(error.facts).toEqual({ ngrok: code });
});

test("an error without a code keeps its message", async () => {
  const peer = await startPeer();
  peer.refuse({ bind: "The endpoint pool is full." });
  const error = await failure(openNgrokAt(peer));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe("ngrok did not open the tunnel: The endpoint pool is full");
});

test("a refused token is not in the error, although ngrok repeats it", async () => {
  const peer = await startPeer();
  peer.refuse({ auth: `Your authtoken: ${TOKEN} is bad.\r\n\r\nERR_NGROK_105\r\n` });
  const error = await failure(openNgrokAt(peer));
  expect(JSON.stringify([error.message, error.hint, error.about, error.facts])).not.toContain(TOKEN);
  expect(error.about[0]).toBe("message from ngrok: Your authtoken: … is bad");
});

test("a URL that another agent is about to release is requested again", async () => {
  const peer = await startPeer();
  peer.refuse({ bind: "ERR_NGROK_334", times: 2 });
  await openTunnel(peer, { timing: { retryMs: 20 } });
  expect(peer.binds.length).toBe(3);
});

test("connection refused, no TLS and an unknown host name are distinguished", async () => {
  const [peer, app, unused] = [await startPeer(), await startEcho(), await freePort()];
  const errors = await Promise.all(
    [`127.0.0.1:${unused}`, `127.0.0.1:${app.port}`, "nothing.invalid:443"].map((connectUrl) =>
      failure(openNgrokAt(peer, { connectUrl })),
    ),
  );
  for (const error of errors) {
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.code).toBe("tunnel.unreachable");
    expect(error.hint).toContain("--public-url <https url>");
  }
  expect(errors[0]?.message).toBe(`the ngrok service at 127.0.0.1:${unused} is unreachable: connection refused`);
  expect(errors[1]?.message).toContain("not a TLS server");
  expect(errors[2]?.message).toMatch(/host name not found|DNS lookup failed/);
});

test.each([
  ["a CA other than the configured one", () => makeCertificates().ca],
  ["ngrok's own CA", () => undefined],
])("a certificate that is not trusted with %s is explained with its issuer", async (_, ca) => {
  const peer = await startPeer();
  const connectCas = ca();
  const { address: connectUrl } = peer;
  const { openNgrok } = await import("../../src/tunnel/ngrok/ngrok.ts");
  const trust = connectCas === undefined ? {} : { connectCas };
  const error = await failure(openNgrok({ port: 9, authtoken: TOKEN, connectUrl, ...trust }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.code).toBe("tunnel.tls");
  expect(error.message).toContain("is not trusted (issued by wa-hook test authority)");
  expect(error.hint).toContain("NGROK_CONNECT_CAS");
});

test.each([
  ["https://connect.example.com", "tunnel.connect-url"],
  ["connect.example.com:https", "tunnel.connect-url"],
])("the address %s is rejected before the SDK is called", async (connectUrl, code) => {
  const error = await failure(openNgrokAt(await startPeer(), { connectUrl }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.code).toBe(code);
});

test.each([
  ["empty", ""],
  ["plain text", "not a certificate"],
  ["invalid", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
])("a CA file that is %s is rejected, where the SDK would abort the process", async (_, connectCas) => {
  const error = await failure(openNgrokAt(await startPeer(), { connectCas }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.code).toBe("tunnel.connect-cas");
  expect(error.hint).toContain("NGROK_CONNECT_CAS");
});

test.each(["tls", "bind"] as const)(
  "a service that does not respond at %s fails after the time limit",
  async (call) => {
    const peer = await startPeer();
    peer.stopResponding(call);
    const started = performance.now();
    const error = await failure(openNgrokAt(peer, { timeoutMs: 200 }));
    expect(performance.now() - started).toBeLessThan(1500);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe(`the ngrok service at ${peer.address} did not respond within 0.2 s`);
  },
);

test("opening a tunnel can be interrupted", async () => {
  const peer = await startPeer();
  peer.stopResponding("bind");
  const stop = new AbortController();
  const interrupted = failure(openNgrokAt(peer, { signal: stop.signal }));
  await expect.poll(() => peer.binds.length, { timeout: 10_000 }).toBe(1);
  stop.abort();
  expect(await interrupted).toBeInstanceOf(InterruptedError);
  expect(await failure(openNgrokAt(peer, { signal: AbortSignal.abort() }))).toBeInstanceOf(InterruptedError);
});
