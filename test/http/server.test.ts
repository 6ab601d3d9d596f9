import { connect, type Socket } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { receiveBody } from "../../src/http/body.ts";
import { limitedServer, type ServerLimits } from "../../src/http/server.ts";
import { Turns } from "../../src/http/turns.ts";

async function limited(limits: Partial<ServerLimits>) {
  const errors: number[] = [];
  const server = limitedServer(
    { headersMs: 300, requestMs: 600, connections: 100, ...limits },
    {
      request: (request, response) =>
        void receiveBody(request, { maxBytes: 1000 }, response).then(() => response.writeHead(200).end()),
      clientError: ({ status }) => errors.push(status),
    },
  ).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const count = () => new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
  return { port, count, errors };
}

/** A client that never closes its side. */
function clinging(port: number, ...sent: string[]): Socket {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => {});
  onTestFinished(() => void socket.destroy());
  for (const part of sent) socket.write(part);
  return socket.resume();
}

const POST = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ";

test("an early response closes the connection soon after, even if the client does not", async () => {
  const { port, count, errors } = await limited({});
  clinging(port, `${POST}10\r\n\r\nx`);
  clinging(port, "GET / HTTP/1.1\r\nx: ");
  clinging(port, `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`);
  clinging(port, "\u0016\u0003\u0001");
  clinging(port, `${POST}90000\r\n\r\nx`);
  clinging(port);
  await expect.poll(() => errors.toSorted((a, b) => a - b), { timeout: 5000 }).toEqual([400, 408, 408, 408, 431]);
  await expect.poll(count, { timeout: 5000 }).toBe(0);
});

test("with too many connections, the least useful one is closed and the newest is served", async () => {
  const { port, count } = await limited({ connections: 5, headersMs: 20_000, requestMs: 20_000 });
  const ended: number[] = [];
  for (let index = 0; index < 8; index++) {
    const socket = clinging(port, `${POST}10\r\n\r\nx`).once("end", () => ended.push(index));
    socket.once("close", () => ended.push(index));
    await new Promise((resolve) => socket.once("connect", resolve));
  }
  await expect.poll(() => [...new Set(ended)]).toEqual([0, 1, 2]);
  const newest = clinging(port, `${POST}1\r\n\r\nx`);
  await new Promise((resolve) => newest.once("data", resolve));
  expect(await count()).toBeLessThanOrEqual(5);
});

test("a connection that was useful outlives older and newer ones that were not", async () => {
  const { port } = await limited({ connections: 3, headersMs: 20_000, requestMs: 20_000 });
  const ended: string[] = [];
  const open = async (name: string, sent: string) => {
    const socket = clinging(port, sent).once("end", () => ended.push(name));
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  const useful = await open("useful", `${POST}1\r\n\r\nx`);
  await new Promise((resolve) => useful.once("data", resolve));
  await open("idle", "");
  await open("second", "");
  await open("third", "");
  await expect.poll(() => ended).toEqual(["idle"]);
  await open("fourth", "");
  await expect.poll(() => ended).toEqual(["idle", "second"]);
  useful.write(`${POST}1\r\n\r\nx`);
  await new Promise((resolve) => useful.once("data", resolve));
});

test("large bodies take turns: the newest first, none without limit", async () => {
  const turns = new Turns(1);
  const log: string[] = [];
  const [one, two, three] = ["one", "two", "three"].map((name) => ({
    pause: () => log.push(`${name} waits`),
    resume: () => log.push(`${name} goes on`),
  })) as [
    { pause(): number; resume(): number },
    { pause(): number; resume(): number },
    { pause(): number; resume(): number },
  ];
  for (const turn of [one, two, three]) turns.begin(turn);
  await expect.poll(() => log.slice(0, 4)).toEqual(["two waits", "three waits", "one waits", "three goes on"]);
  turns.end(three);
  await expect.poll(() => log).toContain("two goes on");
  turns.end(two);
  turns.end(one);
  expect(turns.crowded).toBe(false);
});
