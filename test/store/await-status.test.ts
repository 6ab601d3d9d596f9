/** Waiting for the statuses of a message while they are recorded. */
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { InterruptedError } from "../../src/errors.ts";
import { waitForStatus, type AwaitedStatus } from "../../src/store/await-status.ts";
import { openExistingStore, openStore, type ReadableStore } from "../../src/store/sqlite/sqlite-store.ts";
import { receivedValue, statusItem, textItem } from "../support/received.ts";
import { temporaryFolder } from "../support/world.ts";

async function openTestStore(): Promise<ReadableStore> {
  const file = join(temporaryFolder(), "events.db");
  await (await openStore(file)).close();
  const store = await openExistingStore(file);
  onTestFinished(() => store.close());
  return store;
}

async function record(store: ReadableStore, ...statuses: object[]): Promise<void> {
  await store.record(receivedValue({ statuses }));
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
  await record(store, statusItem("delivered", "mine"));
  await record(store, statusItem("delivered", "another"), statusItem("sent", "mine"));
  await store.record(receivedValue({ messages: [textItem("mine")] }));
  await store.record(receivedValue({ statuses: [statusItem("read", "mine")] }, { reason: "unsigned" }));
  expect(await seen(store, "delivered", "1")).toEqual(["sent"]);
  expect(await seen(store, "delivered")).toEqual(["delivered"]);
});

test("a later status counts as the awaited one", async () => {
  const store = await openTestStore();
  await record(store, statusItem("read", "mine"));
  expect(await seen(store, "delivered")).toEqual(["read"]);
});

test("the state of the message does not depend on the order of its statuses", async () => {
  const store = await openTestStore();
  await record(store, statusItem("read", "mine"), statusItem("sent", "mine"), statusItem("failed", "mine"));
  const states: (string | undefined)[] = [];
  const { signal } = new AbortController();
  const wait = { until: "read", timeoutMs: 0, signal } as const;
  for await (const event of waitForStatus(store, { id: "mine", after: undefined }, wait))
    if (!("malformed" in event)) states.push(event.state);
  expect(states).toEqual(["read", "read", "read"]);
});

test("a failure has its cause, its code and its fix as separate fields", async () => {
  const store = await openTestStore();
  const errors = [{ code: 131_047, title: "Re-engagement message", error_data: { details: "late" } }];
  await record(store, statusItem("failed", "mine", { errors }));
  const { signal } = new AbortController();
  const { value: first } = await waitForStatus(
    store,
    { id: "mine", after: undefined },
    { until: "read", timeoutMs: 0, signal },
  ).next();
  expect(first).toEqual({
    status: "failed",
    at: 1_785_499_200,
    summary: expect.stringContaining("Re-engagement message") as string,
    state: "failed",
    reached: false,
    code: 131_047,
    fix: expect.stringContaining("template") as string,
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
