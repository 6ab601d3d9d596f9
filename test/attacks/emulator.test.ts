/** Attacks on the emulator as a program: by web pages in a browser, by large uploads without a token, by bodies that are made to hurt. */
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseEnv } from "node:util";

import { expect, onTestFinished, test } from "vitest";

import { routes } from "../../src/emulator/routes/index.ts";
import { CAN_MEASURE_MEMORY, peakMemoryOf, reportAttack } from "../support/attacks.ts";
import { APP_SECRET, raw, serve } from "../support/http.ts";
import { portOf, waHook, type Program } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const MB = 1024 * 1024;

interface Running {
  program: Program;
  pid: number;
  port: number;
  env: Readonly<Record<string, string | undefined>>;
}

async function running(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Running> {
  const cwd = temporaryFolder();
  const flags = ["emulate", "--port", "0", "--save-env", "settings", "--no-limits", ...args];
  const program = waHook(flags, { cwd, env });
  const port = await portOf(program);
  return {
    program,
    pid: program.process.pid as number,
    port,
    env: parseEnv(readFileSync(join(cwd, "settings"), "utf8")),
  };
}

/** Milliseconds until an honest message is accepted. */
async function honest({ port, env }: Running): Promise<number> {
  const started = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/v25.0/${env["WHATSAPP_PHONE_NUMBER_ID"]}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${env["WHATSAPP_ACCESS_TOKEN"]}`, "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "16505551234", text: { body: "Hello" } }),
  });
  expect(response.status).toBe(200);
  return performance.now() - started;
}

/** Writes a large body as fast as it is accepted, until the other side has had enough; resolves with what came back. */
async function flood(port: number, head: string, bytes: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let seen = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => (seen += chunk.toString("latin1").slice(0, 200)));
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(head);
  const piece = Buffer.alloc(MB / 4, "x");
  for (let sent = 0; sent < bytes && socket.writable; sent += piece.length) {
    if (socket.write(piece)) continue;
    await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
  }
  socket.end();
  await closed;
  return seen;
}

/** As Chromium sends a no-cors POST or a form of another origin. */
function crossSite(port: number, path: string, type: string, body: string): Promise<string> {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: close",
    `Content-Length: ${body.length}`,
    'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"',
    "sec-ch-ua-mobile: ?0",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    `Content-Type: ${type}`,
    "Accept: */*",
    "Origin: https://example.com",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: no-cors",
    "Sec-Fetch-Dest: empty",
    "Referer: https://example.com/",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: en-US,en;q=0.9",
  ];
  return raw(port, `${head.join("\r\n")}\r\n\r\n${body}`);
}

test("a web page has nothing signed with the app secret", async () => {
  const got: string[] = [];
  const thief = await serve((request, response) => {
    const challenge = new URL(request.url ?? "", "http://thief").searchParams.get("hub.challenge");
    if (challenge === null) got.push(String(request.headers["x-hub-signature-256"]));
    request.resume();
    response.end(challenge ?? "");
  });
  const emulator = await running([], { WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: "test-verify-token" });
  const { port, env } = emulator;
  const waba = env["WHATSAPP_BUSINESS_ACCOUNT_ID"];
  const set = `/v25.0/${waba}/subscribed_apps?access_token=${env["WHATSAPP_ACCESS_TOKEN"]}`;
  const callback = JSON.stringify({ override_callback_uri: thief.url, verify_token: "x" });
  const app = `${env["WHATSAPP_APP_ID"]}|${APP_SECRET}`;
  const subscription = {
    object: "whatsapp_business_account",
    fields: "messages",
    callback_url: thief.url,
    verify_token: "x",
  };
  for (const type of [
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ]) {
    const form = new URLSearchParams({ override_callback_uri: thief.url, verify_token: "x" }).toString();
    expect(await crossSite(port, set, type, type.includes("urlencoded") ? form : callback)).toMatch(/^HTTP\/1\.1 403 /);
    const subscribe = `/v25.0/${env["WHATSAPP_APP_ID"]}/subscriptions?access_token=${encodeURIComponent(app)}`;
    expect(await crossSite(port, subscribe, type, JSON.stringify(subscription))).toMatch(/^HTTP\/1\.1 403 /);
    const message = JSON.stringify({ text: "a text of the page" });
    expect(await crossSite(port, "/_wa-hook/messages", type, message)).toMatch(/^HTTP\/1\.1 403 /);
  }
  const rebound = `GET /_wa-hook/tokens HTTP/1.1\r\nHost: rebound.example.com:${port}\r\nConnection: close\r\n\r\n`;
  expect(await raw(port, rebound)).toMatch(/^HTTP\/1\.1 403 /);
  await honest(emulator);
  expect(got).toEqual([]);
  reportAttack({
    attack: "a web page sets the emulator's callback and writes (3 content types)",
    before: "payloads signed with the app secret",
    after: `12 of 12 requests refused with 403, ${got.length} payloads`,
  });
});

test.runIf(CAN_MEASURE_MEMORY)("uploads without a token take no memory", async () => {
  const emulator = await running();
  const { port, pid, env } = emulator;
  const path = `/v25.0/${env["WHATSAPP_PHONE_NUMBER_ID"]}/media`;
  const framings = [`Content-Length: ${100 * MB}`, "Transfer-Encoding: chunked"];
  const started = performance.now();
  const attacks = Array.from({ length: 20 }, (_, at) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n`;
    const first = at % 2 === 0 ? "" : `${(100 * MB).toString(16)}\r\n`;
    return flood(port, `${head}${framings[at % 2]}\r\n\r\n${first}`, 100 * MB);
  });
  const ms = await honest(emulator);
  const answers = await Promise.all(attacks);
  const took = (performance.now() - started) / 1000;
  expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 401 ")).length).toBeGreaterThanOrEqual(15);
  const peak = peakMemoryOf(pid);
  expect(peak).toBeLessThan(300);
  await honest(emulator);
  reportAttack({
    attack: "20 uploads of 100 MB to the emulator without a token",
    before: "1 561 MB at the peak",
    after: `${peak} MB at the peak, an honest message in ${Math.round(ms)} ms, over in ${took.toFixed(1)} s`,
  });
});

test.runIf(CAN_MEASURE_MEMORY)("uploads with a token share what there is, and media forgets its oldest", async () => {
  const emulator = await running();
  const { port, pid, env } = emulator;
  const path = `/v25.0/${env["WHATSAPP_PHONE_NUMBER_ID"]}/media`;
  const field = `--x\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n`;
  const file = `--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: application/pdf\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(field + file), Buffer.alloc(90 * MB, "x"), Buffer.from("\r\n--x--\r\n")]);
  const upload = async () => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${env["WHATSAPP_ACCESS_TOKEN"]}`,
        "content-type": "multipart/form-data; boundary=x",
      },
      body,
    });
    return { status: response.status, json: (await response.json()) as { error?: { code: number } } };
  };
  const answers = await Promise.all(Array.from({ length: 6 }, upload));
  const refused = answers.filter(({ status }) => status !== 200);
  for (const { status, json } of refused) expect([status, json.error?.code]).toEqual([503, 2]);
  expect(refused.length).toBeLessThan(6);
  const peak = peakMemoryOf(pid);
  expect(peak).toBeLessThan(800);
  await honest(emulator);
  reportAttack({
    attack: "6 uploads of 90 MB at once to the emulator, with its token",
    before: "–",
    after: `${peak} MB at the peak, ${6 - refused.length} accepted, ${refused.length} asked to come again (503)`,
  });
});

test("deep bodies, odd bodies and every route: the emulator lives", async () => {
  const emulator = await running();
  const { port, env } = emulator;
  const ids: Record<string, string | undefined> = {
    phone: env["WHATSAPP_PHONE_NUMBER_ID"],
    waba: env["WHATSAPP_BUSINESS_ACCOUNT_ID"],
    app: env["WHATSAPP_APP_ID"],
    media: "1000000000000000",
    user: "1000000000000001",
    business: "1000000000000002",
    template: "100000000000000",
  };
  const paths = routes.map(
    ({ method, path, node = "phone" }) => [method, path.replace(":id", ids[node] ?? "1000000000000000")] as const,
  );
  const own = ["messages", "fail", "advance", "requests"].map((name) => ["POST", `/_wa-hook/${name}`] as const);
  const deep = (levels: number) => `{"text":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  const bodies: (readonly [string, string])[] = [
    ...[30_000, 250_000, 500_000].map((levels) => ["application/json", deep(levels)] as const),
    ["application/json", `{"a":${'{"a":'.repeat(10_000)}1${"}".repeat(10_001)}`],
    ["application/json", `{"contacts":[${"{},".repeat(20_000)}{}]}`],
    ["application/x-www-form-urlencoded", `text=${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["application/x-www-form-urlencoded", "a&".repeat(30_000)],
    ["multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n".repeat(1200)],
  ];
  const asked = [...paths, ...own].flatMap(([method, path]) =>
    (method === "GET" ? bodies.slice(0, 1) : bodies).flatMap(([type, body]) =>
      ["", `Bearer ${env["WHATSAPP_ACCESS_TOKEN"]}`].map((authorization) => ({
        method,
        path,
        type,
        body,
        authorization,
      })),
    ),
  );
  const started = performance.now();
  const next = asked.values();
  let answered = 0;
  const worker = async () => {
    for (const { method, path, type, body, authorization } of next) {
      const content = method === "GET" ? {} : { body };
      const headers = { "content-type": type, authorization };
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...content });
      expect(status, `${method} ${path} ${body.slice(0, 20)}`).not.toBe(500);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await honest(emulator);
  expect(emulator.program.process.exitCode).toBeNull();
  reportAttack({
    attack: "deep and odd bodies of 60 kB to 1 MB to every route of the emulator",
    before: "the first of 60 kB ended the process",
    after: `${answered} requests answered in ${((performance.now() - started) / 1000).toFixed(1)} s, none with 500`,
  });
});

test("connections that stall are closed, and their descriptors freed", async () => {
  const emulator = await running();
  const open = Array.from({ length: 100 }, (_, at) => {
    const socket = connect({ port: emulator.port, host: "127.0.0.1", allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined);
    // A head that does not end; what is no HTTP; a head that is too large; an answer that nobody reads.
    const parts = [
      "GET / HTTP/1.1\r\nHost:",
      "\u0000\u0001\r\n\r\n",
      `GET / HTTP/1.1\r\nX: ${"x".repeat(70_000)}`,
      "POST /me HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
    ];
    socket.write(parts[at % 3] ?? "");
    return socket;
  });
  const started = performance.now();
  await Promise.all(open.map((socket) => text(socket).catch(() => "")));
  const after = descriptorsOf(emulator.pid);
  await honest(emulator);
  expect(after).toBeLessThan(60);
  reportAttack({
    attack: "100 connections to the emulator that stall and never close",
    before: "–",
    after: `${after} descriptors left after ${((performance.now() - started) / 1000).toFixed(1)} s`,
  });
});

function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
