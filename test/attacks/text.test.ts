/** Text of others that reaches for the terminal: in every field of deliveries, and in a folder that somebody else has prepared. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { expect, test } from "vitest";

import { reportAttack } from "../support/attacks.ts";
import { bodiesWith, FORBIDDEN, hostileText, sessionWith } from "../support/hostile.ts";
import { programEnv, waHook } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const ROUNDS = 8;

function countHidden(seen: string): number {
  return [...seen.matchAll(new RegExp(FORBIDDEN.source, "gu"))].length;
}

test("hostile text in every field of deliveries, answers of the app and arguments puts nothing on the terminal but itself", async () => {
  let hidden = 0;
  for (const [round, text] of fc.sample(hostileText, { numRuns: ROUNDS, seed: 9 }).entries()) {
    const spots = Array.from({ length: 60 }, (_, at) => at * 7 + round * 101);
    hidden += countHidden((await sessionWith(text, bodiesWith(text, spots))).join("\n"));
  }
  reportAttack({
    attack: `hostile text in ${ROUNDS * 60} fields of deliveries`,
    before: "21 651 controls and invisible characters printed",
    after: `${hidden} printed`,
  });
  expect(hidden).toBe(0);
});

test("a prepared registration.json does not drive the terminal", async () => {
  const cwd = temporaryFolder();
  const trick = "\u001b[2J\u001b[H\u001b]0;yours\u0007\n✓ Everything is fine\u202e";
  const url = `https://example.com/${trick}`;
  const before = { level: `phone${trick}`, phoneNumberId: trick, businessAccountId: trick, url, subscribed: false };
  mkdirSync(join(cwd, ".wa-hook"), { mode: 0o700 });
  const registration = JSON.stringify({ url, graphUrl: `http://127.0.0.1:1/${trick}`, pid: 99_999_999, before });
  writeFileSync(join(cwd, ".wa-hook", "registration.json"), registration, { mode: 0o600 });

  let seen = "";
  for (const [args, more] of [
    [["listen", "--port", "0"], {}],
    [["webhook", "restore"], { WHATSAPP_ACCESS_TOKEN: "fake-token", GRAPH_API_URL: "http://127.0.0.1:1" }],
  ] as const) {
    const program = waHook(args, { cwd, env: { ...programEnv, ...more } });
    await Promise.race([program.stderr.until("Ready."), program.exit]);
    program.process.kill("SIGTERM");
    await program.exit;
    seen += program.stdout.text + program.stderr.text;
  }
  const hidden = countHidden(seen);
  reportAttack({
    attack: "listen beside a prepared registration.json",
    before: "5 controls: screen cleared, a line forged",
    after: `${hidden} controls`,
  });
  expect([hidden, /^✓ Everything/m.test(seen)]).toEqual([0, false]);
});
