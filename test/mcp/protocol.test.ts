import { once } from "node:events";
/** The built program as clients start it: nothing but the protocol on standard output, cancellation, the end. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, onTestFinished, test } from "vitest";

import { freePort, serve } from "../support/http.ts";
import { BIN, waHook, type Program } from "../support/program.ts";
import { recorded, text } from "../support/recorded.ts";
import { temporaryFolder } from "../support/world.ts";
import { callWith, connected, newClient, SECRETS } from "./client.ts";

interface Message {
  jsonrpc: string;
  id?: number;
  method?: string;
  result?: { isError?: boolean; content?: { text: string }[] };
  error?: { code: number; message: string };
}

const INITIALIZE = {
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

function program(cwd: string, flags: readonly string[] = []): Program & { send(...messages: object[]): void } {
  const started = waHook(["mcp", ...flags], { cwd, env: SECRETS });
  const send = (...messages: object[]) => {
    for (const message of messages) started.process.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  };
  return { ...started, send };
}

/** Every line; throws when one is no message. */
function messagesOf({ stdout }: Program): Message[] {
  const lines = stdout.text.split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => {
    const message = JSON.parse(line) as Message;
    expect(message.jsonrpc).toBe("2.0");
    return message;
  });
}

const call = (id: number, name: string, args: object = {}, meta: object = {}) => ({
  id,
  method: "tools/call",
  params: { name, arguments: args, ...meta },
});

test("every line on standard output is a message, also when something fails, warns or is malformed", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, ".env"), "WHATSAPP_ACCESS_TOKEN=EAAG\nGRAPH_API_URL=http://127.0.0.1:1\n");
  const mcp = program(cwd);
  mcp.send(INITIALIZE, { method: "notifications/initialized" });
  mcp.process.stdin?.write("this is no JSON\n\u001b[2J{\n[]\n{}\n");
  mcp.send(
    { id: 1, method: "tools/list" },
    { id: 2, method: "nothing/there" },
    call(3, "nothing"),
    call(4, "events"),
    call(5, "events", { limit: "many" }),
    call(6, "replay", { fixtures: ["text"], to: String(await freePort()) }),
    call(7, "doctor"),
    call(8, "explain", { errorCode: 131047 }),
  );
  await mcp.stdout.until(/"id":7[,}]/);
  mcp.process.stdin?.end();
  expect(await mcp.exit).toBe(0);
  const messages = messagesOf(mcp);
  const byId = new Map(messages.map((message) => [message.id, message]));
  expect([...byId.keys()].map(Number).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(byId.get(2)?.error?.code).toBe(-32_601);
  const failed = [...byId.values()].filter(({ result }) => result?.isError === true).map(({ id }) => Number(id));
  expect(failed.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7]);
  expect(mcp.stderr.text).toContain("ignored a message");
  expect(mcp.stderr.text).not.toContain("\u001b");
});

test("a setting that cannot be used ends the program before the protocol begins, with the reason on standard error", async () => {
  const mcp = program(temporaryFolder(), ["--store", "redis://:pass@localhost"]);
  expect([await mcp.exit, mcp.stdout.text]).toEqual([2, ""]);
  expect(mcp.stderr.text).toContain("--store has a password");
});

test("what was asked before the end of the input is answered", async () => {
  const mcp = program(temporaryFolder());
  mcp.send(INITIALIZE, { id: 1, method: "tools/list" }, call(2, "explain", { finding: "slow" }));
  mcp.process.stdin?.end();
  expect(await mcp.exit).toBe(0);
  expect(messagesOf(mcp).map(({ id }) => id)).toEqual([0, 1, 2]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends it with 0, and cancels what runs", async (signal) => {
  const mcp = program(await recorded(text("wamid.1")), ["--store", "events.db"]);
  mcp.send(INITIALIZE, call(1, "wait_for_event", { seconds: 300 }, { _meta: { progressToken: "p" } }));
  await mcp.stdout.until("notifications/progress");
  mcp.process.kill(signal);
  expect(await mcp.exit).toBe(0);
  messagesOf(mcp);
});

test("the end of the input cancels what runs", async () => {
  const mcp = program(await recorded(text("wamid.1")), ["--store", "events.db"]);
  mcp.send(INITIALIZE, call(1, "wait_for_event", { seconds: 300 }, { _meta: { progressToken: "p" } }));
  await mcp.stdout.until("notifications/progress");
  mcp.process.stdin?.end();
  expect(await mcp.exit).toBe(0);
});

test("a call that the client cancels stops its requests, and the next call works", async () => {
  let [requests, closed] = [0, 0];
  const arrivals = new EventTarget();
  const app = await serve((request, response) => {
    request.resume();
    requests++;
    arrivals.dispatchEvent(new Event("request"));
    response.once("close", () => {
      closed++;
      arrivals.dispatchEvent(new Event("close"));
    });
  });
  const { call } = await connected();
  const ending = new AbortController();
  const args = { fixtures: ["text", "image"], to: app.url, timeout: "5m" };
  const running = call("replay", args, { signal: ending.signal });
  await once(arrivals, "request");
  ending.abort("enough");
  await expect(running).rejects.toThrow("enough");
  await once(arrivals, "close");
  expect([requests, closed]).toEqual([1, 1]);
  expect((await call("explain", { errorCode: 4 })).error).toBeUndefined();
});

test("the transport of the official SDK starts the program and ends it", async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, "mcp"],
    cwd: temporaryFolder(),
    env: { PATH: process.env["PATH"] ?? "", ...SECRETS },
    stderr: "pipe",
  });
  const client = newClient();
  onTestFinished(() => client.close());
  await client.connect(transport);
  expect(client.getServerVersion()).toMatchObject({ name: "wa-hook" });
  expect((await callWith(client)("explain", { errorCode: 190 })).error).toBeUndefined();
  const ended = new Promise<void>((resolve) => Object.assign(client, { onclose: resolve }));
  await client.close();
  await ended;
});
