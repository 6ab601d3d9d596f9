/** Deliveries from a test: by name, as files, as payloads and as bytes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import { UnavailableError, UsageError } from "../../src/errors.ts";
import { deliver, replay } from "../../src/testing/replay.ts";
import type { Payload } from "../../src/webhook/envelope.ts";
import { fixture } from "../../src/webhook/fixtures.ts";
import { verify } from "../../src/webhook/signature.ts";
import { APP_SECRET as appSecret, freePort, listening, serve, wireOf } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

/** An app that answers 200 to valid signatures and keeps the bodies. */
async function app() {
  const bodies: Buffer[] = [];
  const { url, port } = await serve((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body);
      response.writeHead(verify(body, request.headers["x-hub-signature-256"], appSecret) ? 200 : 401).end();
    });
  });
  return { to: url, port, bodies };
}

function messageOf({ entry }: Payload) {
  const { messages } = entry[0]?.changes[0]?.value as { messages: { id: string }[] };
  return { waba: entry[0]?.id, id: "", ...messages[0] };
}

test("one payload is delivered in one line, in Meta's bytes and signed", async () => {
  const { to, bodies } = await app();
  expect(await deliver("text.emoji", { to, appSecret })).toMatchObject({
    fixture: "text.emoji",
    status: 200,
    ok: true,
  });
  expect(await deliver(fixture("text.emoji").payload, { to, appSecret })).toMatchObject({ status: 200 });
  expect(bodies).toEqual([wireOf("text.emoji"), wireOf("text.emoji")]);
});

test("exact bytes arrive unchanged", async () => {
  const { to, bodies } = await app();
  const body = Buffer.from('{ "entry" : [ ] }');
  await deliver(body, { to, appSecret });
  expect(bodies).toEqual([body]);
});

test("several names, patterns, files and payloads arrive in order", async () => {
  const { to } = await app();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "own.json"), JSON.stringify(fixture("image").payload));
  const results = await replay(["status.*", "own.json", fixture("text").payload], { to, appSecret, cwd });
  const names = results.map((result) => result.fixture);
  expect(names.slice(-2)).toEqual(["own.json", "payload 3"]);
  expect(names.slice(0, -2).every((name) => name.startsWith("status."))).toBe(true);
  expect(results.every(({ ok }) => ok)).toBe(true);
});

test("values, the sender and ids can be changed", async () => {
  const { to, bodies } = await app();
  const set = { "text.body": "Good morning", "$.entry.0.id": "1" };
  await deliver("text", { to, appSecret, set, from: "4915112345678", fresh: true });
  const [before, after] = [fixture("text").payload, JSON.parse(String(bodies[0])) as Payload].map(messageOf);
  expect(after).toMatchObject({ waba: "1", from: "4915112345678", text: { body: "Good morning" } });
  expect(after?.id).not.toBe(before?.id);
});

test("a fault makes a rejection the expected response", async () => {
  const { listener } = await listening();
  const to = listener.url;
  for (const fault of ["unsigned", "wrong-secret", "tampered"] as const) {
    expect(await deliver("text", { to, appSecret, fault })).toMatchObject({ status: 401, ok: true });
  }
  expect(await deliver("text", { to, appSecret: "another-test-secret" })).toMatchObject({ status: 401, ok: false });
  expect(await deliver("text", { to, appSecret, fault: "unsigned", status: "403" })).toMatchObject({ ok: false });
});

test("a port is an address on this machine, at /webhook", async () => {
  const { port } = await app();
  expect(await deliver("text", { to: port, appSecret })).toMatchObject({ to: `http://127.0.0.1:${port}/webhook` });
});

test("what cannot be delivered is refused before anything is sent", async () => {
  const { to, bodies } = await app();
  const options = { to, appSecret };
  await expect(replay(["text", "txt"], options)).rejects.toThrow(UsageError);
  await expect(deliver("status.*", options)).rejects.toThrow("not one");
  await expect(deliver("@last", options)).rejects.toThrow("@last is read by the command");
  await expect(deliver("-", options)).rejects.toThrow("standard input is read by the command");
  await expect(deliver("text", { ...options, appSecret: " " })).rejects.toThrow("appSecret is only white space");
  await expect(deliver("text", { ...options, to: "nowhere" })).rejects.toThrow("to must be a URL or a port");
  await expect(deliver("text", { ...options, status: "20" })).rejects.toThrow("status must be");
  await expect(deliver("text", { ...options, concurrency: 0 })).rejects.toThrow("concurrency must be");
  await expect(deliver("text", { ...options, set: { "text.boby": "x" } })).rejects.toThrow("no delivery has that path");
  expect(bodies).toEqual([]);
});

test("an app that is down is reported, and an aborted signal is the reason", async () => {
  await expect(deliver("text", { to: await freePort(), appSecret })).rejects.toThrow(UnavailableError);
  const { to } = await app();
  const signal = AbortSignal.abort(new Error("no time left"));
  await expect(deliver("text", { to, appSecret, signal })).rejects.toThrow("no time left");
  expect(await replay("text", { to, appSecret, signal })).toEqual([]);
});
