/** `--no-input`: whoever is at the terminal is not asked, and the error names the flag that says it. */
import { PassThrough } from "node:stream";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import type { Ask } from "../../src/terminal/ask.ts";
import { withoutInput, type World } from "../../src/terminal/world.ts";
import { emulated } from "../support/emulated.ts";
import { recorded, text } from "../support/recorded.ts";
import { wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";

/** A terminal with a person, and what that person was asked. */
function terminal(options: { cwd?: string; env?: Record<string, string> } = {}) {
  const asked: string[] = [];
  const refuse = (question: string) => {
    asked.push(question);
    return Promise.reject(new Error("asked"));
  };
  const ask: Ask = { choose: refuse, text: refuse, secret: refuse, confirm: refuse };
  return { ...testWorld({ tty: true, ...options }), ask, asked };
}

async function refused(line: string, options: { cwd?: string; env?: Record<string, string> } = {}) {
  const world = terminal(options);
  const code = await main(wordsOf(`${line} --no-input --json`), world);
  expect(world.asked).toEqual([]);
  const error = JSON.parse(world.stderr.text.trim().split("\n").at(-1) ?? "") as { code: string; hint: string };
  return { exit: code, code: error.code, hint: error.hint };
}

test("every question is a usage error whose hint names a flag", async () => {
  const { env, account } = await emulated();
  const cwd = await recorded(text("wamid.1"));
  const cases: [line: string, options: { cwd?: string; env?: Record<string, string> }, flag: string][] = [
    ["init", {}, "--access-token-file"],
    ["listen --port 0 --tunnel ngrok", { env: { HOME: cwd } }, "--ngrok-authtoken-file"],
    ["listen --port 0 --public-url https://example.com", {}, "--app-secret-file"],
    ["send text Hello", { env: { ...env, WHATSAPP_ALLOWED_NUMBERS: account.allowedNumbers.join(",") } }, "--to"],
    ["template delete hello_world", { env }, "--yes"],
    ["events prune --all --store events.db", { cwd }, "--yes"],
    ["flow keys --encrypt", {}, "--passphrase-file"],
  ];
  for (const [line, options, flag] of cases) {
    const { exit, hint } = await refused(line, options);
    expect([line, exit, hint]).toEqual([line, 2, expect.stringContaining(flag)]);
  }
});

test("the same person is asked without the flag", async () => {
  const { env, account } = await emulated();
  const world = terminal({ env: { ...env, WHATSAPP_ALLOWED_NUMBERS: account.allowedNumbers.join(",") } });
  await main(["send", "text", "Hello"], world);
  expect(world.asked).toEqual(["Recipient"]);
});

test("--no-input after -- belongs to the program that is run", async () => {
  const world = terminal({ env: { PATH: process.env["PATH"] ?? "" } });
  const asked = main(["exec", "--port", "0", "--", process.execPath, "-e", "0", "--", "--no-input"], world);
  expect(await asked).toBe(0);
});

test("without input there are no keys and no prompt, a terminal is empty as stdin, and a pipe is read", async () => {
  const [tty, pipe] = [Object.assign(new PassThrough(), { isTTY: true }), new PassThrough()];
  const keys = { read: () => ({ [Symbol.dispose]: () => {} }) };
  const world = (stdin: World["stdin"]) => withoutInput({ ...terminal(), stdin, keys });
  expect([world(tty).ask, world(tty).keys, world(tty).prompt]).toEqual([undefined, undefined, undefined]);
  expect(await world(tty).stdin.toArray()).toEqual([]);
  expect(world(pipe).stdin).toBe(pipe);
  tty.destroy();
});
