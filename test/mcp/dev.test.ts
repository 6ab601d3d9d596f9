/** The tools at /mcp of `wa-hook dev`: an agent sees what the person sees, and no web page can use them. */
import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { PassThrough } from "node:stream";

import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";

import { main } from "../../src/cli/main.ts";
import { startLocalServer, type LocalServer } from "../../src/http/local-server.ts";
import { TOKEN_HEADER } from "../../src/inspector/api.ts";
import { mcpRoutes } from "../../src/mcp/http.ts";
import { defineTool, type AnyTool } from "../../src/mcp/tool.ts";
import { raw } from "../support/http.ts";
import { wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";
import { callWith, newClient } from "./client.ts";

// What is loaded when it is needed would otherwise count as time of the first test.
await Promise.all([
  import("../../src/commands/dev/dev.ts"),
  import("../../src/commands/mcp/live.ts"),
  import("../../src/inspector/server.ts"),
  import("../../src/mcp/server.ts"),
]);

const BOT = resolve("test/apps/sample-bot.js");
const env = { PATH: dirname(process.execPath), TZ: "UTC" };

/** `wa-hook dev` with any free ports; resolves with the address of its page. */
async function dev(flags: string): Promise<{ url: string; world: ReturnType<typeof testWorld> }> {
  const world = { ...testWorld({ env }), stdin: new PassThrough() };
  const exit = main(["dev", "--json", "--port", "0", ...wordsOf(flags)], world);
  onTestFinished(async () => {
    world.stop();
    expect(await exit).toBe(0);
  });
  const listening = await Promise.race([world.stdout.until(/"pageUrl":"([^"]+)"/), exit]);
  if (typeof listening === "number") throw new Error(`dev ended with ${listening}: ${world.stderr.text}`);
  const [, url = ""] = listening;
  return { url, world };
}

/** The route alone. */
async function serving(tools: readonly AnyTool[]): Promise<LocalServer> {
  const routes = mcpRoutes(async () => ({ version: "1.0.0", tools, secrets: () => [] }));
  const server = await startLocalServer(0, routes);
  onTestFinished(() => server.close());
  return server;
}

async function connectedTo(url: string) {
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url)));
  onTestFinished(() => client.close());
  return { client, call: callWith(client) };
}

test("a client writes as the customer, sees the reply, and finds the delivery that the page shows", async () => {
  const { url, world } = await dev(`--seed dev -- node ${BOT}`);
  await world.stdout.until('"state":"running"');
  const { client, call } = await connectedTo(url);
  expect((await client.listTools()).tools).toHaveLength(8);
  const said = await call("customer_says", { text: "Hello", seconds: 20 });
  expect(said.data.replies).toContainEqual(expect.objectContaining({ kind: "message", accepted: true }));
  const waited = await call("wait_for_event", { after: said.data.after, kind: "text" });
  expect(waited.data.deliveries[0].events[0]).toMatchObject({ kind: "text", id: said.data.id });
  const { id } = waited.data.deliveries[0];
  const page = (await (await fetch(`${url}/api/deliveries/${id}`)).json()) as { events: { summary: string }[] };
  const shown = await call("event", { id });
  expect(shown.data.delivery.events[0].untrusted.summary).toBe(page.events[0]?.summary);
  expect(shown.data.delivery.forwards).toMatchObject([{ state: "delivered", status: 200 }]);
  // Nothing is recorded in a file with a seed.
  const settings = JSON.stringify([said, waited, shown, await call("doctor")]);
  expect(settings).not.toMatch(/EAAGEmulated/);
});

test("check and replay go to the app of the session, with its secrets, and to this machine only", async () => {
  const { url, world } = await dev(`-- node ${BOT}`);
  await world.stdout.until('"state":"running"');
  const { call } = await connectedTo(url);
  const progress: number[] = [];
  const onprogress = ({ progress: done }: { progress: number }) => void progress.push(done);
  const checked = await call("check", { only: ["signature.valid", "handshake.valid"] }, { onprogress });
  expect(checked.data).toMatchObject({ ok: true, failed: 0 });
  expect(progress.length).toBeGreaterThan(0);
  expect((await call("replay", { fixtures: ["text"] })).data).toMatchObject({ ok: true, passed: 1 });
  const elsewhere = await call("replay", { fixtures: ["text"], to: "https://example.com/" });
  expect(elsewhere.error?.code).toBe("mcp.not-local");
});

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});
const JSON_TYPE = "Content-Type: application/json\r\nAccept: application/json, text/event-stream";

test("a web page cannot use it, whatever its origin or the name of the host, not even the page itself", async () => {
  const { url } = await dev("--seed dev");
  const port = Number(new URL(url).port);
  const [, token = ""] = /name="wa-hook-token" content="([^"]+)"/.exec(await (await fetch(url)).text()) ?? [];
  const send = (headers: string, method = "POST") =>
    raw(
      port,
      `${method} /mcp HTTP/1.1\r\n${headers}\r\nContent-Length: ${INITIALIZE.length}\r\nConnection: close\r\n\r\n${INITIALIZE}`,
    );
  const host = `Host: 127.0.0.1:${port}`;
  const refused = [
    `Host: rebind.example:${port}\r\n${JSON_TYPE}`,
    `Host: rebind.example\r\nOrigin: http://rebind.example\r\n${JSON_TYPE}`,
    JSON_TYPE,
    `${host}\r\nOrigin: https://evil.example\r\n${JSON_TYPE}`,
    `${host}\r\nOrigin: null\r\n${JSON_TYPE}`,
    `${host}\r\nOrigin: http://127.0.0.1:${port}\r\n${TOKEN_HEADER}: ${token}\r\n${JSON_TYPE}`,
    `${host}\r\nSec-Fetch-Site: same-origin\r\n${TOKEN_HEADER}: ${token}\r\n${JSON_TYPE}`,
    `${host}\r\nSec-Fetch-Site: cross-site\r\n${JSON_TYPE}`,
  ];
  for (const headers of refused) {
    const response = await send(headers);
    expect(response, headers).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(response.toLowerCase(), headers).not.toMatch(/access-control-allow|serverinfo/);
  }
  const preflight = await send(`${host}\r\nAccess-Control-Request-Method: POST`, "OPTIONS");
  expect(preflight).toMatch(/^HTTP\/1\.1 403 /);
  // What a form can send without a preflight.
  expect(await send(`${host}\r\nContent-Type: text/plain`)).toMatch(/^HTTP\/1\.1 415 /);
  expect(await send(`${host}\r\n${JSON_TYPE}`)).toMatch(/^HTTP\/1\.1 200 [^]*"serverInfo"/);
});

test("there is no stream and no session to get or to end, and what is no message is refused", async () => {
  const { url } = await serving([]);
  const ask = async (method: string, body?: string) => {
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const response = await fetch(`${url}/mcp`, { method, headers, ...(body === undefined ? {} : { body }) });
    await response.text();
    return response.status;
  };
  expect([await ask("GET"), await ask("DELETE")]).toEqual([405, 405]);
  expect([await ask("POST", "{"), await ask("POST", "{}"), await ask("POST", "[]")]).toEqual([400, 400, 400]);
  expect(await ask("POST", JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }))).toBe(202);
  expect(await ask("POST", `"${"x".repeat(1_100_000)}"`)).toBe(413);
});

test("a client that leaves cancels its call", async () => {
  const seen = new EventTarget();
  const [started, aborted] = [once(seen, "started"), once(seen, "aborted")];
  const tool = defineTool({
    name: "wait",
    title: "Wait",
    description: "Waits until it is canceled",
    input: z.object({}),
    output: z.object({ done: z.boolean() }),
    effects: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    async run(_, { signal }) {
      seen.dispatchEvent(new Event("started"));
      await once(signal, "abort");
      seen.dispatchEvent(new Event("aborted"));
      return { done: true };
    },
    text: () => "done",
  });
  const { client, call } = await connectedTo((await serving([tool])).url);
  const refused = expect(call("wait")).rejects.toThrow(/closed|abort/i);
  await started;
  await client.close();
  await aborted;
  await refused;
});
