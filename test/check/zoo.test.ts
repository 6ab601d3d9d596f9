/** `check` against the zoo (test/apps/zoo/): for each receiver exactly its mistake, for right ones none. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { check, type CheckResult } from "../../src/check/check.ts";
import { testCustomers } from "../../src/check/test-data.ts";
import { answersOf } from "../../src/emulator/answers.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { endApps } from "../apps/start.ts";
import type { Receiver } from "../apps/zoo/index.ts";
import { startable, startReceivers } from "../apps/zoo/start.ts";
import { QUIET } from "../emulator/test-emulator.ts";

const SECRETS = { appSecret: "test-app-secret", verifyToken: "test-verify-token" };
/** Every receiver has a Graph API of its own. */
const GRAPH: EmulatorOptions = {
  ...QUIET,
  realNumber: true,
  limits: false,
  account: { allowedNumbers: [...testCustomers] },
};
/** So many receivers are checked at once. */
const AT_ONCE = 3;
const results = new Map<Receiver, CheckResult>();
const emulators = new Map<Receiver, Emulator>();

beforeAll(async () => {
  await Promise.all(startable.map(async (each) => emulators.set(each, await startEmulator(GRAPH))));
  const waiting = [...(await startReceivers(startable, environment))];
  const next = async (): Promise<void> => {
    const one = waiting.shift();
    if (one === undefined) return;
    results.set(one[0], await checked(...one));
    return next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}, 240_000);

afterAll(async () => {
  await endApps();
  await Promise.all([...emulators.values()].map((emulator) => emulator.close()));
});

test.each(startable)("$name: $mistake", (receiver) => {
  expect(mistakesOf(receiver)).toEqual(receiver.mistake === "none" ? [] : [receiver.mistake]);
});

test("the table of the zoo shows which findings each receiver has", async () => {
  const width = Math.max(...startable.map(({ name }) => name.length));
  const lines = startable.map((receiver) => {
    const negative = findingsOf(receiver).filter(({ status }) => status === "fail" || status === "warn");
    const codes = negative.map(({ code, status }) => (status === "warn" ? `(${code})` : code)).join(" ");
    return `${receiver.name.padEnd(width)}  ${mistakesOf(receiver).join(", ") || "–"}  ${codes}`.trimEnd();
  });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../transcripts/zoo.txt");
});

function environment(receiver: Receiver): Record<string, string> {
  const emulator = emulators.get(receiver) as Emulator;
  return {
    ...emulator.env,
    WHATSAPP_APP_SECRET: SECRETS.appSecret,
    WHATSAPP_VERIFY_TOKEN: SECRETS.verifyToken,
  };
}

async function checked(receiver: Receiver, url: string): Promise<CheckResult> {
  const emulator = emulators.get(receiver) as Emulator;
  const run = check({
    url,
    ...SECRETS,
    answers: answersOf(emulator),
    onDelivery: (payload) => emulator.adopt(payload),
    phoneNumberId: emulator.account.phoneNumberId,
    businessAccountId: emulator.account.businessAccountId,
    // A machine with much to do is slow, and only one mistake costs this time.
    answerMs: 4000,
  });
  for (;;) {
    const { done, value } = await run.next();
    if (done === true) return value;
  }
}

function findingsOf(receiver: Receiver): CheckResult["findings"] {
  return results.get(receiver)?.findings ?? [];
}

function mistakesOf(receiver: Receiver): string[] {
  return results.get(receiver)?.conclusions.map(({ mistake }) => mistake) ?? [];
}
