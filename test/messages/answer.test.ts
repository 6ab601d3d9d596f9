/** What customers get of the requests of an app. */
import { describe, expect, test } from "vitest";

import { answersOf } from "../../src/emulator/answers.ts";
import { readAnswer } from "../../src/messages/answer.ts";
import { emulated } from "../support/emulated.ts";

const read = (body: object) => readAnswer({ method: "POST", path: "/1/messages", body, at: 5 });
const textOf = (body: object) => read(body).map(({ type, text }) => [type, text]);

describe("a request", () => {
  test("with a text is a message to digits or a user id, with what it quotes", () => {
    const text = { messaging_product: "whatsapp", to: "+1 (650) 555-1234", text: { body: "Yes" } };
    expect(read(text)).toEqual([{ kind: "message", type: "text", text: "Yes", to: "16505551234", at: 5, body: text }]);
    const quoting = { recipient: "US.1", context: { message_id: "wamid.A" }, type: "text", text: { body: "Yes" } };
    expect(read(quoting)).toMatchObject([{ to: "US.1", replyTo: "wamid.A" }]);
  });

  test("has the text that the customer reads: captions, template parameters, headers, bodies and buttons", () => {
    expect(textOf({ type: "image", image: { id: "5", caption: "Blue" } })).toEqual([["image", "Blue"]]);
    const components = [{ type: "body", parameters: [{ type: "text", text: "Tuesday" }] }];
    expect(textOf({ type: "template", template: { name: "reminder", components } })).toEqual([
      ["template", "reminder\nTuesday"],
    ]);
    const reply = { type: "reply", reply: { id: "hidden", title: "Order" } };
    const interactive = {
      action: { buttons: [reply] },
      body: { text: "Now?" },
      header: { type: "text", text: "Shop" },
    };
    expect(textOf({ type: "interactive", interactive: { type: "button", ...interactive } })).toEqual([
      ["button", "Shop\nNow?\nOrder"],
    ]);
    const sections = [{ title: "Colors", rows: [{ id: "hidden", title: "Blue", description: "As the sea" }] }];
    const list = { type: "list", body: { text: "Which?" }, action: { button: "Choose", sections } };
    expect(textOf({ type: "interactive", interactive: list })).toEqual([
      ["list", "Which?\nChoose\nColors\nBlue\nAs the sea"],
    ]);
    expect(textOf({ type: "sticker", sticker: { id: "5" } })).toEqual([["sticker", undefined]]);
  });

  test("can be a reaction, a read receipt, or both a receipt and the typing indicator", () => {
    expect(read({ to: "1650", type: "reaction", reaction: { message_id: "wamid.A", emoji: "👍" } })).toMatchObject([
      { kind: "reaction", messageId: "wamid.A", text: "👍" },
    ]);
    const receipt = { status: "read", message_id: "wamid.A" };
    expect(read(receipt).map(({ kind }) => kind)).toEqual(["read"]);
    expect(
      read({ ...receipt, typing_indicator: { type: "text" } }).map(({ kind, messageId }) => [kind, messageId]),
    ).toEqual([
      ["read", "wamid.A"],
      ["typing", "wamid.A"],
    ]);
  });

  test.each([
    ["GET", "/1/messages", { text: { body: "x" } }],
    ["POST", "/1/media", { text: { body: "x" } }],
    ["POST", "/messages", { text: { body: "x" } }],
    ["POST", "/1/messages", "5000000 bytes"],
    ["POST", "/1/messages", undefined],
  ])("that is no message is no answer: %s %s", (method, path, body) => {
    expect(readAnswer({ method, path, body, at: 0 })).toEqual([]);
  });

  test("of any shape is read without an error", () => {
    for (const type of ["text", "image", "interactive", "template", "reaction", "location", "contacts", 5, null]) {
      for (const content of [
        5,
        "x",
        null,
        [],
        [[[]]],
        { body: {}, action: [null, { buttons: 5 }], components: { a: [5] } },
      ]) {
        expect(read({ type, [String(type)]: content }).length).toBeLessThan(2);
      }
    }
  });
});

describe("the emulator", () => {
  const from = async () => {
    const emulator = await emulated({ statuses: { sent: false, delivered: false, read: false } });
    const send = (body: string, to = emulator.account.customer.number) =>
      fetch(`${emulator.url}/v25.0/${emulator.account.phoneNumberId}/messages`, {
        method: "POST",
        headers: { authorization: `Bearer ${emulator.account.accessToken}`, "content-type": "application/json" },
        body: JSON.stringify({ messaging_product: "whatsapp", to, text: { body } }),
      });
    return { emulator, send, answers: answersOf(emulator) };
  };

  test("collects what it accepts, and keeps apart what it rejects", async () => {
    const { answers, send } = await from();
    await send("Hello");
    await send("Hello", "4915112345678");
    await answers.settle(1);
    expect(answers.all()).toMatchObject([{ kind: "message", text: "Hello", to: "16505551234" }]);
    expect(answers.rejected()).toMatchObject([{ status: 400, error: { code: 131030 } }]);
  });

  test("accepts answers to what somebody else has delivered: read receipts, other numbers, files", async () => {
    const { emulator } = await from();
    const metadata = { display_phone_number: "15550783999", phone_number_id: "106540352242999" };
    const messages = [{ id: "wamid.A", from: "4915112345678", type: "image", image: { id: "778899" } }];
    const ask = (path: string, body?: object) =>
      fetch(`${emulator.url}/v25.0/${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${emulator.account.accessToken}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify({ messaging_product: "whatsapp", ...body }) }),
      }).then(({ status }) => status);
    const all = () =>
      Promise.all([
        ask(`${metadata.phone_number_id}/messages`, { status: "read", message_id: "wamid.A" }),
        ask(`${metadata.phone_number_id}/messages`, { to: "4915112345678", text: { body: "Hello" } }),
        ask("778899"),
      ]);
    expect(await all()).toEqual([400, 400, 400]);
    emulator.adopt({ entry: [{ changes: [{ value: { metadata, messages } }, null, { value: { messages: [5] } }] }] });
    expect(await all()).toEqual([200, 200, 200]);
    for (const odd of [null, 5, "x", [], {}, { entry: [[]] }, { entry: [{ changes: 5 }] }]) emulator.adopt(odd);
  });

  test("waits for an answer that fits, and ends the wait by time, by a signal and by closing", async () => {
    const { emulator, answers, send } = await from();
    const waiting = answers.wait(({ text }) => text === "second", 5000);
    await send("first");
    await send("second");
    expect(await waiting).toMatchObject({ text: "second" });
    expect(await answers.wait(() => false, 5)).toBeUndefined();
    const stop = new AbortController();
    const aborted = answers.wait(() => false, 60_000, stop.signal);
    stop.abort();
    expect(await aborted).toBeUndefined();
    const closed = answers.wait(() => false, 60_000);
    await emulator.close();
    expect(await closed).toBeUndefined();
  });
});
