/** A seed makes ids, tokens and times reproducible. */
import { describe, expect, test } from "vitest";

import { anApp, AT_ONCE, startTestEmulator } from "./test-emulator.ts";

describe("with a seed", () => {
  const run = async (seed?: string, accountSeed?: string) => {
    const app = await anApp();
    const { emulator, send, ask } = await startTestEmulator({
      ...(seed === undefined ? {} : { seed }),
      ...(accountSeed === undefined ? {} : { accountSeed }),
      webhook: app.url,
      statuses: AT_ONCE,
    });
    const answers = [await send(), await ask("/me"), await ask("/unknown/path")];
    await emulator.settled();
    await emulator.receive("Hello");
    await emulator.settled();
    return {
      account: emulator.account,
      tokens: emulator.tokens,
      answers: answers.map(({ text }) => text),
      bodies: app.bodies,
    };
  };

  test("two emulators send the same bytes for the same requests", async () => {
    const [first, second, other] = [await run("a seed"), await run("a seed"), await run("another")];
    expect(first).toEqual(second);
    expect(first.bodies).toHaveLength(4);
    expect(first.bodies[0]).toContain('"timestamp":"1785500001"');
    expect(first.bodies[3]).toContain('"timestamp":"1785500002"');
    expect(other.account.phoneNumberId).not.toBe(first.account.phoneNumberId);
    expect(other.bodies[0]).not.toBe(first.bodies[0]);
  });

  test("and without one, ids and tokens are unpredictable", async () => {
    const [first, second] = [await run(), await run()];
    for (const key of [
      "accessToken",
      "appId",
      "appSecret",
      "phoneNumberId",
      "businessAccountId",
      "verifyToken",
    ] as const) {
      expect(first.account[key], key).not.toBe(second.account[key]);
    }
    expect(Object.values(first.tokens).filter((token) => Object.values(second.tokens).includes(token))).toEqual([]);
    expect(first.answers[0]).not.toBe(second.answers[0]);
    expect(first.account.appSecret).toMatch(/^[0-9a-f]{32}$/);
  });

  test("with accountSeed, only the account is reproducible", async () => {
    const [first, second] = [await run(undefined, "a folder"), await run(undefined, "a folder")];
    expect(first.account).toEqual(second.account);
    expect(first.tokens).toEqual(second.tokens);
    expect(first.answers[0]).not.toBe(second.answers[0]);
  });

  test("without one, a reset continues with new message ids and keeps the account", async () => {
    const { emulator } = await startTestEmulator();
    const { account, tokens } = emulator;
    const before = await emulator.receive("Hello");
    emulator.reset();
    expect((await emulator.receive("Hello")).id).not.toBe(before.id);
    expect([emulator.account, emulator.tokens]).toEqual([account, tokens]);
  });

  test("a reset restarts the sequence", async () => {
    const app = await anApp();
    const { emulator, ask, send } = await startTestEmulator({
      seed: "a seed",
      webhook: app.url,
      statuses: AT_ONCE,
      fail: [{ code: 4, every: 2 }],
    });
    const round = async () => {
      const answers = [(await send()).text, (await send()).text];
      await emulator.settled();
      return [...answers, ...app.bodies.splice(0)];
    };
    const first = await round();
    await ask(`/${emulator.account.businessAccountId}/subscribed_apps`, { method: "DELETE" });
    emulator.fail({ code: 190 });
    emulator.advance(1_000_000);
    emulator.reset();
    expect(emulator.requests).toEqual([]);
    expect(await round()).toEqual(first);
    expect(first).toHaveLength(5);
  });
});
