/** `check` against the zoo (test/apps/zoo/): for each receiver exactly its mistake, for right ones none. */
import { afterAll, beforeAll, expect, test } from "vitest";

import type { CheckResult } from "../../src/check/check.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { endApps } from "../apps/start.ts";
import type { Receiver } from "../apps/zoo/index.ts";
import { startable, startReceivers } from "../apps/zoo/start.ts";
import { checkedWith, environmentOf, standIn } from "./checked.ts";

/** So many receivers are checked at once. */
const AT_ONCE = 3;
const results = new Map<Receiver, CheckResult>();
const emulators = new Map<Receiver, Emulator>();

beforeAll(async () => {
  await Promise.all(startable.map(async (each) => emulators.set(each, await standIn())));
  const waiting = [...(await startReceivers(startable, (each) => environmentOf(emulatorOf(each))))];
  const next = async (): Promise<void> => {
    const one = waiting.shift();
    if (one === undefined) return;
    results.set(one[0], await checkedWith(emulatorOf(one[0]), one[1]));
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

function emulatorOf(receiver: Receiver): Emulator {
  return emulators.get(receiver) as Emulator;
}

function findingsOf(receiver: Receiver): CheckResult["findings"] {
  return results.get(receiver)?.findings ?? [];
}

function mistakesOf(receiver: Receiver): string[] {
  return results.get(receiver)?.conclusions.map(({ mistake }) => mistake) ?? [];
}
