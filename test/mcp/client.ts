/** A client of the official SDK at `wa-hook mcp` in this process, and what it reads of a result. */
import { PassThrough } from "node:stream";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { RequestOptions } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";

import { main } from "../../src/cli/main.ts";
import { wordsOf } from "../support/transcript.ts";
import { testWorld, type TestWorldOptions } from "../support/world.ts";

export interface Called {
  // Tests read nested values of any result.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  text: string;
  /** The error, when the tool has failed. */
  error?: { code: string; message: string; hint?: string };
}

export type Call = (name: string, args?: object, options?: RequestOptions) => Promise<Called>;

/** The client validates each result against the tool's output schema. */
export function callWith(client: Client): Call {
  return async (name, args = {}, options = {}) => {
    const parameters = { name, arguments: { ...args } };
    const result = (await client.callTool(parameters, undefined, options)) as CallToolResult;
    const [first] = result.content;
    const text = first?.type === "text" ? first.text : "";
    const failed = result.isError === true ? { error: errorIn(text) } : {};
    return { data: result.structuredContent, text, ...failed };
  };
}

/** The SDK reports unknown tools and invalid arguments in words. */
function errorIn(text: string): NonNullable<Called["error"]> {
  return text.startsWith("{") ? (JSON.parse(text) as NonNullable<Called["error"]>) : { code: "sdk", message: text };
}

export function newClient(): Client {
  return new Client({ name: "test-client", version: "1.0.0" });
}

/** Ends with the test. `secrets` and `world` are those of the command. */
export async function connected(flags = "", options: TestWorldOptions = {}) {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const world = { ...testWorld({ env: SECRETS, ...options }), stdin, stdout };
  const exit = main(["mcp", ...wordsOf(flags)], world);
  const client = newClient();
  // The transport of a server does for a client as well, with the streams the other way round.
  await client.connect(new StdioServerTransport(stdout, stdin));
  onTestFinished(async () => {
    stdin.end();
    await exit;
  });
  return { client, call: callWith(client), world, exit, stdin };
}

export const SECRETS = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
