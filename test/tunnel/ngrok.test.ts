/** Requests through ngrok's SDK, and openings that go wrong. */
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
import { echo, opened, opening, peered, TOKEN } from "./opening.ts";

test("a request arrives as it was sent, byte for byte, and so does the answer", async () => {
  const [peer, app] = [await peered(), await echo()];
  const { tunnel } = await opened(peer, { port: app.port });
  expect(tunnel.url).toBe(peer.publicUrl);
  expect(tunnel.provider).toBe("ngrok");
  const body = Buffer.from('{"text":"Gr\\u00fc\\u00dfe \\ud83d\\udc4b\\/"}\r\n\0\u00ff', "latin1");
  const headers = { "content-type": "application/json", "x-hub-signature-256": "sha256=00" };
  const answer = await fetch(`${peer.publicUrl}/webhook?a=%20b+c`, { method: "POST", body, headers });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(body);
  expect(app.requests[0]).toMatchObject({ method: "POST", url: "/webhook?a=%20b+c", body, headers });
  const got = await fetch(`${peer.publicUrl}/webhook?hub.mode=subscribe&hub.challenge=1`);
  expect(got.status).toBe(200);
  expect(app.requests[1]).toMatchObject({ method: "GET", url: "/webhook?hub.mode=subscribe&hub.challenge=1" });
});

test("5 MB go through both ways", async () => {
  const [peer, app] = [await peered(), await echo()];
  await opened(peer, { port: app.port });
  const body = randomBytes(5 * 1024 * 1024);
  const answer = await fetch(peer.publicUrl, { method: "POST", body });
  expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
});

test("100 requests at once all get their own answers", async () => {
  const [peer, app] = [await peered(), await echo()];
  await opened(peer, { port: app.port });
  const bodies = Array.from({ length: 100 }, (_, index) => `request ${index}`);
  const answers = await Promise.all(
    bodies.map(async (body) => (await fetch(peer.publicUrl, { method: "POST", body })).text()),
  );
  expect(answers).toEqual(bodies);
});

test("ngrok learns who we are, and no more of us than it must", async () => {
  const peer = await peered({ url: "https://fox-able.ngrok-free.dev" });
  const { tunnel } = await opened(peer, { domain: "shop.ngrok.app", host: "0.0.0.0", port: 8000 });
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

test("closing takes the endpoint away and can be done twice", async () => {
  const [peer, app] = [await peered(), await echo()];
  const { tunnel, ended } = await opened(peer, { port: app.port });
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
  ["auth", "ERR_NGROK_105", CredentialsError, /does not look like an authtoken/, /NGROK_AUTHTOKEN/],
  ["auth", "ERR_NGROK_107", CredentialsError, /reset or revoked/, /your-authtoken/],
  ["auth", "ERR_NGROK_4018", CredentialsError, /a token is needed/, /free account/],
  ["auth", "ERR_NGROK_123", CredentialsError, /e-mail address/, /verify it/],
  ["auth", "ERR_NGROK_108", UnavailableError, /as many agents as it may/, /--tunnel cloudflared/],
  ["auth", "ERR_NGROK_121", UsageError, /too old/, /update wa-hook/],
  ["bind", "ERR_NGROK_320", UsageError, /another account/, /leave --domain away/],
  ["bind", "ERR_NGROK_326", UsageError, /character/, /bare name/],
  ["bind", "ERR_NGROK_334", UnavailableError, /already online/, /end the other/],
  ["bind", "ERR_NGROK_727", UnavailableError, /requests of this month/, /billing/],
  ["bind", "ERR_NGROK_999", UnavailableError, /The test says no \(ERR_NGROK_999\)/, /err_ngrok_999/],
] as const)("%s refused with %s is explained", async (call, code, Class, message, hint) => {
  const peer = await peered();
  peer.refuse({ [call]: code });
  const error = await failure(opening(peer, { timing: { startTakeoverMs: 100 } }));
  expect(error).toBeInstanceOf(Class);
  expect(error.code).toBe(`tunnel.${code.toLowerCase().replaceAll("_", "-")}`);
  expect(error.message).toMatch(message);
  expect(error.message).toContain(code);
  expect(error.hint).toMatch(hint);
  expect(error.about.join("\n")).toContain(`https://ngrok.com/docs/errors/${code.toLowerCase()}`);
  expect(error.facts).toEqual({ ngrok: code });
});

test("words without a code are passed on", async () => {
  const peer = await peered();
  peer.refuse({ bind: "The moon is in the wrong phase." });
  const error = await failure(opening(peer));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe("ngrok opened no tunnel: The moon is in the wrong phase");
});

test("a refused token is not in the error, though ngrok repeats it", async () => {
  const peer = await peered();
  peer.refuse({ auth: `Your authtoken: ${TOKEN} is bad.\r\n\r\nERR_NGROK_105\r\n` });
  const error = await failure(opening(peer));
  expect(JSON.stringify([error.message, error.hint, error.about, error.facts])).not.toContain(TOKEN);
  expect(error.about[0]).toBe("ngrok says: Your authtoken: … is bad");
});

test("a URL that another agent is about to let go of is waited for", async () => {
  const peer = await peered();
  peer.refuse({ bind: "ERR_NGROK_334", times: 2 });
  await opened(peer, { timing: { retryMs: 20 } });
  expect(peer.binds.length).toBe(3);
});

test("nobody at the address, no TLS there, and no such name are told apart", async () => {
  const [peer, app, nobody] = [await peered(), await echo(), await freePort()];
  const errors = await Promise.all(
    [`127.0.0.1:${nobody}`, `127.0.0.1:${app.port}`, "nothing.invalid:443"].map((connectUrl) =>
      failure(opening(peer, { connectUrl })),
    ),
  );
  for (const error of errors) {
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.code).toBe("tunnel.unreachable");
    expect(error.hint).toContain("--public-url <https url>");
  }
  expect(errors[0]?.message).toBe(`ngrok's service at 127.0.0.1:${nobody} cannot be reached: nobody listens there`);
  expect(errors[1]?.message).toContain("what listens there speaks no TLS");
  expect(errors[2]?.message).toMatch(/no such name is known|names cannot be looked up just now/);
});

test.each([
  ["another authority than the one given", () => makeCertificates().ca],
  ["ngrok's own trust", () => undefined],
])("a certificate that is not trusted by %s is explained with its signer", async (_, ca) => {
  const peer = await peered();
  const connectCas = ca();
  const { address: connectUrl } = peer;
  const { openNgrok } = await import("../../src/tunnel/ngrok/ngrok.ts");
  const trust = connectCas === undefined ? {} : { connectCas };
  const error = await failure(openNgrok({ port: 9, authtoken: TOKEN, connectUrl, ...trust }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.code).toBe("tunnel.tls");
  expect(error.message).toContain("is not trusted, signed by wa-hook test authority");
  expect(error.hint).toContain("NGROK_CONNECT_CAS");
});

test.each([
  ["https://connect.example.com", "tunnel.connect-url"],
  ["connect.example.com:https", "tunnel.connect-url"],
])("the address %s is refused before anything is asked", async (connectUrl, code) => {
  const error = await failure(opening(await peered(), { connectUrl }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.code).toBe(code);
});

test.each([
  ["nothing", ""],
  ["words", "not a certificate"],
  ["a broken one", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
])("certificates to trust that are %s are refused, where the SDK would end the process", async (_, connectCas) => {
  const error = await failure(opening(await peered(), { connectCas }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.code).toBe("tunnel.connect-cas");
  expect(error.hint).toContain("NGROK_CONNECT_CAS");
});

test.each(["tls", "bind"] as const)("a service that is silent at %s is given up in time", async (silence) => {
  const peer = await peered();
  peer.silence(silence);
  const started = performance.now();
  const error = await failure(opening(peer, { timeoutMs: 200 }));
  expect(performance.now() - started).toBeLessThan(1500);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe(`ngrok's service at ${peer.address} did not answer within 0.2 s`);
});

test("an opening can be stopped", async () => {
  const peer = await peered();
  peer.silence("bind");
  const stop = new AbortController();
  const opened = failure(opening(peer, { signal: stop.signal }));
  await expect.poll(() => peer.binds.length, { timeout: 10_000 }).toBe(1);
  stop.abort();
  expect(await opened).toBeInstanceOf(InterruptedError);
  expect(await failure(opening(peer, { signal: AbortSignal.abort() }))).toBeInstanceOf(InterruptedError);
});
