/** The matchers over what an app sent: in vitest, and as node:test has them. */
import { AssertionError } from "node:assert";

import { expect, test } from "vitest";

// oxlint-disable-next-line import/no-unassigned-import -- as a setup file does
import "../../src/testing/vitest.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { UsageError } from "../../src/errors.ts";
import { expect as expectEmulator } from "../../src/testing/node-test.ts";
import { startTestEmulator, type Emulated } from "../emulator/test-emulator.ts";

const CUSTOMER = "16505551234";

/** The text of a failure. */
async function failureOf(assertion: () => void | Promise<void>): Promise<string> {
  try {
    await assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  throw new Error("the assertion did not fail");
}

/** The id of a customer's message that can be read and reacted to. */
async function received({ emulator }: Emulated): Promise<string> {
  return (await emulator.receive("Is the blue one still in stock?")).id;
}

test("a sent text is found by its text, a pattern, its recipient and its number", async () => {
  const stage = await startTestEmulator();
  const { emulator } = stage;
  expect(emulator).not.toHaveSentText("Hello");
  await stage.send();
  expect(emulator).toHaveSentText("Hello");
  expect(emulator).toHaveSentText(/^hel/i, { to: `+1 650 555-1234` });
  expect(emulator).toHaveSentText(expect.stringContaining("ell"), { to: CUSTOMER, times: 1 });
  expect(emulator).not.toHaveSentText("Hell");
  expect(emulator).not.toHaveSentText("Hello", { to: "16505550000" });
  await stage.send();
  expect(emulator).toHaveSentText("Hello", { times: 2 });
  expect(emulator).not.toHaveSentText("Hello", { times: 1 });
});

test("a message is found by its type, its text, what it quotes and a part of its body", async () => {
  const stage = await startTestEmulator();
  const { emulator } = stage;
  const id = await received(stage);
  const buttons = [{ type: "reply", reply: { id: "yes", title: "Yes, please" } }];
  const interactive = { type: "button", body: { text: "Shall I keep it?" }, action: { buttons } };
  await stage.send({ type: "interactive", text: undefined, interactive, context: { message_id: id } });
  expect(emulator).toHaveSent();
  expect(emulator).toHaveSent({ type: "button", text: /Shall I.*\n.*Yes/, replyTo: id, to: CUSTOMER });
  expect(emulator).toHaveSent({ body: { interactive: { action: { buttons: [{ reply: { id: /^y/ } }] } } } });
  expect(emulator).toHaveSent({ body: { interactive: expect.objectContaining({ type: "button" }) } });
  expect(emulator).not.toHaveSent({ type: "text" });
  expect(emulator).not.toHaveSent({ replyTo: "wamid.another" });
  expect(emulator).not.toHaveSent({ body: { interactive: { action: { buttons: [] } } } });
});

test("read receipts, typing indicators and reactions are told apart from messages", async () => {
  const stage = await startTestEmulator();
  const { emulator } = stage;
  const id = await received(stage);
  expect(emulator).toHaveSentNothing();
  await stage.ask(`/v25.0/${emulator.account.phoneNumberId}/messages`, {
    json: { messaging_product: "whatsapp", status: "read", message_id: id, typing_indicator: { type: "text" } },
  });
  expect(emulator).toHaveRead(id);
  expect(emulator).toHaveShownTyping();
  expect(emulator).not.toHaveRead("wamid.another");
  expect(emulator).toHaveSentNothing();
  await stage.send({ type: "reaction", text: undefined, reaction: { message_id: id, emoji: "👍" } });
  expect(emulator).toHaveReacted("👍", { to: CUSTOMER, replyTo: id });
  expect(emulator).not.toHaveReacted("👎");
  expect(emulator).not.toHaveSent();
  expect(emulator).not.toHaveSentNothing();
  expect(emulator).toHaveSentNothing({ to: "16505550000" });
});

test("waiting ends as soon as the answer is there", async () => {
  const stage = await startTestEmulator();
  const { emulator } = stage;
  const started = performance.now();
  const waiting = [
    expect(emulator).toEventuallySendText("Hello", { times: 2, within: 15_000 }),
    expect(emulator).toEventuallySend({ type: "text", within: 15_000 }),
    expectEmulator(emulator).toEventuallySendText("Hello", { within: 15_000 }),
  ];
  await stage.send();
  await stage.send();
  await Promise.all(waiting);
  const id = await received(stage);
  const reading = [
    expect(emulator).toEventuallyRead(id),
    expect(emulator).toEventuallyShowTyping(id),
    expect(emulator).toEventuallyReact("👍"),
  ];
  await stage.ask(`/v25.0/${emulator.account.phoneNumberId}/messages`, {
    json: { messaging_product: "whatsapp", status: "read", message_id: id, typing_indicator: { type: "text" } },
  });
  await stage.send({ type: "reaction", text: undefined, reaction: { message_id: id, emoji: "👍" } });
  await Promise.all(reading);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("a negated wait takes all of its time, and ends early when the answer is there", async () => {
  const stage = await startTestEmulator();
  const { emulator } = stage;
  const started = performance.now();
  await expect(emulator).not.toEventuallySend({ within: 60 });
  expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  const waiting = failureOf(() => expectEmulator(emulator).not.toEventuallySend({ within: 15_000 }));
  await stage.send();
  expect(await waiting).toBe(`expected the app not to send a message within 15000 ms

The app sent:
  text "Hello" to 16505551234`);
});

test("waiting ends when the emulator is closed", async () => {
  const { emulator } = await startTestEmulator();
  const waiting = failureOf(() => expectEmulator(emulator).toEventuallyRead("wamid.1", { within: 60_000 }));
  await emulator.close();
  expect(await waiting).toContain("a read receipt for wamid.1 within 60000 ms");
});

test("a failure shows what was sent instead, and what the API refused with its reason", async () => {
  const stage = await startTestEmulator();
  const { emulator } = stage;
  const id = await received(stage);
  await stage.send({ text: { body: "Hi\u202e there" } });
  await stage.send({ type: "reaction", text: undefined, reaction: { message_id: id, emoji: "👍" } });
  await stage.send({ to: "16505559999" });
  const failure = await failureOf(() => expectEmulator(emulator).toHaveSentText("Hello", { to: CUSTOMER, times: 3 }));
  expect(failure.replaceAll(id, "wamid.1")).toBe(`expected the app to send a text "Hello" to 16505551234, 3 times

The app sent:
  text "Hi· there" to 16505551234
  reaction "👍" to 16505551234 for wamid.1
The API refused 1 request:
  POST /${emulator.account.phoneNumberId}/messages → 131030 Recipient phone number not in allowed list: add 16505559999 to the list and send again; allowed: 16505551234`);
  expect(() => expect(emulator).toHaveSentText("Hello")).toThrow("The API refused 1 request");
});

test("a failure says when no request arrived at all", async () => {
  const { emulator, ask } = await startTestEmulator();
  const judge = () => failureOf(() => expectEmulator(emulator).toHaveSent({ type: "image", body: { image: /x/ } }));
  expect(await judge()).toBe(`expected the app to send an image with {"image":"/x/"}

The app sent nothing: no request reached the emulator.
Does the app have the settings of emulator.env?`);
  const pattern = expect.stringContaining("blue") as string;
  const judgePattern = () => expectEmulator(emulator).toHaveSentText(pattern);
  expect(await failureOf(judgePattern)).toMatch(/^expected the app to send a text StringContaining "blue"\n/);
  await ask(`/v25.0/${emulator.account.phoneNumberId}`);
  expect(await judge()).toContain("The app sent nothing to a customer.");
});

test("a failure lists the latest answers of many", async () => {
  const stage = await startTestEmulator();
  for (let n = 1; n <= 12; n++) await stage.send({ text: { body: `${n} ${"x".repeat(300)}` } });
  const failure = await failureOf(() => expectEmulator(stage.emulator).toHaveSentNothing());
  expect(failure).toContain("expected the app to send nothing\n");
  expect(failure).toContain("… and 2 before");
  expect(failure.split("\n").every((line) => line.length < 260)).toBe(true);
});

test("after a reset, nothing was sent", async () => {
  const { emulator, send } = await startTestEmulator();
  await send();
  emulator.reset();
  expect(emulator).toHaveSentNothing();
});

test("what is no emulator, and a time that is none, are refused", async () => {
  const { emulator } = await startTestEmulator();
  const none = {} as Emulator;
  expect(() => expectEmulator(none).toHaveSent()).toThrow(UsageError);
  await expect(expectEmulator(none).toEventuallySend()).rejects.toThrow("needs an emulator");
  await expect(expectEmulator(emulator).toEventuallyRead("wamid.1", { within: -1 })).rejects.toThrow("within must be");
});
