/** Deleting recorded deliveries and checking their file, as a person does it. */
import { statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import Database from "libsql";
import { expect, test } from "vitest";

import { prepareSchema } from "../../src/store/sqlite/schema.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { post, signed } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { asked } from "../support/pty.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/events-${name}.txt`;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The time of `testWorld`. */
const NOW = 1_785_500_000_000;

/** A folder with deliveries that are so many days old, with a forward each. */
async function recorded(days: readonly number[], padding = 0): Promise<string> {
  const cwd = temporaryFolder();
  const store = await openStore(join(cwd, "events.db"));
  const forwardTo = ["http://localhost:3000/webhook"];
  const all = days.map((age, index) => {
    const receivedAt = NOW - age * DAY_MS;
    return receivedValue(
      { messages: [textItem(`wamid.${index}`, "x".repeat(padding))] },
      { receivedAt, forwardTo, headers: [["X-A", "1"]] },
    );
  });
  for (const delivery of all) await store.record(delivery);
  await store.close();
  return cwd;
}

async function all(cwd: string, ...lines: string[]): Promise<string> {
  const parts: string[] = [];
  for (const line of lines) parts.push(await transcript(line, { cwd }));
  return parts.join("\n").replaceAll(/\d+\.\d MB/g, "N MB");
}

const STORE = "--store events.db";

async function idsIn(cwd: string): Promise<string[]> {
  const listed = await transcript(`events list --json ${STORE}`, { cwd });
  return [...listed.matchAll(/"type":"delivery","id":"(\d+)"/g)].map(([, id = ""]) => id);
}

test("what cannot be done is explained, and nothing is deleted", async () => {
  const cwd = await recorded([9, 1]);
  const lines = [
    `events prune ${STORE}`,
    `events prune --before 7d ${STORE}`,
    `events prune --all --before 7d ${STORE}`,
    `events prune --before soon ${STORE}`,
    `events prune --keep-size 100 ${STORE}`,
    `events prune --before 10d ${STORE}`,
    "events prune --all",
    "events check",
    "listen --keep forever",
    "listen --keep-size 1000",
    "listen --page-port 70000",
  ];
  await expect(await all(cwd, ...lines)).toMatchFileSnapshot(golden("prune-refused"));
  expect(await idsIn(cwd)).toEqual(["1", "2"]);
});

test("what is older than a time or a date is deleted, and everything with --all", async () => {
  const cwd = await recorded([400, 9, 8, 6, 1]);
  await expect(
    await all(
      cwd,
      `events prune --before 7d --yes ${STORE}`,
      `events list ${STORE}`,
      `events prune --before 2026-07-27 --yes --json ${STORE}`,
      `events prune --all --yes ${STORE}`,
      `events list ${STORE}`,
      `events check ${STORE}`,
    ),
  ).toMatchFileSnapshot(golden("prune"));
});

test("a size deletes the oldest until the file is smaller", async () => {
  const cwd = await recorded(
    Array.from({ length: 300 }, (_, index) => 300 - index),
    4000,
  );
  const size = () => statSync(join(cwd, "events.db")).size;
  expect(size() + statSync(join(cwd, "events.db-wal")).size).toBeGreaterThan(1024 * 1024);
  const seen = await transcript(`events prune --keep-size 400K --yes ${STORE}`, { cwd });
  expect(seen).toMatch(/\d+ deliveries deleted \([^)]*\) · \d+ not forwarded yet · file \S+ [kM]B smaller\nexit 0/);
  expect(size()).toBeLessThanOrEqual(400 * 1024);
  const ids = (await transcript(`events list --limit 1000 --json ${STORE}`, { cwd })).match(/"id":"\d+"/g) ?? [];
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.at(-1)).toBe('"id":"300"');
});

test("in a terminal it asks first, and does nothing when the answer is no", async () => {
  const cwd = await recorded([9, 1]);
  const question = "Delete 1 delivery";
  const { code } = await asked(`events prune --before 7d ${STORE}`, [[question, false]], { cwd });
  expect([code, await idsIn(cwd)]).toEqual([130, ["1", "2"]]);
  const confirmed = await asked(`events prune --before 7d ${STORE}`, [[question, true]], { cwd });
  expect([confirmed.code, await idsIn(cwd)]).toEqual([0, ["2"]]);
});

test("it works beside a running listener, which goes on recording", async () => {
  const cwd = temporaryFolder();
  const env = { WHATSAPP_APP_SECRET: "test-app-secret" };
  const terminal = await listenInBackground(`--no-admin ${STORE}`, { cwd, env });
  const url = `http://127.0.0.1:${terminal.port}/webhook`;
  const send = async (id: string) => {
    const { body } = receivedValue({ messages: [textItem(id)] });
    expect(await post(url, Buffer.from(body), signed(Buffer.from(body)))).toBe(200);
  };
  for (let index = 0; index < 20; index++) await send(`wamid.a${index}`);
  const sending = (async () => {
    for (let index = 0; index < 100; index++) await send(`wamid.b${index}`);
  })();
  const pruned = await transcript(`events prune --all --yes --json ${STORE}`, { cwd });
  await sending;
  await send("wamid.c");
  await terminal.stop();
  const [, deleted = ""] = /"type":"pruned","deliveries":(\d+)/.exec(pruned) ?? [];
  const left = await idsIn(cwd);
  expect(Number(deleted)).toBeGreaterThanOrEqual(20);
  const listed = await transcript(`events list --limit 1000 --json ${STORE}`, { cwd });
  expect(listed.match(/"type":"delivery"/g)?.length).toBe(121 - Number(deleted));
  expect(left.at(-1)).toBe("121");
  expect(await transcript(`events check ${STORE}`, { cwd })).toContain("exit 0");
});

test("a store without bookkeeping of free pages is rebuilt, so that it becomes smaller", async () => {
  const cwd = temporaryFolder();
  const file = join(cwd, "events.db");
  const database = new Database(file);
  // Only a file without pages can be given the bookkeeping.
  database.exec("CREATE TABLE first (x); DROP TABLE first");
  prepareSchema(database, file);
  expect(database.prepare("PRAGMA auto_vacuum").get([])).toMatchObject({ auto_vacuum: 0 });
  const insert = database.prepare(
    "INSERT INTO deliveries (received_at, headers, body, verdict) VALUES (?, '[]', ?, 'accepted')",
  );
  for (let index = 0; index < 300; index++) insert.run([index, Buffer.alloc(4000)]);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  const before = statSync(file).size;
  const seen = await transcript(`events prune --before 1d --yes ${STORE}`, { cwd });
  expect(seen).toContain("300 deliveries deleted");
  expect(statSync(file).size).toBeLessThan(before / 5);
});

const inStore = (cwd: string, change: string) => {
  const database = new Database(join(cwd, "events.db"));
  database.exec(change);
  database.close();
};

test("a store that another program has changed fails the check, with a finding for each damage", async () => {
  const cwd = await recorded([3, 2, 1]);
  inStore(
    cwd,
    `UPDATE deliveries SET headers = 'x' WHERE id = 1; DELETE FROM deliveries WHERE id = 2;
     UPDATE forwards SET state = 'lost' WHERE id = 3; UPDATE seen SET keys = '{' WHERE id = 1; DROP INDEX forwards_pending`,
  );
  await expect(await all(cwd, `events check ${STORE}`, `events check --report junit ${STORE}`)).toMatchFileSnapshot(
    golden("check"),
  );
});

test("damaged pages and files of other programs are findings, and checking changes nothing", async () => {
  const cwd = await recorded(
    Array.from({ length: 50 }, () => 1),
    2000,
  );
  const file = join(cwd, "events.db");
  inStore(cwd, "PRAGMA wal_checkpoint(TRUNCATE)");
  truncateSync(file, statSync(file).size - 8192);
  expect(await transcript(`events check ${STORE}`, { cwd })).toMatch(/✗ (Integrity|Store|Readable) .*exit 1/s);
  writeFileSync(join(cwd, "text.db"), "no database at all, but a longer text than its head would be".repeat(20));
  expect(await transcript("events check --store text.db", { cwd })).toMatch(/✗ Store .*exit 1/s);
  const other = new Database(join(cwd, "other.db"));
  other.exec("CREATE TABLE notes (text)");
  other.close();
  expect(await transcript("events check --store other.db", { cwd })).toMatch(/belongs to another program.*exit 2/s);
});
