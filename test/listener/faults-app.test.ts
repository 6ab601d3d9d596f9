/** The app misbehaves: each delivery is accepted in the end, in order per customer, and the others are not held back. */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import type { ListenerOptions } from "../../src/listener/options.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { reportFault } from "../support/fault-table.ts";
import {
  forwardedText,
  judgeForwards,
  Load,
  messageBody,
  randomFrom,
  readFound,
  TIMES,
  until,
} from "../support/faults.ts";
import { freePort, listening, post, serve } from "../support/http.ts";
import { run, type Program } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const FAST: NonNullable<ListenerOptions["retry"]> = {
  attempts: 100,
  delivery: { baseMs: 20, capMs: 40 },
  app: { baseMs: 10, capMs: 20 },
};
const EACH = 10;
const CUSTOMERS = 8;

type Misbehavior = (response: ServerResponse, request: IncomingMessage) => void;

/** Byte by byte, each after the other is written. */
function drip(response: ServerResponse, left = 50): void {
  if (left === 0) response.end();
  else response.write(".", () => setTimeout(() => drip(response, left - 1), 2));
}

/** What the app does with the first attempt of a delivery; `true` when that counts as accepted. */
const MISBEHAVIORS: [what: string, misbehave: Misbehavior, accepted?: boolean][] = [
  ["hangs", () => undefined],
  ["hangs after the head", (response) => response.writeHead(500, { "content-length": "5" }).flushHeaders()],
  ["resets the connection", (response) => response.socket?.resetAndDestroy()],
  ["closes the connection", (response) => response.socket?.end()],
  ["ends in the middle of the head", (response) => response.socket?.end("HTTP/1.1 200 O")],
  [
    "ends in the middle of the answer",
    (response) => response.socket?.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
  ],
  ["does not answer in HTTP", (response) => response.socket?.end("hello\r\n")],
  ["answers byte by byte", (response) => drip(response), true],
  [
    "answers and closes a connection that was to be kept",
    (response) => response.end(() => response.socket?.destroy()),
    true,
  ],
  ["answers 429 with Retry-After in seconds", (response) => response.writeHead(429, { "retry-after": "1" }).end()],
  [
    "answers 429 with Retry-After as a date",
    (response) => response.writeHead(429, { "retry-after": new Date(Date.now() + 1500).toUTCString() }).end(),
  ],
  [
    "answers 503 with Retry-After by a clock that is two days ahead",
    (response) => {
      const ahead = (ms: number) => new Date(Date.now() + 2 * 24 * 60 * 60 * 1000 + ms).toUTCString();
      response.writeHead(503, { date: ahead(0), "retry-after": ahead(1000) }).end();
    },
  ],
  ["answers 503", (response) => response.writeHead(503).end("busy")],
  ["redirects", (response) => response.writeHead(307, { location: "/elsewhere" }).end()],
  ["redirects for good", (response) => response.writeHead(301, { location: "/elsewhere" }).end()],
];

test.each(MISBEHAVIORS)(
  "an app that %s gets the delivery until it accepts it, and the others once",
  async (what, misbehave, acceptedAtOnce = false) => {
    const ids: string[] = [];
    const accepted: string[] = [];
    const paths = new Set<string | undefined>();
    const { url: to } = await serve((request, response) => {
      void buffer(request).then((body) => {
        const [, id = ""] = /"id":"(wamid[^"]*)"/.exec(body.toString()) ?? [];
        paths.add(request.url);
        const first = !ids.includes(id);
        ids.push(id);
        const misbehaves = first && id.includes("bad");
        if (!misbehaves || acceptedAtOnce) accepted.push(id);
        if (misbehaves) misbehave(response, request);
        else response.end();
      });
    });
    const file = join(temporaryFolder(), "events.db");
    const forward = { to: new URL(to), timeoutMs: 3000 };
    const watched = await listening({ store: await openStore(file), forward, retry: FAST });
    const sent: string[] = [];
    for (let index = 0; index < EACH; index++) {
      for (const customer of index === 3 ? ["bad", "good", "fine"] : ["good", "fine"]) {
        const id = `wamid.${customer}.${customer === "bad" ? 0 : index}`;
        expect(await post(watched.listener.url, messageBody(id, customer))).toBe(200);
        sent.push(id);
      }
    }
    await until(() => accepted.length >= sent.length);
    await watched.listener.close();
    expect(accepted.toSorted()).toEqual(sent.toSorted());
    expect([...paths]).toEqual(["/webhook"]);
    if (what === "hangs") expect(ids.lastIndexOf("wamid.bad.0")).toBe(ids.length - 1);
    const found = readFound(file);
    expect(found).toMatchObject({ pending: 0, failed: 0 });
    const judged = judgeForwards(sent, found.accepted, ids);
    const row = { runs: 1, acknowledged: sent.length, found: judged.found };
    const more = ids.length - accepted.length;
    const forwarded = `${accepted.length}${more === 0 ? "" : ` (after ${more} failed attempt)`}`;
    reportFault({ fault: `app ${what}`, ...row, forwarded });
  },
);

test(
  "an app that is killed in the middle of an answer, over and over, accepts each delivery in the end, in order per customer",
  async () => {
    const kills = 20 * TIMES;
    const [port, folder] = [await freePort(), temporaryFolder()];
    const [ids, file] = [join(folder, "ids"), join(folder, "events.db")];
    const start = async (others: number): Promise<Program> => {
      const app = run([process.execPath, resolve("test/support/dying-app.mjs"), String(port), ids, String(others)], {});
      await app.stdout.until("ready");
      return app;
    };
    const random = randomFrom(7);
    let app = await start(random(20));
    const to = `http://127.0.0.1:${port}/webhook`;
    const store = await openStore(file);
    const watched = await listening({ store, forward: { to: new URL(to) }, retry: FAST });
    const load = new Load(watched.listener.port, CUSTOMERS);
    for (let kill = 0; kill < kills; kill++) {
      await app.stdout.until("half");
      app.process.kill("SIGKILL");
      await app.exit;
      app = await start(kill === kills - 1 ? Infinity : random(20));
    }
    await load.stop();
    await until(() => store.pending({ to, limit: 1 }).length === 0);
    await watched.listener.close();
    const found = readFound(file);
    expect(found).toMatchObject({ pending: 0, failed: 0 });
    const received = readFileSync(ids, "utf8").trim().split("\n");
    const judged = judgeForwards(load.acknowledged, found.accepted, received);
    expect(judged.again).toBeLessThanOrEqual(kills * CUSTOMERS);
    const row = { runs: kills, acknowledged: load.acknowledged.length, found: judged.found };
    reportFault({ fault: "kill -9 of the app in the middle of an answer", ...row, forwarded: forwardedText(judged) });
  },
  TIMES * 120_000,
);
