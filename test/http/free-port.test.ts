/** Free ports for servers that others refer to before they listen. */
import { createServer, type Server } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { freePort, freePortFrom } from "../../src/http/free-port.ts";

async function listening(port: number, host = "127.0.0.1"): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  onTestFinished(() => void server.close());
  return server;
}

test("any free port is one that no other program gets without asking for it", async () => {
  for (let round = 0; round < 20; round++) {
    const port = await freePort();
    expect(port).toBeGreaterThanOrEqual(10_000);
    expect(port).toBeLessThan(32_000);
    await listening(port);
  }
});

test("the first free port is used, and the next one when another program has it", async () => {
  const first = await freePort();
  expect(await freePortFrom(first)).toBe(first);
  await listening(first);
  const next = await freePortFrom(first);
  expect(next).toBeGreaterThan(first);
  await listening(next);
});
