/** No request ends the emulator, and everything that it stores is bounded. */
import { connect } from "node:net";

import { describe, expect, onTestFinished, test } from "vitest";

import { Clock } from "../../src/emulator/clock.ts";
import { Ids } from "../../src/emulator/ids.ts";
import { Log } from "../../src/emulator/log.ts";
import { MediaStore } from "../../src/emulator/messaging/media-store.ts";
import { raw, serve } from "../support/http.ts";
import { AT_ONCE, startTestEmulator, hello, QUIET, upload, type Emulated } from "./test-emulator.ts";

const deep = (levels: number, open = "[", close = "]") => `${open.repeat(levels)}1${close.repeat(levels)}`;
const deepObject = (levels: number) => deep(levels, '{"a":', "}");
const part = (name: string, value: string, more = "") =>
  `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

/** Deep, large and malformed bodies, each with its content type. */
const BODIES: readonly (readonly [string, string])[] = [
  ...[
    "",
    "{",
    "null",
    "[]",
    '"',
    "{}",
    '{"__proto__":{"a":1},"constructor":1}',
    "\u0000\u00ff",
    '{"to":"\\ud800"}',
  ].map((body) => ["application/json", body] as const),
  ...[100, 10_000, 30_000].map((levels) => ["application/json", `{"text":${deep(levels)}}`] as const),
  ["application/json", `{"a":${deepObject(10_000)}}`],
  ["application/json", `{"webhook_configuration":${JSON.stringify(deep(30_000))}}`],
  ["application/json", `{"components":[${"{},".repeat(15_000)}{}]}`],
  ["application/json", `{"type":"${"x".repeat(60_000)}","to":[],"messaging_product":{}}`],
  ["application/x-www-form-urlencoded", "&".repeat(60_000)],
  ["application/x-www-form-urlencoded", `messaging_product=whatsapp&text=${deep(25_000)}`],
  ["application/x-www-form-urlencoded", "%=%zz&a[]=1&__proto__=2&to=%00%ff"],
  ["multipart/form-data", "--x--"],
  ["multipart/form-data; boundary=x", `${part("a", "b").repeat(500)}--x--`],
  ["multipart/form-data; boundary=x", `${part("text", deep(25_000))}--x--`],
  ["multipart/form-data; boundary=x", "--x\r\n\r\n\r\n--x--"],
  ["multipart/form-data; boundary=x", `${part("file", "x", '; filename="\\')}--x`],
  ['multipart/form-data; boundary="', "--x"],
  ["text/plain", deep(30_000)],
];

const URLS = [
  "/",
  "//",
  "///..//../",
  "/%",
  "/%00%ff",
  "/v25.0/%zz?%=%",
  "http://example.com/v25.0/me",
  "/v999999999999999.0/me",
  `/${"a/".repeat(4000)}`,
  `/me?${"a=1&".repeat(3000)}`,
  `/me?fields=${"{".repeat(10_000)}`,
  "/me?__proto__=1&access_token=a&access_token=b",
  "/me?größe=\u00ff",
  "*",
  "/_wa-hook/",
  "/_wa-hook/%2e%2e/",
];

/** Checks that the emulator still works. */
async function works({ ask, send }: Emulated): Promise<boolean> {
  return (await send()).status === 200 && (await ask("/_wa-hook", { token: null })).status === 200;
}

test.each(["with the account's token", "with none"])("every malformed body gets a response, %s", async (who) => {
  const stage = await startTestEmulator({ ...QUIET, statuses: AT_ONCE });
  const { phoneNumberId, businessAccountId, appId, accessToken } = stage.emulator.account;
  const targets = [
    ...["messages", "media", "register"].map((edge) => `/${phoneNumberId}/${edge}`),
    ...["message_templates", "subscribed_apps"].map((edge) => `/${businessAccountId}/${edge}`),
    `/${phoneNumberId}`,
    `/${appId}/subscriptions`,
    "/oauth/access_token",
    "/no/such/path",
    ...["messages", "fail", "advance"].map((name) => `/_wa-hook/${name}`),
  ];
  const authorization: Record<string, string> = who === "with none" ? {} : { authorization: `Bearer ${accessToken}` };
  for (const target of targets) {
    const asked = BODIES.map(async ([type, body]) => {
      const headers = { "content-type": type, ...authorization };
      const { status } = await stage.ask(target, { method: "POST", token: null, body, headers });
      return [type, body.slice(0, 40), status];
    });
    const answered = await Promise.all(asked);
    expect(
      answered.filter(([, , status]) => status === 500),
      target,
    ).toEqual([]);
  }
  stage.emulator.reset();
  expect(await works(stage)).toBe(true);
});

test("malformed paths, malformed headers and truncated requests have no effect", async () => {
  const stage = await startTestEmulator();
  const { port, account } = stage.emulator;
  const host = `Host: 127.0.0.1:${port}\r\nConnection: close\r\n`;
  for (const url of URLS) {
    for (const method of ["GET", "POST"]) {
      const answered = await raw(port, Buffer.from(`${method} ${url} HTTP/1.1\r\n${host}\r\n`, "latin1"));
      // Node.js closes the connection for an invalid URL.
      expect(answered, url.slice(0, 50)).toMatch(/^(HTTP\/1\.1 (4\d\d|200) |$)/);
    }
  }
  const odd = [
    "Authorization: Bearer \u00ff\u00fe\r\n",
    `Authorization: Bearer ${" ".repeat(8000)}x\r\n`,
    "Authorization: OAuth\r\n",
    "Content-Length: 9999999999999999\r\n",
    "Content-Length: -1\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    "Transfer-Encoding: gzip\r\n",
    "Content-Type: \u00e4\u0001\r\n",
    "Expect: 100-continue\r\nContent-Length: 99999999\r\n",
    "Expect: something\r\n",
    "Upgrade: websocket\r\nConnection: Upgrade\r\n",
  ];
  const path = `/v25.0/${account.phoneNumberId}`;
  for (const header of odd) {
    const request = `POST ${path}/messages HTTP/1.1\r\n${host}${header}\r\n`;
    expect(await raw(port, Buffer.from(request, "latin1")), header).toMatch(/^(HTTP\/1\.1 [45]\d\d |$)/);
  }
  const cut = `POST ${path}/media HTTP/1.1\r\n${host}Authorization: Bearer ${account.accessToken}\r\nContent-Length: 50000000\r\n\r\nabc`;
  for (let at = 10; at < cut.length; at += 20) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise<void>((resolve) => socket.write(cut.slice(0, at), () => resolve()));
    socket.resetAndDestroy();
  }
  expect(await works(stage)).toBe(true);
});

describe("before the body is read", () => {
  /** The response when only the head of a large upload was sent. */
  async function answerTo(stage: Emulated, authorization: string, path = "media"): Promise<string> {
    const { port, account } = stage.emulator;
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const head = `POST /v25.0/${account.phoneNumberId}/${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${authorization}`;
    socket.write(`${head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 90000000\r\n\r\n--x\r\n`);
    return new Promise((resolve) => socket.once("data", (bytes) => resolve(bytes.toString())));
  }

  test("a missing, invalid or unauthorized token gets an error", async () => {
    const stage = await startTestEmulator();
    const { tokens } = stage.emulator;
    expect(await answerTo(stage, "")).toMatch(/^HTTP\/1\.1 401 [^]*"code":104/);
    expect(await answerTo(stage, "Authorization: Bearer EAAGno\r\n")).toMatch(/^HTTP\/1\.1 401 [^]*"code":190/);
    expect(await answerTo(stage, `Authorization: Bearer ${tokens.expired}\r\n`)).toMatch(/"code":190/);
    expect(await answerTo(stage, `Authorization: Bearer ${tokens.noMessagingScope}\r\n`)).toMatch(/"code":200/);
    expect(await answerTo(stage, `Authorization: Bearer ${tokens.otherBusiness}\r\n`)).toMatch(/"error_subcode":33/);
    expect(await answerTo(stage, "", "nothing")).toMatch(/"code":2500/);
    const permanent = `Authorization: Bearer ${tokens.permanent}\r\n`;
    expect(await answerTo(stage, permanent, "register")).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a client that keeps sending still receives the response", async () => {
    const { emulator } = await startTestEmulator();
    const body = Buffer.alloc(30 * 1024 * 1024);
    const headers = { authorization: "Bearer EAAGno", "content-type": "multipart/form-data; boundary=x" };
    const url = `${emulator.url}/${emulator.account.phoneNumberId}/media`;
    expect((await fetch(url, { method: "POST", body, headers })).status).toBe(401);
  });

  test("100 Continue is sent only for a valid token", async () => {
    const { emulator } = await startTestEmulator();
    const { port, account } = emulator;
    const form = `${part("messaging_product", "whatsapp")}--x--`;
    const ask = (token: string) => {
      const head = `POST /${account.phoneNumberId}/media HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n`;
      const type = "Content-Type: multipart/form-data; boundary=x";
      return raw(
        port,
        `${head}Authorization: Bearer ${token}\r\n${type}\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
      );
    };
    expect(await ask(account.accessToken)).toMatch(/^HTTP\/1\.1 100 Continue[^]*The parameter file is required/);
    expect(await ask("EAAGno")).toMatch(/^HTTP\/1\.1 401 /);
  });
});

test("a token in the body is accepted for small bodies", async () => {
  const { emulator, ask } = await startTestEmulator();
  const { accessToken, phoneNumberId } = emulator.account;
  const json = { ...hello(emulator), access_token: accessToken };
  expect((await ask(`/${phoneNumberId}/messages`, { token: null, json })).status).toBe(200);
  const large = { ...json, text: { body: "x".repeat(70_000) } };
  expect((await ask(`/${phoneNumberId}/messages`, { token: null, json: large })).json.error).toMatchObject({
    code: 104,
    error_data: { details: expect.stringContaining("Authorization header") },
  });
});

describe("limits apply to", () => {
  test("logged requests, by size", () => {
    const log = new Log();
    const request = { method: "POST", path: "/", version: "v25.0", query: {}, status: 200 };
    for (let at = 0; at < 500; at++) log.request({ at, ...request }, 64 * 1024);
    expect(log.requests.map(({ at }) => at)).toEqual(Array.from({ length: 64 }, (_, at) => 436 + at));
    log.request({ at: 500, ...request }, 0);
    expect(log.requests).toHaveLength(65);
  });

  test("unread events", async () => {
    const log = new Log();
    const events = log.events();
    for (let at = 0; at < 25_000; at++) log.emit({ type: "warning", at, message: "" });
    log.end();
    const seen = [];
    for await (const { at } of events) seen.push(at);
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([10_000, 15_000, 24_999]);
  });

  test("small files, by number, without the buffer of the form", async () => {
    const mediaStore = new MediaStore("a seed", new Clock(true), new Ids("a seed"));
    const ids = Array.from({ length: 10_001 }, () => mediaStore.add(Buffer.from("x"), "text/plain", "uploaded").id);
    expect([mediaStore.get(ids[0] as string), mediaStore.get(ids[1] as string)?.mime]).toEqual([
      undefined,
      "text/plain",
    ]);
  });

  test("profile names, failures and the clock", async () => {
    const { emulator } = await startTestEmulator();
    await expect(emulator.receive("Hello", { name: "x".repeat(101) })).rejects.toThrow("100 characters");
    for (let armed = 0; armed < 100; armed++) emulator.fail({ code: 1, every: 1000 });
    expect(() => emulator.fail({ code: 1 })).toThrow("100 failures are already active");
    for (const ms of [Infinity, 1e300, 8.64e15]) expect(() => emulator.advance(ms)).toThrow("9999");
  });
});

test("a message that cannot be encoded as JSON is rejected immediately", async () => {
  const { emulator } = await startTestEmulator({ ...QUIET, webhook: "http://127.0.0.1:9/webhook", retryMs: [] });
  const circle: Record<string, unknown> = { type: "new-type" };
  circle["self"] = circle;
  await expect(emulator.receive(circle)).rejects.toThrow(TypeError);
  await expect(emulator.receive({ type: "new-type", big: 1n })).rejects.toThrow("BigInt");
  await emulator.settled();
});

test("forms of browsers and programs are parsed, and files keep their bytes", async () => {
  const stage = await startTestEmulator();
  const bytes = Buffer.from("\r\n--\r\n--xy\r\n\u0000\u00ff--x", "latin1");
  const { json } = await upload(stage, new File([bytes], 'a "b".txt', { type: "text/plain" }));
  const { url } = (await stage.ask(`/${json.id}`)).json;
  const authorization = `Bearer ${stage.emulator.account.accessToken}`;
  const got = await fetch(url, { headers: { authorization } });
  expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
  const own = `preamble\r\n${part("messaging_product", "whatsapp")}--x\r\ncontent-disposition: form-data; filename=a; name=file\r\nContent-type: text/plain\r\n\r\n${bytes.toString("latin1").replaceAll("--x", "--y")}\r\n--x--\r\nepilogue`;
  const headers = { "content-type": 'multipart/form-data; charset=utf-8; boundary="x"' };
  const again = await stage.ask(`/${stage.emulator.account.phoneNumberId}/media`, { body: own, headers });
  expect(again.json).toEqual({ id: expect.any(String) });
});

test("a webhook response that never ends is aborted", async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(timer)).on("error", () => undefined);
  });
  const { openPoster } = await import("../../src/http/post.ts");
  const poster = await openPoster(new URL(url), 1, 200);
  onTestFinished(() => poster.close());
  expect(await poster.post({ headers: [], body: Buffer.from("{}") })).toMatchObject({ status: 200 });
});
