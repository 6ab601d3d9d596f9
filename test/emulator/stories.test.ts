/** Stories: sequences of webhooks that no action of the API causes. */
import { expect, test } from "vitest";

import { stories } from "../../src/emulator/stories/index.ts";
import { FIELDS } from "../../src/emulator/webhooks/fields.ts";
import { fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";
import { anApp, QUIET, startTestEmulator } from "./test-emulator.ts";

const SUBSCRIBED = { ...QUIET, fields: FIELDS };
const names = stories.map(({ name }) => name);
const bundled = fixtures();

test.each(names)("%s sends the events of its fixtures, about the emulated number and customer", async (name) => {
  const app = await anApp();
  const { emulator } = await startTestEmulator({
    ...SUBSCRIBED,
    webhook: app.url,
    account: { customer: { number: "4915112345678", name: "Ann" } },
  });
  const steps = stories.find((each) => each.name === name)?.steps ?? [];
  const played = emulator.play(name);
  expect(played).toMatchObject({ story: name, webhooks: steps.length, unsubscribed: [] });
  emulator.advance(60_000);
  await emulator.settled();
  const kinds = (payload: unknown) => readPayload(payload).map(({ kind, field }) => `${field} ${kind}`);
  const expected = steps.map(([, fixture]) => kinds(bundled.find((each) => each.name === fixture)?.payload));
  const texts = (lists: string[][]) => lists.map((list) => list.join()).toSorted();
  expect(texts(app.bodies.map((body) => kinds(JSON.parse(body))))).toEqual(texts(expected));
  const all = app.bodies.join("");
  expect(all).not.toMatch(/16505551234|15550783881|106540352242922|US\.10020030040050060070|Sheena|17854992/);
  expect(all).toContain(emulator.account.phoneNumberId);
  expect(app.bodies.flatMap((body) => readPayload(JSON.parse(body)).flatMap(({ problems = [] }) => problems))).toEqual(
    [],
  );
});

test("a story can be played twice with other ids, and its media can be downloaded", async () => {
  const app = await anApp();
  const { emulator, ask } = await startTestEmulator({ ...SUBSCRIBED, webhook: app.url });
  for (let times = 0; times < 2; times++) emulator.play("coexistence");
  emulator.advance(60_000);
  await emulator.settled();
  const ids = app.bodies.flatMap((body) =>
    readPayload(JSON.parse(body)).flatMap(({ key, kind }) => (kind === "smb_app_state_sync" ? [] : (key ?? []))),
  );
  expect(new Set(ids).size).toBe(ids.length);
  const media = app.bodies.flatMap((body) => readPayload(JSON.parse(body)).flatMap((event) => event.media ?? []));
  expect(media.length).toBeGreaterThan(2);
  for (const { id } of media) expect((await ask(`/v25.0/${id}`)).json.mime_type).toBe("image/jpeg");
});

test("a customer with a hidden number has none in a story", async () => {
  const app = await anApp();
  const customer = { number: "16505551234", name: "Sheena", hideNumber: true };
  const { emulator } = await startTestEmulator({ ...SUBSCRIBED, webhook: app.url, account: { customer } });
  const { userId } = await emulator.receive("Hello");
  for (const name of names) emulator.play(name);
  emulator.advance(60_000);
  await emulator.settled();
  expect(app.bodies.join("")).not.toContain("16505551234");
  const people = app.bodies.flatMap((body) => readPayload(JSON.parse(body)).flatMap(({ from, to }) => [from, to]));
  expect(people).toContain(userId);
});

test("the control API lists and plays stories, and reports fields without subscription", async () => {
  const app = await anApp();
  const { ask } = await startTestEmulator({ ...QUIET, webhook: app.url, fields: ["messages", "history"] });
  expect(JSON.parse((await ask("/_wa-hook/stories")).text)).toMatchObject(names.map((name) => ({ name })));
  const played = await ask("/_wa-hook/stories", { json: { story: "coexistence" }, token: null });
  expect(played.json).toEqual({
    story: "coexistence",
    webhooks: 14,
    ms: 12_000,
    unsubscribed: ["smb_app_state_sync", "smb_message_echoes"],
  });
  const unknown = await ask("/_wa-hook/stories", { json: { story: "coexistance" }, token: null });
  expect(unknown).toMatchObject({ status: 400, json: { error: { hint: "did you mean coexistence?" } } });
});

test("the webhooks of a story wait for their time", async () => {
  const app = await anApp();
  const { emulator, next } = await startTestEmulator({ ...SUBSCRIBED, webhook: app.url });
  emulator.play("calling");
  expect(await next("webhook")).toMatchObject({
    group: "field",
    kind: "calls",
    summary: expect.stringMatching(/^connect · incoming call/),
  });
  expect(app.bodies).toHaveLength(1);
  emulator.advance(6000);
  await next("webhook");
  await next("webhook");
  expect(app.bodies).toHaveLength(3);
});
