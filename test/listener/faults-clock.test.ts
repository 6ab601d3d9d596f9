/** The clock of the machine is set back and forth by days while the listener runs and between its runs. */
import { join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { reportFault } from "../support/fault-table.ts";
import {
  allForwarded,
  judgeForwards,
  Load,
  messageBody,
  readFound,
  startForwarding,
  TIMES,
  until,
} from "../support/faults.ts";
import { freePort, post, serve } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

const RUNS = 4 * TIMES;

test(
  "a clock that jumps by two days in both directions changes neither duplicates nor order, and nothing waits for days",
  async () => {
    const received: string[] = [];
    const accepted: string[] = [];
    let requests = 0;
    const { url: to } = await serve((request, response) => {
      void buffer(request).then((body) => {
        const [, id = ""] = /"id":"(wamid[^"]*)"/.exec(body.toString()) ?? [];
        received.push(id);
        // Now and then it wants to be left alone, by its own clock.
        const isBusy = ++requests % 60 === 0;
        const later = new Date(Date.now() + 1000).toUTCString();
        if (isBusy) return response.writeHead(503, requests % 120 === 0 ? { "retry-after": later } : {}).end();
        accepted.push(id);
        return response.end();
      });
    });
    const node = [`--import=${pathToFileURL(resolve("test/support/jumping-clock.mjs")).href}`];
    const running = { cwd: temporaryFolder(), port: await freePort(), to, node };
    let program = await startForwarding(running);
    const load = new Load(running.port, 8);
    for (let index = 1; index < RUNS; index++) {
      await load.more(100);
      load.down();
      program.process.kill("SIGTERM");
      expect(await program.exit).toBe(0);
      program = await startForwarding(running);
      load.up();
    }
    await load.more(100);
    await load.stop();
    const file = join(running.cwd, ".wa-hook/events.db");
    // As Meta does when it has missed a response.
    for (const id of load.acknowledged.slice(0, 200)) {
      const [, customer = ""] = id.split(".");
      expect(await post(`http://127.0.0.1:${running.port}/webhook`, messageBody(id, customer))).toBe(200);
    }
    await until(() => allForwarded(file, to));
    program.process.kill("SIGTERM");
    expect(await program.exit).toBe(0);
    const found = readFound(file);
    expect(found).toMatchObject({ pending: 0, failed: 0 });
    const judged = judgeForwards(load.acknowledged, found.accepted, received);
    expect(accepted).toHaveLength(found.accepted.length);
    const more = received.length - accepted.length;
    const forwarded = `${accepted.length} (after ${more} failed attempts)`;
    const row = { runs: RUNS, acknowledged: load.acknowledged.length, found: judged.found };
    reportFault({ fault: "clock set back and forth by two days", ...row, forwarded });
  },
  TIMES * 120_000,
);
