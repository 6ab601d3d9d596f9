/** The server as a route of a local server: streamable HTTP without sessions, so that a client survives a restart of wa-hook. */
import type { ServerResponse } from "node:http";

import {
  BodyError,
  type LocalHandler,
  type LocalRequest,
  type LocalStream,
  type Routes,
} from "../http/local-routes.ts";
import type { Toolbox } from "./server.ts";

const MCP_PATH = "/mcp";

/** The longest call, with time to spare, in milliseconds. */
const CALL_MS = 10 * 60_000;

/** Each request is a connection of its own; leaving cancels the call. `open` and the library are needed at the first request. */
export function mcpRoutes(open: () => Promise<Toolbox>): Routes {
  let toolbox: Promise<Toolbox> | undefined;
  return new Map<string, LocalHandler>([
    [`POST ${MCP_PATH}`, async (request) => answer(request, await (toolbox ??= open()))],
    // There is nothing to say outside a call, and no session to end.
    [`GET ${MCP_PATH}`, refuse],
    [`DELETE ${MCP_PATH}`, refuse],
  ]);
}

const refuse: LocalHandler = () => ({
  status: 405,
  contentType: "application/json",
  headers: { allow: "POST" },
  body: JSON.stringify({ jsonrpc: "2.0", error: { code: -32_000, message: "Method not allowed" }, id: null }),
});

async function answer(request: LocalRequest, toolbox: Toolbox): Promise<LocalStream> {
  const parsedBody = await request.json();
  // Protocol versions with batches are no longer in use, and one could have thousands of calls.
  if (Array.isArray(parsedBody)) throw new BodyError(400, "send one message per request");
  request.extendTimeout(CALL_MS);
  const [{ WebStandardStreamableHTTPServerTransport }, { toolServer }] = await Promise.all([
    import("@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"),
    import("./server.ts"),
  ]);
  const { server, stop } = toolServer(toolbox);
  const transport = new WebStandardStreamableHTTPServerTransport();
  await server.connect(transport);
  const asked = new Request(`http://127.0.0.1${MCP_PATH}`, { method: "POST", headers: headersOf(request) });
  const answered = await transport.handleRequest(asked, { parsedBody });
  return {
    open: (response) =>
      void send(answered, response, async () => {
        await stop();
        await server.close();
      }),
  };
}

function headersOf({ headers }: LocalRequest): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
}

/** Never rejects. Whether the connection stays open is the server's matter. */
async function send(answered: Response, response: ServerResponse, close: () => Promise<void>): Promise<void> {
  response.once("close", () => void close().catch(() => undefined));
  const headers = [...answered.headers].filter(([name]) => name !== "connection");
  response.writeHead(answered.status, {
    ...Object.fromEntries(headers),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.flushHeaders();
  try {
    for await (const chunk of answered.body ?? []) if (!response.destroyed) response.write(chunk);
  } catch {
    // The client has left, which ended the stream.
  }
  response.end();
}
