import { connect } from "node:net";
import { text } from "node:stream/consumers";

import fc from "fast-check";
import { expect, test } from "vitest";

import { receiveBody, type Reception, type Unread } from "../../src/http/body.ts";
import { ByteBudget } from "../../src/http/byte-budget.ts";
import { GrowingBytes } from "../../src/http/growing-bytes.ts";
import { raw, serve } from "../support/http.ts";

const MB = 1024 * 1024;

/** A server that receives bodies and remembers what became of each. */
async function receiving(reception: Reception) {
  const outcomes: (Buffer | Unread)[] = [];
  const { port, server } = await serve((request, response) => {
    void receiveBody(request, reception, response).then((outcome) => {
      outcomes.push(outcome);
      response.writeHead(Buffer.isBuffer(outcome) ? 200 : 413).end();
    });
  });
  server.on("checkContinue", (request, response) => server.emit("request", request, response));
  return { port, outcomes };
}

const post = (headers: string) => `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n\r\n`;

test("bytes that arrive in any pieces come out as they are, and never need more memory than was allowed", () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, fc.nat(300_000), (arriving, most) => {
      let allowed = 0;
      const bytes = new GrowingBytes(most, (total) => {
        expect(total).toBeGreaterThan(allowed);
        allowed = total;
        return total <= most;
      });
      const kept: Uint8Array[] = [];
      for (const piece of arriving) {
        const fits = bytes.length + piece.length <= most;
        expect(bytes.add(Buffer.from(piece))).toBe(fits);
        if (!fits) break;
        kept.push(piece);
      }
      expect(bytes.take().equals(Buffer.concat(kept))).toBe(true);
      expect(bytes.length).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("a body in chunks of one byte uses one buffer", async () => {
  const { port, outcomes } = await receiving({ maxBytes: MB });
  const body = "x".repeat(900);
  const chunks = "1\r\nx\r\n".repeat(body.length);
  expect(await raw(port, post("transfer-encoding: chunked"), `${chunks}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(outcomes).toEqual([Buffer.from(body)]);
});

test("a body in thousands of chunks of one byte is rejected, and its connection closed", async () => {
  const { port, outcomes } = await receiving({ maxBytes: MB });
  const answer = await raw(port, post("transfer-encoding: chunked"), "1\r\nx\r\n".repeat(5000));
  expect(outcomes).toMatchObject([{ why: "fragmented" }]);
  expect(answer).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
});

test("a sender that asks first gets 100 Continue for a body that fits, and for another none", async () => {
  const { port } = await receiving({ maxBytes: 10 });
  const ask = (length: number) => post(`expect: 100-continue\r\ncontent-length: ${length}`);
  expect(await raw(port, ask(10), "x".repeat(10))).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  expect(await raw(port, ask(11))).toMatch(/^HTTP\/1\.1 413 /);
});

test("a declared length alone reserves nothing", async () => {
  const budget = new ByteBudget(4 * MB);
  const { port } = await receiving({ maxBytes: 3 * MB, budget });
  const sockets = Array.from({ length: 20 }, () => connect(port, "127.0.0.1"));
  for (const socket of sockets) socket.write(`${post(`content-length: ${3 * MB}`)}x`);
  await expect.poll(() => budget.used).toBe(20);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => budget.used).toBe(0);
});

test("when memory is short, the body with the highest cost is evicted and a small one is received", async () => {
  const budget = new ByteBudget(4 * MB);
  const { port, outcomes } = await receiving({ maxBytes: 3 * MB, budget });
  const slow = connect(port, "127.0.0.1");
  const answer = text(slow);
  slow.write(post(`content-length: ${3 * MB}`));
  slow.write(Buffer.alloc(2.9 * MB));
  await expect.poll(() => budget.used).toBeGreaterThan(2.9 * MB);
  expect(await raw(port, post(`content-length: ${2 * MB}`), Buffer.alloc(2 * MB))).toMatch(/^HTTP\/1\.1 200 /);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
  expect(outcomes).toMatchObject([{ why: "budget" }, { length: 2 * MB }]);
  expect(budget.used).toBe(0);
});

test("however senders behave, the limit holds meanwhile and the budget is whole again afterwards", async () => {
  const budget = new ByteBudget(MB);
  const { port, outcomes } = await receiving({ maxBytes: 400_000, budget });
  const sender = fc.record({
    size: fc.nat(2_000_000),
    chunked: fc.boolean(),
    /** Which part of it is sent before the connection is cut. */
    sent: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(sender, { minLength: 1, maxLength: 8 }), async (senders) => {
      await Promise.all(
        senders.map(async ({ size, chunked, sent }) => {
          const socket = connect(port, "127.0.0.1").on("error", () => {});
          socket.write(post(chunked ? "transfer-encoding: chunked" : `content-length: ${size}`));
          if (chunked) socket.write(`${size.toString(16)}\r\n`);
          const ended = !chunked ? "" : size > 0 ? "\r\n0\r\n\r\n" : "\r\n";
          const body = Buffer.concat([Buffer.alloc(size), Buffer.from(ended)]);
          if (sent === 1) socket.write(body);
          else socket.end(body.subarray(0, Math.floor(size * sent)), () => socket.destroy());
          await text(socket).catch(() => "");
          expect(budget.used).toBeLessThanOrEqual(MB);
        }),
      );
      await expect.poll(() => budget.used).toBe(0);
    }),
    { numRuns: 15 },
  );
  expect(outcomes.length).toBeGreaterThan(0);
});
