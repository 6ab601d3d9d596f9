/** The page's API over a real listener, a store on disk and an emulator. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Bubble, DeliveryRow } from "../../src/inspector/api.ts";
import { startStandIn } from "../../src/inspector/stand-in.ts";
import { sign } from "../../src/webhook/signature.ts";
import { APP_SECRET, post, wireOf } from "../support/http.ts";
import { openEvents, stage } from "./stage.ts";

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

test("deliveries come in pages, newest first, and are found by kind, customer, status, text and time", async () => {
  const { ask, listener, next } = await stage({ reply: () => undefined });
  for (let index = 0; index < 5; index++) await post(listener.url, wireOf("text", `wamid.${index}`));
  await post(listener.url, wireOf("text", "wamid.0"));
  await post(listener.url, wireOf("status.failed"));
  await post(listener.url, wireOf("image"), { "content-type": "application/json" });
  await next("rejected");
  const list = async (query: string) => (await ask(`/api/deliveries?${query}`)).json;
  const first = await list("limit=3");
  expect(first).toMatchObject({ count: { value: 8, atLeast: false }, next: "6" });
  expect(first.rows.map(({ verdict }: DeliveryRow) => verdict)).toEqual(["rejected", "accepted", "duplicate"]);
  expect(first.rows[1].events[0]).toMatchObject({ kind: "failed", fix: expect.any(String) });
  const second = await list("limit=10&before=6");
  expect(second.rows.map(({ id }: DeliveryRow) => id)).toEqual(["5", "4", "3", "2", "1"]);
  expect(second.next).toBeUndefined();
  expect((await list("kind=failed")).rows).toHaveLength(1);
  expect((await list("kind=text&before=4")).rows).toHaveLength(3);
  expect((await list("status=rejected")).rows[0].reason).toContain("missing signature");
  expect((await list("search=wamid.3")).rows).toHaveLength(1);
  expect((await list(`from=${CUSTOMER}&limit=2`)).rows).toHaveLength(2);
  expect((await list(`since=${Date.now() + 60_000}`)).count.value).toBe(0);
  for (const wrong of ["kind=imgae", "status=odd", "since=x", "limit=0", "before=x"]) {
    expect(await ask(`/api/deliveries?${wrong}`)).toMatchObject({ status: 400, json: { error: expect.any(String) } });
  }
});

test("a delivery has its headers, bytes, JSON, copies and what the app answered", async () => {
  const { ask, listener, next, appUrl } = await stage({ reply: () => undefined, status: () => 500 });
  const body = wireOf("text", "wamid.1");
  await post(listener.url, body);
  await next("forwarded");
  const { json } = await ask("/api/deliveries/1");
  expect(Buffer.from(json.bodyBase64, "base64").equals(body)).toBe(true);
  expect(json.headers).toContainEqual(["x-hub-signature-256", sign(body, APP_SECRET)]);
  expect(JSON.parse(json.json)).toEqual(JSON.parse(body.toString()));
  expect(json.copies.curl).toContain(`curl -X POST ${appUrl}`);
  expect(JSON.parse(json.copies.fixture)).toEqual(JSON.parse(body.toString()));
  expect(json.copies.test).toContain(JSON.stringify(body.toString()));
  expect(json.forwards[0]).toMatchObject({ to: appUrl, status: 500, attempts: 1 });
  expect(json.trace.steps.at(-1)).toMatchObject({ step: "forwarded", ok: false });
  expect((await ask("/api/deliveries/99")).status).toBe(404);
});

test("two deliveries are compared by path", async () => {
  const { ask, listener } = await stage({ reply: () => undefined });
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("text", "wamid.2"));
  const { json } = await ask("/api/deliveries/1/diff/2");
  expect(json).toContainEqual({
    path: "entry[0].changes[0].value.messages[0].id",
    left: '"wamid.1"',
    right: '"wamid.2"',
  });
});

test("a delivery is sent again as it was, or edited in Meta's encoding and signed again", async () => {
  const { ask, listener, got, next } = await stage({ reply: () => undefined });
  const body = wireOf("text", "wamid.1");
  await post(listener.url, body);
  await next("forwarded");
  expect((await ask("/api/deliveries/1/replay", { json: {} })).json).toMatchObject({ status: 200 });
  expect(got[1]?.body.equals(body)).toBe(true);
  const edited = await ask("/api/deliveries/1/replay", {
    json: { json: '{ "entry": [{"changes":[{"value":{}}]}], "ü": "/" }' },
  });
  expect(edited.json).toMatchObject({ status: 200, ms: expect.any(Number) });
  const sent = got[2];
  expect(sent?.body.toString()).toBe(String.raw`{"entry":[{"changes":[{"value":{}}]}],"\u00fc":"\/"}`);
  expect(sent?.headers["x-hub-signature-256"]).toBe(sign(sent?.body ?? "", APP_SECRET));
});

test("a delivery is sent again to the app or to this machine, and never elsewhere", async () => {
  const { ask, listener, next } = await stage({ reply: () => undefined });
  await post(listener.url, wireOf("text"));
  await next("forwarded");
  for (const to of [
    "https://example.com/webhook",
    "http://10.0.0.1/",
    "file:///etc/passwd",
    "http://127.0.0.1.example.com/",
    "x",
  ]) {
    const refused = await ask("/api/deliveries/1/replay", { json: { to } });
    expect(refused).toMatchObject({ status: 400, json: { error: expect.stringContaining("only to your app") } });
  }
  const down = await ask("/api/deliveries/1/replay", { json: { to: "http://127.0.0.1:1/webhook" } });
  expect(down.json).toMatchObject({ to: "http://127.0.0.1:1/webhook", advice: expect.stringContaining("refused") });
  expect(down.json.status).toBeUndefined();
});

test("another secret is tried on a rejected delivery, and is in no answer", async () => {
  const { ask, listener, next } = await stage();
  const body = wireOf("text");
  await post(listener.url, body, {
    "content-type": "application/json",
    "x-hub-signature-256": sign(body, "other-secret"),
  });
  await next("rejected");
  const fits = await ask("/api/deliveries/1/secret", { json: { secret: "other-secret" } });
  expect(fits.json).toMatchObject({ fits: true, explanation: expect.stringContaining("WHATSAPP_APP_SECRET") });
  const close = await ask("/api/deliveries/1/secret", { json: { secret: "OTHER-SECRET".toLowerCase().concat(" ") } });
  expect(close.json).toMatchObject({ fits: false, explanation: expect.stringContaining("whitespace") });
  const wrong = await ask("/api/deliveries/1/secret", { json: { secret: "not-it" } });
  expect(wrong.json.fits).toBe(false);
  expect(JSON.stringify([fits.json, close.json, wrong.json])).not.toMatch(/other-secret|not-it/);
  expect((await ask("/api/deliveries/1/secret", { json: { secret: 7 } })).status).toBe(400);
});

test("notes and pins are kept in a file of this user alone", async () => {
  const { ask, listener, cwd } = await stage({ reply: () => undefined });
  await post(listener.url, wireOf("text"));
  const put = (json: object) => ask("/api/deliveries/1/note", { method: "PUT", json });
  expect((await put({ note: "look here", pinned: true })).json).toEqual({ note: "look here", pinned: true });
  expect((await ask("/api/deliveries/1")).json).toMatchObject({ note: "look here", pinned: true });
  const file = join(cwd, ".wa-hook/notes.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toContain("look here");
  expect((await put({ note: "", pinned: false })).json).toEqual({ pinned: false });
  expect((await put({ note: "x".repeat(5000) })).status).toBe(400);
});

test("what the app asked of the Graph API is listed, newest first, with errors", async () => {
  const { ask, until, emulator } = await stage();
  await ask("/api/customer/messages", { json: { message: "hi" } });
  await until("/api/requests", ({ rows }) => rows.length === 1);
  await fetch(`${emulator.url}/v25.0/unheard`, { method: "POST" });
  const { rows } = await until("/api/requests", (page) => page.rows.length === 2);
  expect(rows[0]).toMatchObject({ index: 2, method: "POST", error: { code: expect.any(Number) } });
  expect(rows[1]).toMatchObject({ index: 1, kind: "button", status: 200, messageId: expect.any(String) });
  const older = await ask("/api/requests?limit=1");
  expect(older.json.next).toBe("2");
  expect((await ask(`/api/requests?before=2`)).json.rows).toHaveLength(1);
});

test("the overview counts by second and by minute, and the timeline shows repeated attempts", async () => {
  const { ask, listener, next } = await stage({
    reply: () => undefined,
    status: () => 500,
    listener: { retry: { attempts: 3, firstMs: 1, maxMs: 1 } as never },
  });
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("text", "wamid.1"));
  await post(listener.url, wireOf("text"), { "content-type": "application/json" });
  await next("rejected");
  await next("forwarded");
  for (const minutes of [5, 120]) {
    const { json } = await ask(`/api/overview?minutes=${minutes}`);
    const sum = (list: number[]) => list.reduce((total, each) => total + each, 0);
    expect(json.at).toHaveLength(minutes === 5 ? 300 : 120);
    expect([sum(json.accepted), sum(json.duplicates), sum(json.rejected)]).toEqual([1, 1, 1]);
    expect(sum(json.failed)).toBeGreaterThan(0);
    expect(json.ackP95.filter((each: number | null) => each !== null).length).toBeGreaterThan(0);
  }
  const { lanes } = (await ask("/api/timeline")).json;
  const received = lanes.find(({ label }: { label: string }) => label === "Received");
  expect(
    received.attempts.map(({ status, attempt }: { status: number; attempt: number }) => [status, attempt]),
  ).toEqual([
    [200, 1],
    [200, 2],
    [401, 1],
  ]);
});

test("the state has listener, health, store and emulator, and the emulator's controls change it", async () => {
  const { ask, emulator, listener, appUrl } = await stage();
  const before = (await ask("/api/state")).json;
  expect(before).toMatchObject({
    command: "dev",
    emulated: true,
    listener: { url: listener.url, forwardTo: [appUrl], store: "events.db", health: { status: "ok" }, alarms: [] },
    emulator: { url: emulator.url, statuses: { read: false }, failures: [] },
  });
  const put = (json: object) => ask("/api/emulator", { method: "PUT", json });
  const hour = 3_600_000;
  const { json } = await put({ advanceMs: 25 * hour, fail: { code: 131056 }, statuses: { read: 5 }, latencyMs: 1 });
  expect(json.now).toBeGreaterThan(before.emulator.now + 24 * hour);
  expect(json).toMatchObject({ failures: [{ code: 131056 }], statuses: { read: 5, sent: 0 } });
  expect(emulator.conduct.latencyMs).toBe(1);
  expect((await put({ clearFailures: true, latencyMs: 0, window: "closed" })).json.failures).toEqual([]);
  expect(emulator.windowEnds(CUSTOMER)).toBeUndefined();
  await put({ window: "open" });
  expect(emulator.windowEnds(CUSTOMER)).toBeGreaterThan(emulator.now());
  for (const wrong of [{ advanceMs: -1 }, { fail: { code: 1.5 } }, { latencyMs: 1e9 }, { window: "ajar" }]) {
    expect((await put(wrong)).status).toBe(400);
  }
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

test("a scenario is saved, played and compared with the time before", async () => {
  let status = 500;
  const { ask, cwd } = await stage({ status: () => status });
  const steps = [
    { message: { message: "hi" } },
    { waitMs: 1 },
    { action: { action: "accept_calls" } },
    { delivery: "99" },
  ];
  const saved = await ask("/api/scenarios/order", { method: "PUT", json: { steps: steps.slice(0, 3) } });
  expect(saved.json).toMatchObject({ name: "order", steps: steps.slice(0, 3) });
  expect(statSync(join(cwd, ".wa-hook/scenarios/order.json")).mode & 0o777).toBe(0o600);
  const play = async () => (await ask("/api/scenarios/order/play", { method: "POST" })).json;
  const first = await play();
  expect(first).toMatchObject({
    ok: false,
    results: [{ ok: false, got: expect.stringMatching(/^500 in \d+ ms/) }, {}, { ok: true }],
  });
  expect(first.verdict).toBeUndefined();
  status = 200;
  expect(await play()).toMatchObject({
    ok: true,
    verdict: "fixed",
    results: [{ got: expect.stringMatching(/^200 in \d+ ms, then button/) }, {}, {}],
  });
  expect((await ask("/api/scenarios")).json[0].last).toMatchObject({ ok: true, verdict: "fixed" });
  await ask("/api/scenarios/order", {
    method: "PUT",
    json: { steps: [steps[3]], last: { at: 1, ok: true, results: [] } },
  });
  expect(await play()).toMatchObject({ verdict: "regressed", results: [{ got: "there is no such delivery" }] });
  expect((await ask("/api/scenarios/order", { method: "DELETE" })).status).toBe(200);
  expect((await ask("/api/scenarios")).json).toEqual([]);
  expect((await ask("/api/scenarios/order", { method: "DELETE" })).status).toBe(404);
});

test("what a customer cannot do is refused with the reason", async () => {
  const { ask } = await stage({ reply: () => undefined });
  const actions = "/api/customer/actions";
  expect((await ask(actions, { json: { action: "call" } })).json).toEqual({ id: expect.any(String) });
  for (const json of [{ action: "call" }, { action: "dance" }, { action: "join_group" }]) {
    expect(await ask(actions, { json })).toMatchObject({ status: 400, json: { error: expect.any(String) } });
  }
  for (const message of ["", {}, { type: "text", text: 7 }, 7]) {
    expect(await ask("/api/customer/messages", { json: { message } })).toMatchObject({ status: 400 });
  }
});

test("a stand-in answers deliveries as the page says", async () => {
  const standIn = await startStandIn();
  const { ask, sources, next, listener } = await stage({
    listener: { forward: { to: standIn.url }, retry: { attempts: 1 } },
  });
  const put = (json: object) => ask("/api/stand-in", { method: "PUT", json });
  expect((await put({ status: 500, body: "", delayMs: 0 })).status).toBe(400);
  sources.standIn = standIn;
  expect((await put({ status: 503, body: "busy", delayMs: 1 })).json).toEqual({
    status: 503,
    body: "busy",
    delayMs: 1,
  });
  await post(listener.url, wireOf("text"));
  expect(await next("forwarded")).toMatchObject({ status: 503, response: "busy" });
  expect((await ask("/api/state")).json.standIn).toEqual({ status: 503, body: "busy", delayMs: 1 });
  for (const wrong of [{ status: 99 }, { delayMs: -1 }, { body: "x".repeat(20_000) }]) {
    expect((await put({ status: 200, body: "", delayMs: 0, ...wrong })).status).toBe(400);
  }
  await standIn.close();
});

test("what happens is streamed with the row of its delivery, and a page that connects again gets what it missed", async () => {
  const { inspector, listener, emulator } = await stage({ reply: () => undefined });
  const live = openEvents(inspector);
  await live.opened;
  await post(listener.url, wireOf("text", "wamid.1"));
  const first = await live.next();
  expect(first.live).toMatchObject({
    source: "listener",
    event: { type: "delivery", delivery: "1" },
    row: { id: "1", events: [{ kind: "text" }] },
  });
  const second = await live.next();
  expect(second.live).toMatchObject({ event: { type: "forwarded", status: 200 } });
  live.close();
  await emulator.receive("hi");
  const again = openEvents(inspector, { "last-event-id": first.id });
  expect((await again.next()).live).toEqual(second.live);
  expect((await again.next()).live).toMatchObject({ source: "emulator", event: { type: "received" } });
  const stale = openEvents(inspector, { "last-event-id": "other-7" });
  expect((await stale.next()).live).toEqual({ source: "lost" });
});
