/** Rows of the store that another program wrote or damaged: each is told by its id, and the others are there as ever. */
import { join } from "node:path";

import Database from "libsql";
import { expect, test } from "vitest";

import { openExistingStore, openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { wireOf } from "../support/http.ts";
import { receivedBody } from "../support/received.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const DAMAGES: readonly [what: string, column: string, value: string | number | null | Buffer][] = [
  ["headers that are no JSON", "headers", "no JSON"],
  ["headers that are no list", "headers", "{}"],
  ["a header that is no pair", "headers", "[1]"],
  ["no body", "body", null],
  ["a body of text", "body", "text"],
  ["a verdict that nobody knows", "verdict", "perhaps"],
  ["a reason that is no text", "reason", 5],
  ["a time that is text", "received_at", "yesterday"],
  ["a time that no clock has", "received_at", Number.MAX_SAFE_INTEGER],
];

/** Deliveries, all malformed but the first and the last. */
async function damaged(cwd: string): Promise<string> {
  const file = join(cwd, "events.db");
  const store = await openStore(file);
  for (let count = 0; count < DAMAGES.length + 2; count++) {
    const body = wireOf("text", `wamid.${count}`);
    await store.record(receivedBody(body, { receivedAt: Date.now(), headers: [["X-A", "1"]] }));
  }
  await store.close();
  const database = new Database(file);
  // Without STRICT, as another program could have made it.
  database.exec(`CREATE TABLE loose AS SELECT * FROM deliveries; DROP TABLE deliveries;
    CREATE TABLE deliveries (id INTEGER PRIMARY KEY, received_at, headers, body, verdict, reason);
    INSERT INTO deliveries SELECT * FROM loose; DROP TABLE loose;`);
  for (const [index, [, column, value]] of DAMAGES.entries()) {
    database.prepare(`UPDATE deliveries SET ${column} = ? WHERE id = ?`).run([value, index + 2]);
  }
  database.close();
  return file;
}

test("events list prints each malformed delivery with its id and continues", async () => {
  const cwd = temporaryFolder();
  const store = await damaged(cwd);
  const seen = await transcript(`events list --store ${store}`, { cwd });
  expect(seen.match(/ malformed: /g)).toHaveLength(DAMAGES.length);
  expect(seen.match(/ text /g)).toHaveLength(2);
  expect(seen).toContain("exit 0");
  const lines = (await transcript(`events list --json --store ${store}`, { cwd })).split("\n").slice(1, -2);
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
    Array.from({ length: DAMAGES.length + 2 }, (_, index) => String(index + 1)),
  );
});

test("events export skips malformed deliveries, lists them, and fails at the end", async () => {
  const cwd = temporaryFolder();
  const store = await damaged(cwd);
  const seen = await transcript(`events export --store ${store}`, { cwd });
  expect(seen.match(/body_b64/g)).toHaveLength(2);
  for (const [index] of DAMAGES.entries()) expect(seen).toContain(`(stderr)   ${index + 2}: `);
  expect(seen).toContain("exit 1");
});

test.each(DAMAGES)("a delivery with %s is a usage error when requested by id", async (what) => {
  const cwd = temporaryFolder();
  const store = await damaged(cwd);
  const id = DAMAGES.findIndex(([each]) => each === what) + 2;
  for (const line of [`events show ${id}`, `events export ${id}`, `fixtures save ${id} -o x.json`, `replay @${id}`]) {
    const seen = await transcript(`${line} --store ${store}`, { cwd });
    expect(seen, line).toMatch(new RegExp(`delivery ${id} in .* is malformed: .*exit 2`, "s"));
    expect(seen, line).not.toContain("bug");
  }
});

test("waiting for a status passes over them", async () => {
  const cwd = temporaryFolder();
  const store = await openExistingStore(await damaged(cwd));
  const rows = [...store.rows({ after: "1" })];
  expect(rows).toHaveLength(DAMAGES.length + 1);
  expect(store.lastId()).toBe(String(DAMAGES.length + 2));
  expect([...store.deliveries()]).toHaveLength(2);
  await store.close();
});

test("an id that no number of JavaScript holds is read like any other", async () => {
  const cwd = temporaryFolder();
  const file = await damaged(cwd);
  const database = new Database(file);
  database.exec(
    "UPDATE deliveries SET id = 9007199254740993 WHERE id = 1; UPDATE deliveries SET id = -5 WHERE id = 11",
  );
  database.close();
  const store = await openExistingStore(file);
  expect([...store.deliveries()].map(({ id }) => id)).toEqual(["-5", "9007199254740993"]);
  await store.close();
});
