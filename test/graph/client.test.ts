import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { CredentialsError, InterruptedError, RejectedError, UnavailableError, WaHookError } from "../../src/errors.ts";
import { Graph, type GraphOptions } from "../../src/graph/client.ts";
import { isMeta } from "../../src/graph/meta-hosts.ts";
import { appSecretProof } from "../../src/graph/proof.ts";
import { serve } from "../support/http.ts";

const TOKEN = "EAAGFakeTokenOfATestThatIsLongEnoughToBeMasked0123456789";

function graphAt(port: number, options: Partial<GraphOptions> = {}): Graph {
  const graph = new Graph({ url: `http://127.0.0.1:${port}`, version: "v25.0", accessToken: TOKEN, ...options });
  onTestFinished(() => graph.close());
  return graph;
}

/** A server that answers the first request with raw bytes. */
async function rawServer(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const failure = async (asked: Promise<unknown>): Promise<WaHookError> => {
  const error: unknown = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WaHookError);
  return error as WaHookError;
};

test("a request has the token, the version, the JSON body and the proof of the app secret", async () => {
  let seen: unknown;
  const { port } = await serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen = {
        url: request.url,
        authorization: request.headers.authorization,
        agent: request.headers["user-agent"],
        body,
      };
      response.setHeader("x-app-usage", '{"call_count":12,"total_cputime":85,"total_time":3}');
      response.end('{"success":true}');
    });
  });
  const answer = await graphAt(port, { appSecret: "fake-secret" }).request({
    method: "POST",
    path: "1/messages",
    query: { fields: "id,name", absent: undefined },
    json: { to: "+16505551234" },
  });
  expect(answer).toMatchObject({ status: 200, body: { success: true }, usage: { percent: 85 } });
  expect(answer.date).toBeGreaterThan(0);
  expect(seen).toEqual({
    url: `/v25.0/1/messages?fields=id%2Cname&appsecret_proof=${appSecretProof(TOKEN, "fake-secret")}`,
    authorization: `Bearer ${TOKEN}`,
    agent: "wa-hook",
    body: '{"to":"+16505551234"}',
  });
});

test("the proof is 64 hex digits that depend on the secret", () => {
  expect(appSecretProof("token", "fake-secret")).toMatch(/^[0-9a-f]{64}$/);
  expect(appSecretProof("token", "fake-secret")).not.toBe(appSecretProof("token", "fake-secret2"));
});

test("an error response is parsed completely, and the error has its details and its delay", async () => {
  const { port } = await serve((_, response) => {
    response.writeHead(400, { "retry-after": "7" });
    const error = {
      message: "(#130429) Rate limit hit",
      type: "OAuthException",
      code: 130429,
      error_data: { messaging_product: "whatsapp", details: "Too many messages." },
      error_subcode: 2494055,
      is_transient: true,
      error_user_title: "Slow down",
      error_user_msg: `Not with ${TOKEN}`,
      fbtrace_id: "AbCdEf",
    };
    response.end(JSON.stringify({ error }));
  });
  const error = await failure(graphAt(port).request({ path: "1" }));
  expect(error).toBeInstanceOf(RejectedError);
  expect(error.message).toBe("Meta rejected the request: (#130429/2494055) Rate limit hit");
  expect(error.facts).toMatchObject({
    retryAfter: 7,
    meta: { code: 130429, subcode: 2494055, transient: true, fbtrace_id: "AbCdEf" },
  });
  expect(error.about).toContain("Details: Too many messages.");
  expect(error.about).toContain("Details: Slow down: Not with …");
  expect(error.about.join(" ")).toContain("in 7 s");
  expect(JSON.stringify([error.message, error.about, error.facts])).not.toContain(TOKEN);
});

test.each([
  [
    "an expired token",
    401,
    { code: 190, error_subcode: 463, message: "Error validating access token: Session has expired" },
  ],
  ["a missing permission", 403, { code: 200, message: "(#200) Provide valid app ID" }],
])("%s is a CredentialsError", async (_, status, error) => {
  const { port } = await serve((_, response) => response.writeHead(status).end(JSON.stringify({ error })));
  expect(await failure(graphAt(port).request({ path: "1" }))).toBeInstanceOf(CredentialsError);
});

test.each<[string, (socket: Socket) => void, string, string]>([
  [
    "a web page",
    (s) => s.end("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"),
    "graph.html",
    "502",
  ],
  ["an empty body", (s) => s.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "graph.empty", "200"],
  [
    "a truncated body",
    (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"messages":['),
    "graph.unreachable",
    "closed the connection",
  ],
  [
    "truncated JSON",
    (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"messages":['),
    "graph.unreadable",
    "200",
  ],
  [
    "a redirect",
    (s) => s.end("HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n"),
    "graph.redirect",
    "example.com",
  ],
  [
    "a JSON without an error",
    (s) => s.end('HTTP/1.1 503 No\r\nContent-Length: 15\r\n\r\n{"status":"no"}'),
    "graph.unreadable",
    "503",
  ],
  ["no bytes at all", (s) => s.destroy(), "graph.unreachable", "closed the connection"],
  ["another protocol than HTTP", (s) => s.end("220 mail.example.com ESMTP\r\n"), "graph.unreachable", "is not HTTP"],
  [
    "oversized headers",
    (s) => s.end(`HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(100_000)}\r\n\r\n`),
    "graph.unreachable",
    "failed: Headers Overflow Error",
  ],
])("a response with %s becomes an UnavailableError with a hint", async (_, answer, code, words) => {
  const port = await rawServer(answer);
  const error = await failure(graphAt(port).request({ method: "POST", path: "1/messages", json: {} }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
  expect(error.hint).toBeTruthy();
});

test("after a lost response, a write may have been processed, and the error says so", async () => {
  const port = await rawServer((socket) => socket.destroy());
  const graph = graphAt(port);
  const warning = "Meta may have processed the request: check before you send it again.";
  expect((await failure(graph.request({ method: "POST", path: "1/messages", json: {} }))).about).toContain(warning);
  expect((await failure(graph.request({ path: "1" }))).about).not.toContain(warning);
});

test("a request without a response times out", async () => {
  const port = await rawServer(() => {});
  const error = await failure(graphAt(port, { timeoutMs: 50 }).request({ path: "1" }));
  expect([error.code, error.message]).toEqual([
    "graph.unreachable",
    expect.stringContaining("did not respond within 0.05 s"),
  ]);
});

test("a refused connection, an unknown host and an abort each have their error", async () => {
  expect((await failure(graphAt(1).request({ path: "1" }))).message).toBe("http://127.0.0.1:1 refused the connection");
  const unknown = new Graph({ url: "https://graph.invalid", version: "v25.0" });
  onTestFinished(() => unknown.close());
  expect((await failure(unknown.request({ path: "1" }))).message).toContain("does not resolve");
  const stop = new AbortController();
  const port = await rawServer(() => stop.abort());
  expect(await failure(graphAt(port, { signal: stop.signal }).request({ path: "1" }))).toBeInstanceOf(InterruptedError);
});

test.each([
  ["http://example.com", "v25.0", "graph.insecure"],
  ["http://127.example.com", "v25.0", "graph.insecure"],
  ["ftp://graph.facebook.com", "v25.0", "graph.url"],
  ["graph.facebook.com", "v25.0", "graph.url"],
  ["https://graph.facebook.com", "25", "graph.version"],
])("the token is not sent to %s %s", (url, version, code) => {
  expect(() => new Graph({ url, version })).toThrow(expect.objectContaining({ code }));
});

test("a path in the Graph API URL precedes the version", () => {
  const graph = new Graph({ url: "https://proxy.example.com/meta/", version: "v26.0" });
  expect(graph.urlOf("1/messages").href).toBe("https://proxy.example.com/meta/v26.0/1/messages");
});

test.each([
  ["http://127.0.0.1:PORT/file", "graph.insecure"],
  ["http://lookaside.fbsbx.com:PORT/file", "graph.insecure"],
  ["https://127.0.0.1:PORT/file", "graph.foreign-host"],
  ["https://0.0.0.0:PORT/file", "graph.foreign-host"],
  ["https://lookaside.fbsbx.com@127.0.0.1:PORT/file", "graph.foreign-host"],
  ["https://notfbsbx.com:PORT/", "graph.foreign-host"],
  ["https://fbsbx.com.example.com:PORT/", "graph.foreign-host"],
  ["file:///etc/passwd", "graph.insecure"],
  ["undefined", "graph.insecure"],
])("media is not downloaded from %s, which does not receive the token", async (address, code) => {
  let connections = 0;
  const port = await rawServer(() => connections++);
  const graph = new Graph({ url: "https://graph.facebook.com", version: "v25.0", accessToken: TOKEN });
  onTestFinished(() => graph.close());
  const error = await failure(graph.download(address.replace("PORT", String(port)), 5));
  expect([error.code, error.message, connections]).toEqual([code, expect.stringContaining("token is not sent"), 0]);
});

test("the token goes to Meta's hosts, to the configured address and, in place of Meta, to this machine", async () => {
  for (const address of [
    "https://lookaside.fbsbx.com/x?mid=1",
    "https://graph.facebook.com/",
    "https://mmg.whatsapp.net/",
  ])
    expect(isMeta(new URL(address)), address).toBe(true);
  const { port } = await serve((request, response) => response.end(request.headers.authorization));
  const other = await serve((request, response) => response.end(request.headers.authorization));
  for (const each of [port, other.port]) {
    const { body } = await graphAt(port).download(`http://127.0.0.1:${each}/`, 1000);
    expect(await text(body as AsyncIterable<Buffer>)).toBe(`Bearer ${TOKEN}`);
  }
});

test("no answer is read further than it may be long, and its connection is closed", async () => {
  for (const head of ["content-length: 900000000", "transfer-encoding: chunked"]) {
    let closed = (_sent: number) => {};
    const heard = new Promise<number>((resolve) => (closed = resolve));
    const { port } = await serve((_, response) => {
      let sent = 0;
      const [name = "", value = ""] = head.split(": ");
      response.writeHead(200, { [name]: value });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, " "))) sent += 65_536;
      };
      response.on("drain", more).on("close", () => closed(sent));
      more();
    });
    const error = await failure(graphAt(port).request({ method: "POST", path: "1/media" }));
    expect([error.code, error.about.length]).toEqual(["graph.too-large", 1]);
    expect(await heard).toBeLessThan(20 * 1024 * 1024);
  }
});
