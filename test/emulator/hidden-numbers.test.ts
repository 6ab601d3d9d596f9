/** Customers who hide their number behind a username, in both directions. */
import { describe, expect, test } from "vitest";

import { anApp, AT_ONCE, QUIET, startTestEmulator, statusesIn, valueOf } from "./test-emulator.ts";

const NUMBER = "16505551234";

describe("a customer with a hidden number", () => {
  test("is named by user id and username in messages, and never by the number", async () => {
    const app = await anApp();
    const { emulator, next } = await startTestEmulator({ ...QUIET, webhook: app.url });
    const { id, userId } = await emulator.receive("Hello", {
      username: "sheena.test",
      hideNumber: true,
      number: NUMBER,
    });
    await emulator.settled();
    expect(valueOf(app.bodies[0])).toMatchObject({
      contacts: [{ profile: { name: "Sheena", username: "sheena.test" }, user_id: userId }],
      messages: [{ from_user_id: userId, id, text: { body: "Hello" } }],
    });
    expect(valueOf(app.bodies[0]).contacts[0]).not.toHaveProperty("wa_id");
    expect(valueOf(app.bodies[0]).messages[0]).not.toHaveProperty("from");
    expect(app.bodies[0]).not.toContain(NUMBER);
    expect(Buffer.from(id.slice("wamid.".length), "base64").toString("latin1")).not.toContain(NUMBER);
    expect(await next("received")).toMatchObject({ from: userId, name: "Sheena" });
  });

  test("can be messaged by user id, and its statuses have no number; a number gives statuses with the number", async () => {
    const app = await anApp();
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, window: "closed" });
    const { userId } = await emulator.receive("Hello", { hideNumber: true });
    await emulator.settled();
    const sent = await send({ to: undefined, recipient: userId });
    expect(sent.json.contacts).toEqual([{ input: userId, user_id: userId }]);
    await emulator.settled();
    const [, ...statuses] = app.bodies.map(valueOf);
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read"]);
    for (const { contacts, statuses: items } of statuses) {
      expect(items[0]).toMatchObject({ recipient_user_id: userId });
      expect(items[0]).not.toHaveProperty("recipient_id");
      expect(contacts[0]).toMatchObject({ user_id: userId });
    }
    const usernames = statuses.map(({ contacts }) => contacts[0].profile.username as string | undefined);
    expect(usernames).toEqual([undefined, expect.stringMatching(/^sheena\.\d{4}$/), usernames[1]]);
    await send();
    await emulator.settled();
    expect(valueOf(app.bodies.at(-1)).statuses[0]).toMatchObject({ recipient_id: NUMBER, recipient_user_id: userId });
  });

  test("stays hidden until the number is shown again, with the same user id", async () => {
    const app = await anApp();
    const { emulator } = await startTestEmulator({ ...QUIET, webhook: app.url });
    const ids = [];
    for (const from of [{}, { hideNumber: true }, {}, { hideNumber: false }]) {
      ids.push((await emulator.receive("Hello", from)).userId);
      await emulator.settled();
    }
    expect(app.bodies.map((body) => valueOf(body).messages[0].from)).toEqual([NUMBER, undefined, undefined, NUMBER]);
    expect(new Set(ids).size).toBe(1);
  });

  test("can be the account's own customer from the start", async () => {
    const app = await anApp();
    const customer = { number: NUMBER, name: "Sheena", username: "sheena.test", hideNumber: true };
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, account: { customer } });
    const { userId } = await emulator.receive("Hello");
    await emulator.settled();
    await send({ to: undefined, recipient: userId });
    await emulator.settled();
    expect(app.bodies.join("")).not.toContain(NUMBER);
    expect(valueOf(app.bodies[0]).contacts[0].profile).toEqual({ name: "Sheena", username: "sheena.test" });
  });

  test("can be messaged by user id before it wrote, when its number is allowed", async () => {
    const app = await anApp();
    const customer = { number: NUMBER, name: "Sheena", hideNumber: true };
    const { emulator, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, account: { customer } });
    const { userId } = await emulator.receive("Hello");
    emulator.reset();
    app.bodies.length = 0;
    await send({ to: undefined, recipient: userId });
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read"]);
    expect(app.bodies.join("")).not.toContain(NUMBER);
  });
});

describe("through the control API, a username", () => {
  test("with a hidden number and no number is a customer of its own, with a window of its own", async () => {
    const app = await anApp();
    const { emulator, ask, send } = await startTestEmulator({ webhook: app.url, statuses: AT_ONCE, window: "closed" });
    const post = async (json: object) => {
      const answered = await ask("/_wa-hook/messages", { json, token: null });
      await emulator.settled();
      return answered.json as { userId: string };
    };
    const ann = await post({ text: "Hello", username: "ann.test", name: "Ann", hideNumber: true });
    const ben = await post({ text: "Hello", username: "ben.test", hideNumber: true });
    const again = await post({ text: "Hello again", username: "ann.test", hideNumber: true });
    expect(again.userId).toBe(ann.userId);
    expect(ben.userId).not.toBe(ann.userId);
    const profiles = app.bodies.map((body) => valueOf(body).contacts[0].profile);
    expect(profiles).toEqual([
      { name: "Ann", username: "ann.test" },
      { name: "ben.test", username: "ben.test" },
      { name: "Ann", username: "ann.test" },
    ]);
    expect((await send({ to: undefined, recipient: ben.userId })).status).toBe(200);
    await emulator.settled();
    expect(statusesIn(app)).toEqual(["sent", "delivered", "read"]);
  });

  test("with a shown number stands beside the number; one that WhatsApp cannot have is refused", async () => {
    const app = await anApp();
    const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url });
    await emulator.receive("Hello", { username: "sheena.test" });
    await emulator.settled();
    expect(valueOf(app.bodies[0]).contacts[0]).toMatchObject({ wa_id: NUMBER, profile: { username: "sheena.test" } });
    const refused = await ask("/_wa-hook/messages", { json: { text: "x", username: "no spaces" }, token: null });
    expect(refused).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining("username") } } });
  });
});
