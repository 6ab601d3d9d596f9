/** Parsing of `debug_token` responses of unexpected shapes. */
import { expect, onTestFinished, test } from "vitest";

import { Graph } from "../../src/graph/client.ts";
import { inspectToken } from "../../src/graph/token.ts";
import { serve } from "../support/http.ts";

test.each([
  ["no error", { error: null }, {}],
  ["an empty error", { error: {} }, { error: { message: "no reason given" } }],
  ["an invalid permission", { granular_scopes: [null, { scope: "email" }] }, { granted: [{ scope: "email" }] }],
  ["ids as numbers", { app_id: 1, user_id: 2 }, { appId: "1", userId: "2" }],
])("a debug_token response with %s is parsed", async (_, data, facts) => {
  const { port } = await serve((_request, response) => response.end(JSON.stringify({ data })));
  const graph = new Graph({ url: `http://127.0.0.1:${port}`, version: "v25.0" });
  onTestFinished(() => graph.close());
  expect(await inspectToken(graph, "fake-token", undefined)).toMatchObject({ facts: { valid: false, ...facts } });
});
