/** Stores, files and lists that are too large to be held: what goes through goes piece by piece, and waits for its reader. */
import { once } from "node:events";
import { closeSync, createWriteStream, openSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

import Database from "libsql";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { CAN_MEASURE_MEMORY, peakMemoryOf, reportAttack } from "../support/attacks.ts";
import { freePort, listening, post, serve } from "../support/http.ts";
import { programEnv, waHook, type Program } from "../support/program.ts";
import { receivedBody } from "../support/received.ts";
import { temporaryFolder } from "../support/world.ts";

const MB = 1024 * 1024;
const ROWS = 1_000_000;
/** What reading a store has to stay under, in MB. */
const BOUND = 200;
/** The same for lines of 4 MB, each of which is there as bytes, as text and as the delivery in it. */
const BOUND_OF_LARGE = 256;

const POLL_MS = 20;

interface Course {
  exit: number | string;
  seconds: number;
  /** The largest resident memory, in MB. */
  peak: number;
}

/** Looks at a program until it ends. */
async function watch({ process: child, exit }: Program): Promise<Course> {
  const started = performance.now();
  let peak = 0;
  const look = setInterval(() => {
    if (!CAN_MEASURE_MEMORY || child.exitCode !== null) return;
    const now = peakMemoryOf(child.pid ?? 0);
    // Of a process that has just ended, nothing is told.
    if (now > peak) peak = now;
  }, POLL_MS);
  try {
    return { exit: await exit, seconds: (performance.now() - started) / 1000, peak };
  } finally {
    clearInterval(look);
  }
}

const figures = ({ seconds, peak }: Course) => `${peak} MB, ${seconds.toFixed(1)} s`;

/** An output that takes everything. */
function nowhere(): number {
  const output = openSync("/dev/null", "w");
  onTestFinished(() => closeSync(output));
  return output;
}

describe.skipIf(!CAN_MEASURE_MEMORY)("a store of a million deliveries", () => {
  const folder = mkdtempSync(join(tmpdir(), "wa-hook-streams-"));
  const file = join(folder, "events.db");
  const toNowhere = (args: string[]) =>
    waHook([...args, "--store", file], { cwd: folder, stdio: ["ignore", nowhere(), "pipe"] });

  beforeAll(async () => {
    const store = await openStore(file);
    const body = Buffer.from('{"entry":[]}');
    await store.record(receivedBody(body, { receivedAt: Date.now() }));
    await store.close();
    const database = new Database(file);
    database.exec(`PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF;
      INSERT INTO deliveries (received_at, headers, body, verdict)
      WITH RECURSIVE more(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM more WHERE n < ${ROWS})
      SELECT received_at + n, headers, body, verdict FROM more, deliveries WHERE id = 1`);
    database.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is exported in little memory", async () => {
    const course = await watch(toNowhere(["events", "export"]));
    expect(course.exit).toBe(0);
    expect(course.peak).toBeLessThan(BOUND);
    reportAttack({
      attack: "events export, a million deliveries",
      before: "4499 MB, 46.5 s, RangeError, exit 70",
      after: figures(course),
    });
  });

  test("is listed in little memory", async () => {
    const course = await watch(toNowhere(["events", "list", "--limit", String(ROWS)]));
    expect(course.exit).toBe(0);
    expect(course.peak).toBeLessThan(BOUND);
    reportAttack({
      attack: "events list --limit 1000000",
      before: "6790 MB, 62.1 s",
      after: figures(course),
    });
  });

  test("ends at once, and well, when its reader leaves after the first line", async () => {
    const program = waHook(["events", "export", "--store", file], { cwd: folder });
    const ending = watch(program);
    await program.stdout.until("\n");
    program.process.stdout?.destroy();
    const course = await ending;
    expect(course.exit).toBe(0);
    expect(program.stderr.text).toBe("");
    expect(course.seconds).toBeLessThan(2);
    reportAttack({ attack: "events export | head -1", before: "4497 MB, 50.8 s", after: figures(course) });
  });

  test("waits for a reader who takes a piece now and then", async () => {
    const program = waHook(["events", "export", "--store", file], { cwd: folder });
    const ending = watch(program);
    const stdout = program.process.stdout as Readable;
    let pieces = 0;
    for (; pieces < 40; pieces++) {
      await once(stdout, "data");
      stdout.pause();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS * 2));
      stdout.resume();
    }
    expect(program.process.exitCode).toBeNull();
    program.process.kill("SIGINT");
    stdout.resume();
    const course = await ending;
    expect(course.peak).toBeLessThan(BOUND);
    reportAttack({
      attack: "events export to a slow reader",
      before: "4497 MB",
      after: `${course.peak} MB after ${pieces} pieces`,
    });
  });
});

/** A file of 100 MB or so; resolves with its name. */
async function write(cwd: string, count: number, body: string): Promise<string> {
  const line = `${JSON.stringify({ body_b64: Buffer.from(body).toString("base64") })}\n`;
  const file = createWriteStream(join(cwd, "much.ndjson"));
  for (let n = 0; n < count; n++) if (!file.write(line)) await once(file, "drain");
  file.end();
  await once(file, "close");
  return "much.ndjson";
}

const replaying = (cwd: string, args: string[]) =>
  watch(waHook(["replay", ...args], { cwd, env: programEnv, stdio: ["ignore", nowhere(), "pipe"] }));

describe.skipIf(!CAN_MEASURE_MEMORY)("100 MB of NDJSON", () => {
  test("of large deliveries are replayed in little memory", async () => {
    const app = await serve((request, response) => {
      request.resume().on("end", () => response.end());
    });
    const cwd = temporaryFolder();
    const file = await write(cwd, 24, `"${"x".repeat(3 * MB - 2)}"`);
    const course = await replaying(cwd, [file, "--to", app.url]);
    expect(course.exit).toBe(0);
    expect(course.peak).toBeLessThan(BOUND_OF_LARGE);
    reportAttack({ attack: "replay of 100 MB in 24 lines", before: "403 MB, 2.6 s", after: figures(course) });
  });

  test("of 150 000 deliveries are looked through in little memory, before nobody is found to take them", async () => {
    const cwd = temporaryFolder();
    const file = await write(cwd, 150_000, `"${"x".repeat(500)}"`);
    const course = await replaying(cwd, [file, "--to", String(await freePort())]);
    expect(course.exit).toBe(4);
    expect(course.peak).toBeLessThan(BOUND);
    reportAttack({ attack: "replay of 100 MB in 150 000 lines", before: "438 MB, exit 70", after: figures(course) });
  });
});

const change = (value: string, field = "messages") =>
  `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"${field}","value":${value}}]}]}`;
const list = (count: number, item: string) => `[${Array.from({ length: count }, () => item).join(",")}]`;
const message = '{"id":"w","type":"t"}';
const oldMessages = `{"history":[{"threads":[{"messages":${list(130_000, message)}}]}]}`;
const contacts = list(50_000, '{"wa_id":"1","profile":{}}');

test.each([
  ["150 000 statuses", "500, lost", change(`{"statuses":${list(150_000, '{"id":"w"}')}}`), 150_000],
  ["130 000 messages", "500, lost", change(`{"messages":${list(130_000, message)}}`), 130_000],
  ["130 000 old messages", "500, lost", change(oldMessages, "history"), 130_000],
  [
    "50 000 contacts beside 50 000 old messages",
    "12 minutes without an answer",
    change(`{"contacts":${contacts},"messages":${list(50_000, message)}}`, "history"),
    50_000,
  ],
  ["a million entries that are none", "a million events", `{"entry":${list(1_000_000, "1")}}`, 200_002],
])("a signed delivery of %s is acknowledged and recorded", async (what, before, body, events) => {
  const { listener } = await listening();
  const started = performance.now();
  expect(await post(listener.url, body)).toBe(200);
  const seconds = (performance.now() - started) / 1000;
  expect(listener.store.last()?.events).toHaveLength(events);
  reportAttack({ attack: `signed: ${what}`, before, after: `200, ${events} recorded, ${seconds.toFixed(1)} s` });
});
