import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { InterruptedError } from "../../src/errors.ts";
import { waitForStatus, type AwaitedStatus } from "../../src/store/await-status.ts";
import { openExistingStore, openStore, type ReadableStore } from "../../src/store/sqlite.ts";
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

async function opened(): Promise<ReadableStore> {
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
  for await (const told of waitForStatus(store, { id: "mine", after }, { until, patience: 0, signal })) {
    words.push("type" in told ? told.text : told.status);
    if (!("type" in told) && told.reached) break;
  }
  return words;
}

test("only statuses of the message itself count, and only those that came after it", async () => {
  const store = await opened();
  await record(store, status("delivered", "mine"));
  await record(store, status("delivered", "another"), status("sent", "mine"));
  await record(store, { ...status("read", "mine"), group: "message" });
  await store.record({
    receivedAt: 0,
    headers: [],
    body: Buffer.from(""),
    events: [status("read", "mine")],
    refusal: "unsigned",
  });
  expect(await seen(store, "delivered", "1")).toEqual(["sent"]);
  expect(await seen(store, "delivered")).toEqual(["delivered"]);
});

test("a later status stands for one that was left out", async () => {
  const store = await opened();
  await record(store, status("read", "mine"));
  expect(await seen(store, "delivered")).toEqual(["read"]);
});

test("why it failed comes with what to do", async () => {
  const store = await opened();
  await record(store, status("failed", "mine", "131047 Re-engagement message: late → send a template"));
  const { signal } = new AbortController();
  const { value: first } = await waitForStatus(
    store,
    { id: "mine", after: undefined },
    { until: "read", patience: 0, signal },
  ).next();
  expect(first).toMatchObject({ reached: false, hint: expect.stringContaining("template") });
});

test("Ctrl-C ends the waiting, and says that the message is on its way", async () => {
  const stop = new AbortController();
  stop.abort();
  const waiting = waitForStatus(
    await opened(),
    { id: "mine", after: undefined },
    { until: "read", patience: 9000, signal: stop.signal },
  );
  await expect(waiting.next()).rejects.toThrow(InterruptedError);
});
