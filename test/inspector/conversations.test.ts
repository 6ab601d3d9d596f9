/** People and conversations: what came in, what the app sent, and what became of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Bubble } from "../../src/inspector/api.ts";
import { post, wireOf } from "../support/http.ts";
import { stage } from "./stage.ts";

const CUSTOMER = "16505551234";

test("a customer's message, the app's reply with its statuses and the pressed button are one conversation and one trace", async () => {
  const { ask, until, got } = await stage();
  const sent = await ask("/api/customer/messages", { json: { message: "Are you open?", from: { name: "Sheena" } } });
  expect(sent.status).toBe(200);
  const page = await until(`/api/conversations/${CUSTOMER}`, ({ bubbles }) => bubbles[1]?.state === "delivered");
  const [question, answer] = page.bubbles as [Bubble, Bubble];
  expect(page).toMatchObject({ customer: CUSTOMER, name: "Sheena", windowEnds: expect.any(Number) });
  expect(question).toMatchObject({ id: sent.json.id, outgoing: false, kind: "text", lines: ["Are you open?"] });
  expect(answer).toMatchObject({
    outgoing: true,
    kind: "button",
    lines: ["Which day?"],
    quoted: { id: sent.json.id, text: "Are you open?" },
    answeredAfterMs: expect.any(Number),
  });
  const [choice] = answer.choices ?? [];
  expect(choice?.label).toBe("Saturday");
  await ask("/api/customer/messages", { json: { message: choice?.message } });
  const pressed = await until(`/api/conversations/${CUSTOMER}`, ({ bubbles }) => bubbles[2]);
  expect(pressed.bubbles[2]).toMatchObject({ lines: ["Saturday"], quoted: { id: answer.id, text: "Which day?" } });
  expect(JSON.parse((got.at(-1) ?? got[0])?.body.toString() ?? "")).toBeDefined();
  const { trace } = await until(`/api/deliveries/${question.delivery}`, (detail) => detail.trace.steps.length >= 6);
  expect(trace.steps.map(({ step, ok }: { step: string; ok: boolean }) => [step, ok])).toEqual(
    expect.arrayContaining([
      ["received", true],
      ["acknowledged", true],
      ["forwarded", true],
      ["request", true],
      ["status", true],
    ]),
  );
  expect(trace.steps[0]).toMatchObject({ step: "received", afterMs: 0 });
});

test("people are listed with their last message, are found by text and number, and lose their unread mark when read", async () => {
  const { ask, until } = await stage({ reply: () => undefined });
  await ask("/api/customer/messages", { json: { message: "first" } });
  await ask("/api/customer/messages", { json: { message: "about hinges" } });
  const [person] = await until("/api/conversations", ([first]) => first?.unread === 2);
  expect(person).toMatchObject({
    customer: CUSTOMER,
    name: "Sheena",
    last: { text: '"about hinges"', outgoing: false },
  });
  expect((await ask("/api/conversations?search=hinges")).json).toHaveLength(1);
  expect((await ask("/api/conversations?search=%2B1%20650%20555%201234")).json).toHaveLength(1);
  expect((await ask("/api/conversations?search=unheard")).json).toEqual([]);
  await ask(`/api/conversations/${CUSTOMER}`);
  expect((await ask("/api/conversations")).json[0].unread).toBe(0);
});

test("a long conversation comes in pages that leave nothing out", async () => {
  const { ask, until, listener } = await stage({ reply: () => undefined });
  for (let index = 0; index < 30; index++) await post(listener.url, wireOf("text", `wamid.${index}`));
  await until("/api/deliveries", ({ rows }) => rows.length === 30);
  const found: string[] = [];
  let next = "";
  do {
    const { json } = await ask(`/api/conversations/${CUSTOMER}?limit=2&before=${next}`);
    found.unshift(...json.bubbles.map(({ id }: Bubble) => id));
    next = json.next;
  } while (next !== undefined);
  expect(found).toEqual(Array.from({ length: 30 }, (_, index) => `wamid.${index}`));
});

test("a customer's media are served by the page's own server, and what could be a script only as a download", async () => {
  const { ask, until, url } = await stage({ reply: () => undefined });
  await ask("/api/customer/messages", { json: { message: { type: "image", image: { caption: "the hinge" } } } });
  await ask("/api/customer/messages", { json: { message: { type: "document", document: { filename: "bill.pdf" } } } });
  const { bubbles } = await until(`/api/conversations/${CUSTOMER}`, (page) => page.bubbles.length === 2);
  expect(bubbles[0]).toMatchObject({ lines: ["the hinge"], media: { kind: "image", mime: "image/jpeg" } });
  const image = await fetch(url + bubbles[0].media.url);
  expect(image.headers.get("content-type")).toBe("image/jpeg");
  expect((await image.arrayBuffer()).byteLength).toBeGreaterThan(100);
  const document = await fetch(url + bubbles[1].media.url);
  expect(document.headers.get("content-type")).toBe("application/octet-stream");
  expect(document.headers.get("content-disposition")).toMatch(/^attachment; filename="\d+\.pdf"$/);
  expect(document.headers.get("content-security-policy")).toContain("sandbox");
  expect((await ask("/api/media/..%2f..%2fetc%2fpasswd")).status).toBe(404);
});

test("media that were saved are served from their folder, by their id", async () => {
  const { ask, url, sources, cwd, listener } = await stage({ reply: () => undefined });
  const folder = join(cwd, "media");
  mkdirSync(folder);
  writeFileSync(join(folder, "1003383421387256.jpg"), "picture");
  writeFileSync(join(folder, "10033834213872567-other.jpg"), "other");
  writeFileSync(join(folder, "4711-bill.html"), "<script>");
  sources.listener.mediaFolder = folder;
  await post(listener.url, wireOf("image"));
  const { json } = await ask(`/api/conversations/${CUSTOMER}`);
  expect(json.bubbles[0].media.url).toBe("/api/media/1003383421387256");
  const get = async (id: string) => {
    const response = await fetch(`${url}/api/media/${id}`);
    return [response.status, response.headers.get("content-type"), await response.text()];
  };
  expect(await get("1003383421387256")).toEqual([200, "image/jpeg", "picture"]);
  expect(await get("4711")).toEqual([200, "application/octet-stream", "<script>"]);
  expect((await get("471"))[0]).toBe(404);
});

test("a template is shown with its text, its parameters and buttons that can be pressed", async () => {
  const template = {
    name: "order_shipped",
    language: { code: "en" },
    components: [
      { type: "header", parameters: [{ type: "image", image: { link: "https://example.com/parcel.png" } }] },
      { type: "body", parameters: ["Sheena", "a hinge", "Friday"].map((text) => ({ type: "text", text })) },
      { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "4711" }] },
      { type: "button", sub_type: "quick_reply", index: "1", parameters: [{ type: "payload", payload: "STOP" }] },
    ],
  };
  const { ask, until } = await stage({ reply: ({ from }, send) => send({ to: from, type: "template", template }) });
  await ask("/api/customer/messages", { json: { message: "where is it?" } });
  const { bubbles } = await until(`/api/conversations/${CUSTOMER}`, (page) => page.bubbles.length === 2);
  expect(bubbles[1]).toMatchObject({
    kind: "template",
    lines: ["Hello Sheena, your order of a hinge will arrive on Friday."],
    media: { kind: "image" },
    choices: [
      { label: "Where is it?", url: "https://example.com/4711" },
      { label: "No more news", message: { type: "button", button: { payload: "STOP", text: "No more news" } } },
    ],
  });
});

test("a message that the Graph API refused is shown as failed, with what to do", async () => {
  const { ask, until } = await stage({ emulator: { fail: [{ code: 131047 }] } });
  await ask("/api/customer/messages", { json: { message: "hi" } });
  const { bubbles } = await until(`/api/conversations/${CUSTOMER}`, (page) => page.bubbles.length === 2);
  expect(bubbles[1]).toMatchObject({
    state: "failed",
    reason: expect.any(String),
    remedy: expect.stringContaining("template"),
  });
});

test("reactions are shown at the message that they are to", async () => {
  const { ask, until } = await stage();
  await ask("/api/customer/messages", { json: { message: "hi" } });
  const { bubbles } = await until(`/api/conversations/${CUSTOMER}`, (page) => page.bubbles.length === 2);
  const [, answer] = bubbles;
  await ask("/api/customer/messages", {
    json: { message: { type: "reaction", reaction: { message_id: answer.id, emoji: "👍" } } },
  });
  const page = await until(`/api/conversations/${CUSTOMER}`, (found) =>
    found.bubbles.some(({ reactions }: Bubble) => reactions !== undefined),
  );
  expect(page.bubbles.find(({ id }: Bubble) => id === answer.id).reactions).toEqual(["👍"]);
});

test("every kind that a customer can send comes with examples that the emulator accepts", async () => {
  const { ask } = await stage({ reply: () => undefined });
  const kinds = (await ask("/api/kinds")).json as { kind: string; examples: { name: string; message: object }[] }[];
  expect(kinds.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["text", "image", "interactive", "location", "reaction"]),
  );
  for (const { examples } of kinds) {
    expect(examples.length).toBeGreaterThan(0);
    for (const { name, message } of examples) {
      const { status, json } = await ask("/api/customer/messages", { json: { message } });
      expect([name, status, json.error]).toEqual([name, 200, undefined]);
    }
  }
});
