/**
 * Power cuts: the files of a store in use are copied while its process stands still, and everything that no sync covers is torn.
 *
 * What this proves: the program acknowledges only what a finished sync of the log covers, and SQLite reads such a copy as a whole store,
 * whatever is behind that point. What it cannot prove: that the disk keeps what it has reported as synced, and the syncs that SQLite
 * makes itself when it copies the log into the database; a page of the database is torn only where the durable log has it as well.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { reportFault } from "../support/fault-table.ts";
import { Load, randomFrom, readFound, Remembering, startForwarding, TIMES } from "../support/faults.ts";
import { freePort, serve } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

const CUTS = 40 * TIMES;
/** Ways to tear each copy. */
const TEARS = 5;
const LOG_HEADER = 32;
const FRAME_HEADER = 24;
const SECTOR = 512;

type Random = (below: number) => number;

function fillRandomly(bytes: Buffer, random: Random): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = random(256);
}

/** Cuts, overwrites or zeroes a part of what is behind `durable`, in sectors or in bytes. */
function tearLog(log: Buffer, durable: number, random: Random): Buffer {
  const rest = log.length - durable;
  if (rest <= 0) return log;
  const torn = Buffer.from(log);
  const from = durable + random(rest + 1);
  const way = random(4);
  if (way === 0) return torn.subarray(0, from);
  if (way === 1) fillRandomly(torn.subarray(from, from + random(4096)), random);
  else if (way === 2) torn.fill(0, from);
  else {
    for (let at = Math.ceil(durable / SECTOR) * SECTOR; at < torn.length; at += SECTOR) {
      if (random(3) === 0) fillRandomly(torn.subarray(at, at + SECTOR), random);
    }
  }
  return torn;
}

/** Tears pages that the durable part of the log contains: they may have been on their way into the database. */
function tearDatabase(database: Buffer, log: Buffer, durable: number, random: Random): void {
  const size = log.length < LOG_HEADER ? 0 : log.readUInt32BE(8);
  for (let at = LOG_HEADER; at + FRAME_HEADER + size <= durable; at += FRAME_HEADER + size) {
    const page = log.readUInt32BE(at);
    // A disk writes a sector whole, and SQLite reads the first one before the log.
    const begin = (page - 1) * size + (page === 1 ? SECTOR : 0);
    if (begin < database.length && random(2) === 0) fillRandomly(database.subarray(begin, begin + SECTOR), random);
  }
}

test.skipIf(!existsSync("/proc/self/status"))(
  "what was acknowledged before a power cut is in the store after it, whole, whatever became of the rest",
  async () => {
    const random = randomFrom(12);
    const { url: to } = await serve(new Remembering().handle);
    const cwd = temporaryFolder();
    const notes = join(cwd, "synced");
    const node = [`--import=${pathToFileURL(resolve("test/support/synced.mjs")).href}`];
    const running = { cwd, port: await freePort(), to, node, env: { SYNCED_NOTES: notes } };
    const program = await startForwarding(running);
    const load = new Load(running.port, 24);
    const file = join(cwd, ".wa-hook/events.db");
    let acknowledged = 0;
    let unsynced = 0;
    for (let cut = 0; cut < CUTS; cut++) {
      await load.more(10 + random(60));
      for (let turn = random(20); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      const known = load.acknowledged.slice();
      program.process.kill("SIGSTOP");
      await stopped(program.process.pid ?? 0);
      const [database, log, note] = [file, `${file}-wal`, notes].map((path) => readFileSync(path)) as [
        Buffer,
        Buffer,
        Buffer,
      ];
      program.process.kill("SIGCONT");
      const isSameLog = note.subarray(0, 8).equals(log.subarray(16, 24));
      const durable = isSameLog ? note.readUInt32BE(8) : LOG_HEADER;
      if (durable < endOf(log)) unsynced++;
      for (let tear = 0; tear < TEARS; tear++) {
        const copy = join(temporaryFolder(), "events.db");
        const pages = Buffer.from(database);
        if (isSameLog) tearDatabase(pages, log, durable, random);
        writeFileSync(copy, pages);
        writeFileSync(`${copy}-wal`, tearLog(log, durable, random));
        const kept = new Set(readFound(copy).accepted);
        expect(
          known.filter((id) => !kept.has(id)),
          `cut ${cut}, tear ${tear}`,
        ).toEqual([]);
        acknowledged = known.length;
      }
    }
    await load.stop();
    const runs = CUTS * TEARS;
    reportFault({
      fault: "power cut, torn log and pages (copies)",
      runs,
      acknowledged,
      found: acknowledged,
      forwarded: "–",
    });
    // Otherwise nothing was torn that mattered.
    expect(unsynced).toBeGreaterThan(0);
  },
  TIMES * 300_000,
);

/** The end of the last frame of the log as it was running. */
function endOf(log: Buffer): number {
  const frame = FRAME_HEADER + log.readUInt32BE(8);
  let end = LOG_HEADER;
  while (log.subarray(end + 8, end + 16).equals(log.subarray(16, 24))) end += frame;
  return end;
}

/** SIGSTOP is asynchronous: until each thread of the process stands still. */
async function stopped(pid: number): Promise<void> {
  while (!/^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, "utf8")))
    await new Promise((resolve) => setImmediate(resolve));
}
