/** `wa-hook emulate --token`: the emulator issues an access token in each state, and `wa-hook token` reports it. */
import { expect, test } from "vitest";

import { inBackground } from "../support/background.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const ENV = "--env-file .env.emulator";

const report = async (state: string) => {
  const cwd = temporaryFolder();
  const emulator = await inBackground(`emulate --port 0 --save-env .env.emulator --token ${state}`, { cwd });
  const seen = await transcript(`token ${ENV}`, { cwd });
  await emulator.stop();
  return seen;
};

test.each([
  ["permanent", /Type +SYSTEM_USER[^]*Expires +never[^]*exit 0/],
  ["temporary", /Type +USER[^]*Expires +.*in (?:1 day|23 hours)[^]*exit 0/],
  ["sixty-days", /Type +SYSTEM_USER[^]*Expires +.*in (?:60|59) days[^]*exit 0/],
  ["expired", /Expires +.* ago[^]*exit 1/],
  ["logged-out", /logged out[^]*exit 1/],
  ["no-messaging-scope", /✗[^\n]*whatsapp_business_messaging[^]*exit 1/],
  ["other-app", /exit 1/],
  ["other-business", /✗[^\n]*business account|✗[^\n]*WABA/i],
])("a token that is %s is saved, and wa-hook token reports its state", async (state, expected) => {
  expect(await report(state)).toMatch(expected);
});

test("/token prints a token while the emulator runs", async () => {
  const emulator = await inBackground("emulate --port 0 --seed typed", { cwd: temporaryFolder() });
  emulator.type("/token expired");
  await emulator.shows("WHATSAPP_ACCESS_TOKEN=EAAGEmulatedExpired");
  emulator.type("/token lost");
  await emulator.shows("unknown token state lost");
  await emulator.stop();
});

test("an unknown state is rejected with the list of states", async () => {
  const seen = await transcript("emulate --token lost", { cwd: temporaryFolder() });
  expect(seen).toContain("--token must be one of permanent, temporary, sixty-days");
  expect(seen).toContain("exit 2");
});
