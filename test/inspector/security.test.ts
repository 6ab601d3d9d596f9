/** What the page's server refuses: other web pages, wrong tokens, bodies and names from outside. */
import { existsSync, readdirSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { TOKEN_HEADER, type Problem } from "../../src/inspector/api.ts";
import { post, raw, wireOf } from "../support/http.ts";
import { HOSTILE } from "./hostile-names.ts";
import { openEvents, stage } from "./stage.ts";

const quiet = { reply: () => undefined };

async function page() {
  const found = await stage(quiet);
  const port = Number(new URL(found.url).port);
  const send = (head: string, body = "") =>
    raw(port, `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
  return { ...found, port, send };
}

test.each([
  ["a DNS name that was rebound", "Host: rebind.example:4400"],
  ["a name that ends with localhost", "Host: evil-localhost"],
  ["a name with a trailing dot", "Host: localhost."],
  ["this machine's name in a foreign domain", "Host: 127.0.0.1.rebind.example"],
  ["no host", ""],
  ["a foreign origin", "Host: 127.0.0.1\r\nOrigin: https://evil.example"],
  ["an app on another port", "Host: 127.0.0.1:4400\r\nOrigin: http://127.0.0.1:3000"],
  ["an origin that is null", "Host: 127.0.0.1\r\nOrigin: null"],
  ["another site", "Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site"],
  ["another port of the same site", "Host: 127.0.0.1\r\nSec-Fetch-Site: same-site"],
])("neither page nor API nor token is given to a request from %s", async (_, headers) => {
  const { send, token } = await page();
  for (const path of ["/", "/api/state", "/api/deliveries", "/api/events"]) {
    const response = await send(`GET ${path} HTTP/1.1\r\n${headers}`);
    expect(response).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(response).not.toContain(token);
  }
});

test("the page itself, typed as an address, comes with its policy and is not kept", async () => {
  const { send, token } = await page();
  const response = await send("GET / HTTP/1.1\r\nHost: localhost:4400\r\nSec-Fetch-Site: none");
  expect(response).toMatch(/^HTTP\/1\.1 200 /);
  expect(response).toContain(
    "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
      "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n",
  );
  for (const header of ["cache-control: no-store", "x-content-type-options: nosniff", "referrer-policy: no-referrer"]) {
    expect(response).toContain(`${header}\r\n`);
  }
  expect(response).toContain(`<meta name="wa-hook-token" content="${token}">`);
  expect(token).toMatch(/^[\w-]{43}$/);
});

test("each start has its own token", async () => {
  const [one, other] = [await page(), await page()];
  expect(one.token).not.toBe(other.token);
});

const CHANGES = [
  ["POST", "/api/customer/messages", '{"message":"hi"}'],
  ["POST", "/api/customer/actions", '{"action":"call"}'],
  ["POST", "/api/deliveries/1/replay", "{}"],
  ["POST", "/api/deliveries/1/secret", '{"secret":"x"}'],
  ["PUT", "/api/deliveries/1/note", '{"pinned":true}'],
  ["PUT", "/api/emulator", '{"advanceMs":1}'],
  ["PUT", "/api/stand-in", '{"status":200,"body":"","delayMs":0}'],
  ["PUT", "/api/scenarios/a", '{"steps":[]}'],
  ["DELETE", "/api/scenarios/a", ""],
  ["POST", "/api/scenarios/a/play", ""],
] as const;

test.each(CHANGES)("%s %s needs the token, and the right one", async (method, path, body) => {
  const { send, token, listener, emulator } = await page();
  await post(listener.url, wireOf("text"));
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json`;
  for (const given of [
    "",
    `\r\n${TOKEN_HEADER}: `,
    `\r\n${TOKEN_HEADER}: ${token}x`,
    `\r\n${TOKEN_HEADER}: ${"ä".repeat(43)}`,
  ]) {
    const response = await send(head + given, body);
    expect(response).toMatch(/^HTTP\/1\.1 403 /);
    expect(response).toContain("x-wa-hook-token");
  }
  expect(emulator.received).toEqual([]);
});

test("a form of another page cannot act: it has neither token nor content type, and its origin is refused", async () => {
  const { send, token } = await page();
  const head = "POST /api/customer/messages HTTP/1.1\r\nHost: 127.0.0.1";
  const form = `${head}\r\nContent-Type: text/plain\r\n${TOKEN_HEADER}: ${token}`;
  expect(await send(form, '{"message":"hi"}')).toMatch(/^HTTP\/1\.1 415 /);
  expect(await send(`${form}\r\nOrigin: https://evil.example`, "{}")).toMatch(/^HTTP\/1\.1 403 /);
  const preflight = "OPTIONS /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\nAccess-Control-Request-Method: PUT";
  const answer = await send(preflight);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer.toLowerCase()).not.toContain("access-control-allow");
});

test("bodies are limited: 1 MB, and 4 MB for an edited delivery", async () => {
  const { ask, listener, next } = await page();
  await post(listener.url, wireOf("text"));
  await next("forwarded");
  const large = "x".repeat(1_100_000);
  const refused = await ask("/api/customer/messages", { json: { message: large } });
  expect([refused.status, refused.json]).toEqual([413, { error: "the body is larger than 1 MB" } satisfies Problem]);
  const payload = JSON.stringify({ entry: [{ changes: [{ value: {} }], large }] });
  expect((await ask("/api/deliveries/1/replay", { json: { json: payload } })).json.status).toBe(200);
  expect((await ask("/api/deliveries/1/replay", { json: { json: "x".repeat(4_300_000) } })).status).toBe(413);
});

test("bodies that are no JSON, cut off or nested too deeply are refused", async () => {
  const { send, token, ask } = await page();
  const head = `POST /api/customer/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${TOKEN_HEADER}: ${token}`;
  const deep = `{"message":{"type":"text","text":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;
  for (const body of ["{", "", "null", "[]", '"x"', deep]) expect(await send(head, body)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await ask("/api/state")).status).toBe(200);
});

test.each(HOSTILE)("a path to other files is not found: %s", async (name) => {
  const { send, cwd } = await page();
  for (const path of [`/${name}`, `/page/${name}`, `/api/media/${name}`, `/api/deliveries/${name}`]) {
    const response = await send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1`);
    expect(response).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(response).not.toMatch(/root:|"devDependencies"/);
  }
  expect(existsSync(join(cwd, ".wa-hook"))).toBe(false);
});

test.each(HOSTILE)("a scenario's name is no path: %s", async (name) => {
  const { ask, cwd } = await page();
  const path = `/api/scenarios/${encodeURIComponent(decodeURIComponent(name))}`;
  expect((await ask(path, { method: "PUT", json: { steps: [] } })).status).toBeGreaterThanOrEqual(400);
  expect((await ask(path, { method: "DELETE" })).status).toBeGreaterThanOrEqual(400);
  expect(readdirSync(cwd).filter((file) => !file.startsWith("events.db"))).toEqual([]);
});

const SCRIPT = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>\u202eexe.\u0000\u2028`;

test("text from outside is JSON in every answer, never HTML", async () => {
  const { ask, listener, url, next } = await page();
  const payload = JSON.parse(wireOf("text").toString());
  const { value } = payload.entry[0].changes[0];
  value.contacts[0].profile.name = SCRIPT;
  value.messages[0].text.body = SCRIPT;
  value.messages[0].id = `wamid.${SCRIPT}`;
  await post(listener.url, JSON.stringify(payload));
  await next("forwarded");
  await ask("/api/deliveries/1/note", { method: "PUT", json: { note: SCRIPT } });
  const paths = [
    "deliveries",
    "deliveries/1",
    "conversations",
    `conversations/${value.messages[0].from}`,
    "state",
    "timeline",
  ];
  for (const path of [
    ...paths,
    `deliveries?kind=${encodeURIComponent(SCRIPT)}`,
    `scenarios/${encodeURIComponent(SCRIPT)}`,
  ]) {
    const response = await fetch(`${url}/api/${path}`);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    await response.json();
  }
  const lines = (await ask(`/api/conversations/${value.messages[0].from}`)).json.bubbles[0].lines;
  expect(lines.join("\n")).toBe(SCRIPT);
  const missing = await fetch(`${url}/${encodeURIComponent(SCRIPT)}`);
  expect(missing.headers.get("content-type")).toBe("text/plain; charset=utf-8");
});

test("32 pages can listen, further ones are refused, and one that leaves makes room", async () => {
  const { inspector } = await page();
  const open = Array.from({ length: 50 }, () => openEvents(inspector));
  const responses = await Promise.all(open.map(({ opened }) => opened));
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(32);
  expect(responses.filter(({ status }) => status === 503)).toHaveLength(18);
  open[responses.findIndex(({ status }) => status === 200)]?.close();
  for (;;) {
    const again = openEvents(inspector);
    if ((await again.opened).status === 200) break;
    again.close();
  }
});

test("a page that does not read loses events and is told so, and takes no memory meanwhile", async () => {
  const { inspector, port } = await page();
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  const fast = openEvents(inspector);
  await fast.opened;
  let seen = "";
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const line = "x".repeat(10_000);
  const event = { type: "output", at: 0, line, stream: "stdout" } as const;
  for (let index = 0; index < 2000; index++) {
    inspector.emit({ source: "app", event });
    await fast.next();
  }
  let received = 0;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
    seen = (seen + chunk.toString("latin1")).slice(-20_000);
  });
  socket.resume();
  while (!seen.includes('data: {"source":"lost"}')) await new Promise((resolve) => socket.once("data", resolve));
  // What the buffers of the system held, of 20 MB.
  expect(received).toBeLessThan(14 * 1024 * 1024);
});

test("metrics and health are for programs, without a token", async () => {
  const { url } = await page();
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
});

test("a request with a large head or a slow body does not hold others up", async () => {
  const { port, ask, token } = await page();
  const slow = httpRequest({ port, host: "127.0.0.1", method: "POST", path: "/api/customer/messages" });
  onTestFinished(() => void slow.destroy());
  slow.on("error", () => {});
  slow.setHeader("content-type", "application/json").setHeader(TOKEN_HEADER, token).setHeader("content-length", 100);
  slow.write("{");
  expect(await raw(port, `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)).toMatch(
    /^(HTTP\/1\.1 431 |$)/,
  );
  expect((await ask("/api/state")).status).toBe(200);
});
