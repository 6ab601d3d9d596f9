/** The listener is ended at random moments under load, by kill -9 and by SIGTERM: what it acknowledged is kept and reaches the app. */
import { join } from "node:path";

import { expect, test } from "vitest";

import { reportFault } from "../support/fault-table.ts";
import {
  allForwarded,
  judgeForwards,
  Load,
  randomFrom,
  readFound,
  Remembering,
  startForwarding,
  TIMES,
  until,
} from "../support/faults.ts";
import { freePort, serve } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

/** More than the listener has connections to its app. */
const CUSTOMERS = 40;
const CONNECTIONS = 32;

interface Ended {
  acknowledged: number;
  once: number;
  again: number;
  /** What the app got again after one of the ends, at most. */
  mostAgain: number;
}

/** Ends and restarts a listener so often, each time after 5 to 30 further deliveries. */
async function endUnderLoad(signal: "SIGKILL" | "SIGTERM", times: number, seed: number): Promise<Ended> {
  const random = randomFrom(seed);
  const app = new Remembering();
  const { url: to } = await serve(app.handle);
  const running = { cwd: temporaryFolder(), port: await freePort(), to };
  let program = await startForwarding(running);
  const load = new Load(running.port, CUSTOMERS);
  const ends: number[] = [];
  for (let time = 0; time < times; time++) {
    await load.more(5 + random(26));
    for (let turn = random(20); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
    load.down();
    program.process.kill(signal);
    expect(await program.exit).toBe(signal === "SIGKILL" ? signal : 0);
    ends.push(app.ids.length);
    expect(program.stderr.text).not.toMatch(/repair|damage|recover|corrupt|error:/i);
    program = await startForwarding(running);
    load.up();
  }
  await load.stop();
  const file = join(running.cwd, ".wa-hook/events.db");
  await until(() => allForwarded(file, to));
  program.process.kill("SIGTERM");
  expect(await program.exit).toBe(0);
  const { accepted, pending, failed } = readFound(file);
  expect({ pending, failed }).toEqual({ pending: 0, failed: 0 });
  const { once, again } = judgeForwards(load.acknowledged, accepted, app.ids);
  return { acknowledged: load.acknowledged.length, once, again, mostAgain: mostAgain(app.ids, ends) };
}

function mostAgain(ids: readonly string[], ends: readonly number[]): number {
  const known = new Set<string>();
  const after = ends.map((end, at) => {
    for (const id of ids.slice(ends[at - 1] ?? 0, end)) known.add(id);
    return ids.slice(end, ends[at + 1]).filter((id) => known.has(id)).length;
  });
  return Math.max(...after);
}

/** Several stores, two at a time. */
async function endManyUnderLoad(signal: "SIGKILL" | "SIGTERM", stores: number, times: number): Promise<Ended> {
  const all: Ended = { acknowledged: 0, once: 0, again: 0, mostAgain: 0 };
  for (let store = 0; store < stores; store += 2) {
    for (const ended of await Promise.all([1, 2].map((of) => endUnderLoad(signal, times, store + of)))) {
      for (const key of ["acknowledged", "once", "again"] as const) all[key] += ended[key];
      all.mostAgain = Math.max(all.mostAgain, ended.mostAgain);
    }
  }
  const fault = signal === "SIGKILL" ? "kill -9 of wa-hook under load" : "SIGTERM under load";
  const { acknowledged } = all;
  const forwarded =
    all.again === 0 ? String(all.once) : `${all.once} (${all.again} again, ≤ ${all.mostAgain} per kill)`;
  reportFault({ fault, runs: stores * times, acknowledged, found: acknowledged, forwarded });
  return all;
}

test(
  "kill -9 under load loses no acknowledged delivery, and the app gets each, again only what was in flight or just answered",
  async () => {
    const most = await endManyUnderLoad("SIGKILL", 4 * TIMES, 25);
    // What the app had and not answered, and answers that were not written yet: here at most one per customer.
    expect(most.mostAgain).toBeLessThanOrEqual(CONNECTIONS + CUSTOMERS);
  },
  TIMES * 400_000,
);

test(
  "SIGTERM under load ends with 0, and the app gets each acknowledged delivery once",
  async () => {
    const { again } = await endManyUnderLoad("SIGTERM", 2 * TIMES, 10);
    expect(again).toBe(0);
  },
  TIMES * 200_000,
);
