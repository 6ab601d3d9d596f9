/** wa-hook init in a pseudo-terminal, with the built program. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { Emulator } from "../../../src/emulator/emulator.ts";
import { startEmulator } from "../../../src/emulator/server.ts";
import { hasPty, waHookInTerminal } from "../../support/pty.ts";
import { settled } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

const NGROK_TOKEN = "an_emulated_ngrok_token_that_opens_nothing_000000";

const environment = (url: string) => ({
  PATH: process.env["PATH"],
  TERM: "xterm",
  LANG: "C.UTF-8",
  NO_COLOR: "1",
  TZ: "UTC",
  GRAPH_API_URL: url,
});

/** Uses this machine's clock, as the built program does. */
async function emulated(): Promise<Emulator> {
  const emulator = await startEmulator({ accountSeed: "wa-hook" });
  onTestFinished(() => emulator.close());
  return emulator;
}

/** Replaces what differs between runs: tokens and times. */
function steady(recording: string, cwd: string): string {
  return settled(recording, cwd)
    .replaceAll(/(?<=abcd…)[0-9a-f]{4}/g, "0000")
    .replaceAll(/in 23\s+hours/g, "in 1 day");
}

test.skipIf(!hasPty)("wrong answers are explained next to the question, and secrets are not shown", async () => {
  const { account, tokens, url } = await emulated();
  const cwd = temporaryFolder();
  const terminal = waHookInTerminal(["init"], { cwd, env: environment(url) });
  await terminal.shows("App ID");
  terminal.enter("my app");
  await terminal.shows("digits only");
  terminal.enter(`${"\u007f".repeat(6)}${account.appId}`, `(6 × backspace)${account.appId}`);
  await terminal.shows("App secret");
  terminal.enter("wrong", "(a wrong secret)");
  await terminal.shows("an app secret has");
  terminal.enter("00000000000000000000000000000000", "(the secret of another app)");
  // The current value is shown as the default.
  await terminal.shows("✗", `(empty: skip): ${account.appId}`);
  terminal.enter("", "");
  await terminal.shows("App secret");
  terminal.type(account.appSecret, "(the right secret)");
  await terminal.shows("*".repeat(account.appSecret.length));
  terminal.enter("", "");
  await terminal.shows("✓", "Access token");
  terminal.enter(tokens.loggedOut, "(a token that was logged out)");
  await terminal.shows("✗", "Access token");
  terminal.enter(tokens.temporary, "(a token of the dashboard)");
  await terminal.shows("✓ Access token", "Allowed numbers");
  terminal.enter("16505551234");
  await terminal.shows("no + and country code");
  terminal.enter(`${"\u007f".repeat(11)}+16505551234`, "(11 × backspace)+16505551234");
  await terminal.shows("reach this machine");
  terminal.enter("", "");
  await terminal.shows("ngrok authtoken");
  terminal.enter(NGROK_TOKEN, "(ngrok's token)");
  const recording = await terminal.recording();
  await expect(steady(recording, cwd)).toMatchFileSnapshot("../../transcripts/init-terminal.txt");
  for (const secret of [account.appSecret, tokens.temporary, NGROK_TOKEN]) expect(recording).not.toContain(secret);
  expect(statSync(join(cwd, ".env")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(cwd, ".env"), "utf8")).toContain(`WHATSAPP_PHONE_NUMBER_ID=${account.phoneNumberId}\n`);
});

test.skipIf(!hasPty)("Ctrl-C at a question exits with 130, and nothing is saved", async () => {
  const { account, url } = await emulated();
  const cwd = temporaryFolder();
  const terminal = waHookInTerminal(["init"], { cwd, env: environment(url) });
  await terminal.shows("App ID");
  terminal.enter(account.appId);
  await terminal.shows("App secret");
  terminal.interrupt();
  expect(await terminal.recording()).toMatch(/stopped at a question; nothing was done\n+exit 130\n$/);
  expect(existsSync(join(cwd, ".env"))).toBe(false);
});
