/** Waiting for the statuses of a message while they are recorded. */
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { InterruptedError } from "../../src/errors.ts";
import { waitForStatus, type AwaitedStatus } from "../../src/store/await-status.ts";
import { openExistingStore, openStore, type ReadableStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { WebhookEvent } from "../../src/webhook/event.ts";
import { temporaryFolder } from "../support/world.ts";

const status = (kind: string, id: string, summary = ""): WebhookEvent => ({
  group: "status",
  kind,
  field: "messages",
  path: "",
  summary,
  id,
});

async function openTestStore(): Promise<ReadableStore> {
  const file = join(temporaryFolder(), "events.db");
  await (await openStore(file)).close();
  const store = await openExistingStore(file);
  onTestFinished(() => store.close());
  return store;
}

async function record(store: ReadableStore, ...events: WebhookEvent[]): Promise<void> {
  await store.record({ receivedAt: 0, headers: [], body: Buffer.from(""), events });
}

async function seen(store: ReadableStore, until: AwaitedStatus, after?: string): Promise<string[]> {
  const words: string[] = [];
  const { signal } = new AbortController();
  for await (const event of waitForStatus(store, { id: "mine", after }, { until, timeoutMs: 0, signal })) {
    words.push("malformed" in event ? event.malformed : event.status);
    if (!("malformed" in event) && event.reached) break;
  }
  return words;
}

test("only statuses of the message itself that were accepted after it was sent count", async () => {
  const store = await openTestStore();
  await record(store, status("delivered", "mine"));
  await record(store, status("delivered", "another"), status("sent", "mine"));
  await record(store, { ...status("read", "mine"), group: "message" });
  await store.record({
    receivedAt: 0,
    headers: [],
    body: Buffer.from(""),
    events: [status("read", "mine")],
    reason: "unsigned",
  });
  expect(await seen(store, "delivered", "1")).toEqual(["sent"]);
  expect(await seen(store, "delivered")).toEqual(["delivered"]);
});

test("a later status counts as the awaited one", async () => {
  const store = await openTestStore();
  await record(store, status("read", "mine"));
  expect(await seen(store, "delivered")).toEqual(["read"]);
});

test("a failure has its cause, its code and its fix as separate fields", async () => {
  const store = await openTestStore();
  const failure = { code: 131_047, fix: "send a template" };
  await record(store, { ...status("failed", "mine", "131047 Re-engagement message: late"), ...failure });
  const { signal } = new AbortController();
  const { value: first } = await waitForStatus(
    store,
    { id: "mine", after: undefined },
    { until: "read", timeoutMs: 0, signal },
  ).next();
  expect(first).toEqual({
    status: "failed",
    summary: "131047 Re-engagement message: late",
    reached: false,
    ...failure,
  });
});

test("an abort while waiting throws an InterruptedError", async () => {
  const stop = new AbortController();
  stop.abort();
  const waiting = waitForStatus(
    await openTestStore(),
    { id: "mine", after: undefined },
    { until: "read", timeoutMs: 9000, signal: stop.signal },
  );
  await expect(waiting.next()).rejects.toThrow(InterruptedError);
});
