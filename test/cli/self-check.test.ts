/** wa-hook listen behind an edge that answers the self-check itself. */
import { expect, test } from "vitest";

import { inBackground } from "../support/background.ts";
import { emulated } from "../support/emulated.ts";
import { freePort, serve } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";
import { edges } from "../webhook/edges.ts";

test("a challenge is named by the self-check, nothing is registered, and the way around the check is offered", async () => {
  const emulator = await emulated();
  const { answer } = edges["Cloudflare, managed challenge"];
  const { url } = await serve((_, response) => void response.writeHead(answer.status, answer.headers).end(answer.body));
  const line = `listen --port ${await freePort()} --public-url ${url} --register phone`;
  const terminal = await inBackground(line, { cwd: temporaryFolder(), env: emulator.env });
  await terminal.shows("Not registered with Meta");
  const seen = await terminal.stop();
  expect(seen).toContain(
    "handshake failed: Cloudflare demands a browser check (status 403); it may treat Meta differently",
  );
  expect(seen).toContain("user agents facebookexternalua and facebookplatform, addresses of AS32934");
  expect(seen).toContain("if only Meta is let through, register with --no-self-check");
  expect(emulator.requests).toEqual([]);
});
