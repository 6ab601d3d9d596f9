/** Blocking and unblocking customers. */
import { expect, test } from "vitest";

import { PRODUCT, startBusiness } from "./business-stage.ts";
import { QUIET, startTestEmulator } from "./test-emulator.ts";

const users = (...list: string[]) => ({ ...PRODUCT, block_users: list.map((user) => ({ user })) });
const SHEENA = { input: "+16505551234", wa_id: "16505551234", user_id: expect.stringMatching(/^US\./) as string };

test("a customer is blocked, listed, cannot write, and is unblocked", async () => {
  const { emulator, ask, phone } = await startBusiness();
  const path = `/${phone}/block_users`;
  await emulator.receive("Hello");
  const blocked = await ask(path, { json: users("+16505551234") });
  expect(blocked.json).toEqual({ ...PRODUCT, block_users: { added_users: [SHEENA] } });
  const { input: _, ...listed } = SHEENA;
  expect((await ask(path)).json).toMatchObject({ data: [{ ...PRODUCT, ...listed }] });
  await expect(emulator.receive("Hello?")).rejects.toThrow("the business has blocked 16505551234");
  const unblocked = await ask(path, { method: "DELETE", json: users("+16505551234") });
  expect(unblocked.json).toEqual({ ...PRODUCT, block_users: { removed_users: [SHEENA] } });
  expect((await ask(path)).json).toEqual({ data: [] });
  await emulator.receive("Thank you");
});

test("a mixed result is an error beside the results", async () => {
  const { emulator, ask } = await startTestEmulator({ ...QUIET, window: "closed" });
  const { phoneNumberId: phone, displayNumber } = emulator.account;
  await emulator.receive("Hello");
  const { status, json } = await ask(`/${phone}/block_users`, {
    json: users("+16505551234", "+16505550199", "nobody", displayNumber),
  });
  expect(status).toBe(400);
  expect(json.error).toMatchObject({
    message: "(#139100) Failed to block/unblock users",
    code: 139_100,
    error_data: { details: "Failed to block some users, see the block_users response list for details" },
  });
  expect(json.block_users.added_users).toEqual([SHEENA]);
  const failed = json.block_users.failed_users as { input: string; wa_id?: string; errors: { code: number }[] }[];
  expect(failed.map(({ input, wa_id, errors: [error] }) => [input, wa_id, error?.code])).toEqual([
    ["+16505550199", "16505550199", 131_047],
    ["nobody", undefined, 131_047],
    [displayNumber, displayNumber, 131_021],
  ]);
});

test("who wrote more than 24 hours ago cannot be blocked", async () => {
  const { emulator, ask, phone } = await startBusiness();
  await emulator.receive("Hello");
  emulator.advance(25 * 3_600_000);
  const { status, json } = await ask(`/${phone}/block_users`, { json: users("16505551234") });
  expect([status, json.block_users.failed_users[0].errors[0].code]).toEqual([400, 131_047]);
  expect(json.block_users.added_users).toBeUndefined();
});

test("a list has at most 1000 users, each with a number or a user id", async () => {
  const { ask, phone } = await startBusiness();
  const path = `/${phone}/block_users`;
  const many = users(...Array.from({ length: 1001 }, (_, at) => `1650555${1000 + at}`));
  expect((await ask(path, { json: many })).json.error.code).toBe(130_429);
  expect((await ask(path, { json: { ...PRODUCT, block_users: [{}] } })).json.error.message).toBe(
    "(#100) The parameter block_users[0]['user'] is required.",
  );
  expect((await ask(path, { json: { block_users: [{ user: "1" }] } })).json.error.message).toBe(
    "(#100) The parameter messaging_product is required.",
  );
});
