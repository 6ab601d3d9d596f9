/** Deliveries: found, shown, compared, sent again, noted. */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { DeliveryRow } from "../../src/inspector/api.ts";
import { sign } from "../../src/webhook/signature.ts";
import { APP_SECRET, post, wireOf } from "../support/http.ts";
import { stage } from "./stage.ts";

const CUSTOMER = "16505551234";

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

test("a file of notes that is somebody else's is not used, and hides no delivery", async () => {
  const { ask, listener, cwd } = await stage({ reply: () => undefined });
  await post(listener.url, wireOf("text"));
  mkdirSync(join(cwd, ".wa-hook"), { mode: 0o700 });
  writeFileSync(join(cwd, ".wa-hook/notes.json"), "{}", { mode: 0o600 });
  chmodSync(join(cwd, ".wa-hook/notes.json"), 0o666);
  expect((await ask("/api/deliveries/1")).json).toMatchObject({ id: "1", pinned: false });
  const changed = await ask("/api/deliveries/1/note", { method: "PUT", json: { pinned: true } });
  expect(changed).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining("can be written by other users") },
  });
});
