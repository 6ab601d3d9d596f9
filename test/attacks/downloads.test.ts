/** Files that are more than they say, and addresses that are not Meta's. */
import { readdirSync, statSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { reportAttack } from "../support/attacks.ts";
import { serve } from "../support/http.ts";
import { makeCertificates } from "../support/ngrok-peer/certificate.ts";
import { programEnv, waHook } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const TOKEN = "fake-token-that-is-seen-or-not";
const MB = 1024 * 1024;
/** So much is sent when nobody stops it. */
const FLOOD = 400 * MB;

/** `media get` of what a Graph API announces and serves; resolves with what was printed and the bytes that were written at most. */
async function get(media: object, file?: RequestListener): Promise<{ seen: string; written: number }> {
  let origin = "";
  const graph = await serve((request, response) => {
    if (request.url === "/file") return file?.(request, response);
    const url = `${origin}/file`;
    response.end(
      JSON.stringify({ mime_type: "image/jpeg", id: "1", sha256: "0".repeat(64), file_size: 5, url, ...media }),
    );
  });
  origin = new URL(graph.url).origin;
  const cwd = temporaryFolder();
  const env = {
    ...programEnv,
    GRAPH_API_URL: origin,
    WHATSAPP_ACCESS_TOKEN: TOKEN,
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
  };
  const program = waHook(["media", "get", "1"], { cwd, env });
  let written = 0;
  const watch = setInterval(() => {
    for (const name of readdirSync(cwd))
      written = Math.max(written, statSync(join(cwd, name), { throwIfNoEntry: false })?.size ?? 0);
  }, 20);
  await program.exit;
  clearInterval(watch);
  return { seen: program.stdout.text + program.stderr.text, written };
}

test("a media of 5 bytes that never ends is not written", async () => {
  let sent = 0;
  const flood: RequestListener = (_, response) => {
    const more = () => {
      for (let room = true; room && !response.destroyed && sent < FLOOD; sent += MB)
        room = response.write(Buffer.alloc(MB));
      if (sent >= FLOOD) response.end();
    };
    response.on("drain", more);
    more();
  };
  const { seen, written } = await get({}, flood);
  reportAttack({
    attack: "a media of 5 bytes goes on for 400 MB",
    before: "396 MB written",
    after: `${Math.round(written / MB)} MB written, ${Math.round(sent / MB)} MB left the server`,
  });
  expect(written).toBe(0);
  expect(sent).toBeLessThan(30 * MB);
  expect(seen).toContain("more than 5 bytes");
});

test.skipIf(process.platform === "win32")("another host than Meta's does not see the token", async () => {
  const headers: unknown[] = [];
  const { cert, key } = makeCertificates();
  const foreign = createServer({ cert, key }, (request, response) => {
    headers.push(request.headers.authorization);
    response.end("hello");
  }).listen(0, "0.0.0.0");
  await new Promise((resolve) => foreign.once("listening", resolve));
  onTestFinished(() => void foreign.close());
  const { port } = foreign.address() as AddressInfo;
  // It is not among the names of this machine, so it stands for any other.
  const { seen } = await get({ url: `https://0.0.0.0:${port}/file` });
  const saw = headers.some((header) => String(header).includes(TOKEN));
  reportAttack({
    attack: "a media's address leads to a foreign host",
    before: "the host saw the token",
    after: saw ? "the host saw the token" : `refused, ${headers.length} requests`,
  });
  expect([saw, headers.length]).toEqual([false, 0]);
  expect(seen).toContain("is not Meta's");
});
