/** wa-hook listen with a forwarded app: duplicates, self-forwarding, Ctrl-C, and replaying what was recorded. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { freePort, serve } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const env = { WHATSAPP_APP_SECRET: "test-app-secret-of-32-characters", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

test("a duplicate is not forwarded, which both terminals print, and --fresh is forwarded", async () => {
  const cwd = temporaryFolder();
  let requests = 0;
  const app = await serve((request, response) => {
    requests++;
    request.resume();
    response.end();
  });
  const terminal = await listenInBackground(`--forward-to ${app.port}`, { cwd, env });
  const run = (flags: string) => transcript(`replay text ${flags} --to ${terminal.port}`, { cwd, env });
  expect(await run("")).not.toContain("duplicate");
  const again = await run("");
  expect(again).toMatch(/^= text +200 N ms +duplicate, not forwarded$/m);
  expect(again).toContain("1 passed (1 duplicate)");
  expect(again).toContain("→ add --fresh");
  expect(await run("--fresh")).not.toContain("duplicate");
  await terminal.shows(/duplicate, not forwarded[^]*→ 200/);
  expect(await terminal.stop()).toContain("duplicate, not forwarded");
  expect(requests).toBe(2);
});

test("two listeners in one folder do not see each other's deliveries as duplicates", async () => {
  const cwd = temporaryFolder();
  const one = await listenInBackground("", { cwd, env });
  const two = await listenInBackground("", { cwd, env });
  const replays = [];
  for (const { port } of [one, two, one]) replays.push(await transcript(`replay text --to ${port}`, { cwd, env }));
  expect(replays.map((seen) => seen.includes("duplicate"))).toEqual([false, false, true]);
  await one.stop();
  expect(await two.stop()).toContain("1 delivery · 1 event");
});

test("a PORT of the app that makes the listener forward to itself is an error that names it", async () => {
  const cwd = temporaryFolder();
  const port = await freePort();
  writeFileSync(join(cwd, ".env"), `PORT=${port}\n`);
  const seen = await transcript(`listen --forward-to ${port}`, { cwd, env });
  expect(seen).toContain("leads back to this listener");
  expect(seen).toContain("PORT in .env");
  expect(seen).toContain("exit 2");
});

test("Ctrl-C names the responses it waits for, and a second Ctrl-C ends at once with the summary", async () => {
  const cwd = temporaryFolder();
  const app = await serve(() => {});
  const terminal = await listenInBackground(`--forward-to ${app.port}`, { cwd, env });
  await transcript(`replay text --to ${terminal.port}`, { cwd, env });
  const ended = terminal.stop();
  await terminal.shows(/Waiting up to 5 s for 1 response from the app/);
  void terminal.stop();
  const seen = await ended;
  expect(seen).toContain("1 failed attempt to forward");
  expect(seen).toContain("canceled on exit before the app responded");
  expect(seen).not.toContain("client is destroyed");
  expect(seen).toContain("exit 0");
});

test("recorded deliveries are replayed by last, by id and by @, and fixtures by patterns", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env });
  const patterns = await transcript(`replay 'status.d*' text --to ${terminal.port}`, { cwd, env });
  expect(patterns).toMatch(/^✓ status\.delivered/m);
  expect(patterns).not.toMatch(/status\.read/);
  for (const [typed, shown] of [
    ["last", /^= @\d+/m],
    ["1", /^= @1 /m],
    ["@1", /^= @1 /m],
  ] as const) {
    expect(await transcript(`replay ${typed} --to ${terminal.port}`, { cwd, env })).toMatch(shown);
  }
  expect(await transcript("replay 'nothing.*'", { cwd, env })).toContain("no bundled fixture matches nothing.*");
  await terminal.stop();
});
