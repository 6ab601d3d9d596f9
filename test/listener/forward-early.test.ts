/** A delivery is forwarded while it is on its way to the disk. */
import { expect, test } from "vitest";

import { UnavailableError } from "../../src/errors.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import type { Received, Recorded } from "../../src/store/store.ts";
import { Remembering } from "../support/faults.ts";
import { listening, post, serve, wireOf } from "../support/http.ts";

/** A store whose disk is as slow, or as broken, as the test wants it. */
class SlowDisk extends MemoryStore {
  readonly #syncs: { resolve(): void; reject(error: Error): void }[] = [];
  #began = () => {};

  override async record(received: Received, written?: (recorded: Recorded) => void): Promise<Recorded> {
    const recorded = await super.record(received, written);
    await new Promise<void>((resolve, reject) => {
      this.#syncs.push({ resolve, reject });
      this.#began();
    });
    return recorded;
  }

  /** Resolves when a sync has begun. */
  async syncing(): Promise<void> {
    if (this.#syncs.length === 0) await new Promise<void>((resolve) => (this.#began = resolve));
  }

  end(error?: Error): void {
    const sync = this.#syncs.shift();
    if (error === undefined) sync?.resolve();
    else sync?.reject(error);
  }
}

async function forwarding() {
  const store = new SlowDisk();
  const app = new Remembering();
  const { url } = await serve(app.handle);
  return { store, app, ...(await listening({ store, forward: { to: new URL(url) } })) };
}

test("the app gets a delivery before its sender gets the response, and both are reported in the order of what happened", async () => {
  const { store, app, listener, events } = await forwarding();
  const sent = post(listener.url, wireOf("text", "wamid.1"));
  await expect.poll(() => app.ids).toEqual(["wamid.1"]);
  expect(events).toEqual([]);
  store.end();
  expect(await sent).toBe(200);
  await expect.poll(() => events.map(({ type }) => type)).toEqual(["delivery", "forwarded"]);
});

test("a delivery that could not be saved is responded to with 500, and does not hold back what comes after it", async () => {
  const { store, app, listener, events, next } = await forwarding();
  const sent = post(listener.url, wireOf("text", "wamid.1"));
  await expect.poll(() => app.ids).toEqual(["wamid.1"]);
  store.end(new UnavailableError("the disk is broken", { code: "store.disk" }));
  expect(await sent).toBe(500);
  expect(await next("rejected")).toMatchObject({ status: 500 });
  await expect.poll(() => listener.summary().waiting).toBe(0);
  const other = post(listener.url, wireOf("text", "wamid.2"));
  await store.syncing();
  store.end();
  expect(await other).toBe(200);
  expect(await next("forwarded")).toMatchObject({ delivery: "2", attempt: 1, status: 200 });
  expect(events.map(({ type }) => type)).toEqual(["rejected", "delivery", "forwarded"]);
  expect(app.ids).toEqual(["wamid.1", "wamid.2"]);
});
