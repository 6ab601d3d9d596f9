import { expect, test } from "vitest";

import { Broadcast } from "../src/events.ts";

async function collect(events: AsyncIterable<number>): Promise<number[]> {
  const collected: number[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

test("events arrive in order, whether emitted before or while a reader waits, and none after the end", async () => {
  const broadcast = new Broadcast<number>();
  const events = broadcast.events();
  broadcast.emit(1);
  broadcast.emit(2);
  const all = collect(events);
  await Promise.resolve();
  broadcast.emit(3);
  await new Promise((resolve) => setImmediate(resolve));
  broadcast.emit(4);
  broadcast.end();
  broadcast.emit(5);
  expect(await all).toEqual([1, 2, 3, 4]);
});

test("each of many readers gets every event emitted after it subscribed, without a warning", async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on("warning", warned);
  const broadcast = new Broadcast<number>();
  const early = Array.from({ length: 20 }, () => collect(broadcast.events()));
  broadcast.emit(1);
  const late = collect(broadcast.events());
  broadcast.emit(2);
  broadcast.end();
  expect(await Promise.all(early)).toEqual(Array.from({ length: 20 }, () => [1, 2]));
  expect(await late).toEqual([2]);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warned);
  expect(warnings).toEqual([]);
});

test("a reader that subscribes after the end gets nothing", async () => {
  const broadcast = new Broadcast<number>();
  broadcast.end();
  expect(await collect(broadcast.events())).toEqual([]);
});

test("an error is thrown once, after the events emitted before it", async () => {
  const broadcast = new Broadcast<number>();
  const events = broadcast.events();
  broadcast.emit(1);
  broadcast.fail(new Error("failed"));
  broadcast.end();
  expect(await events.next()).toEqual({ done: false, value: 1 });
  await expect(events.next()).rejects.toThrow("failed");
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test("an error without a reader is dropped", () => {
  const broadcast = new Broadcast<number>();
  expect(() => broadcast.fail(new Error("failed"))).not.toThrow();
});

test("leaving a loop early unsubscribes the reader", async () => {
  const broadcast = new Broadcast<number>();
  const events = broadcast.events();
  expect(broadcast.observed).toBe(true);
  broadcast.emit(1);
  for await (const event of events) {
    expect(event).toBe(1);
    break;
  }
  expect(broadcast.observed).toBe(false);
});

test("a pending read ends when its reader returns", async () => {
  const broadcast = new Broadcast<number>();
  const events = broadcast.events();
  const pending = events.next();
  await events.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });
});

test("a reader that does not keep up loses the oldest events, the others lose none", async () => {
  const broadcast = new Broadcast<number>(3);
  const [slow, quick] = [broadcast.events(), broadcast.events()];
  const read: number[] = [];
  for (const event of [1, 2, 3, 4, 5]) {
    broadcast.emit(event);
    const { value } = await quick.next();
    read.push(value as number);
  }
  expect(read).toEqual([1, 2, 3, 4, 5]);
  broadcast.end();
  expect(await collect(slow)).toEqual([3, 4, 5]);
});

test("a pending read does not count as an unread event", async () => {
  const broadcast = new Broadcast<number>(1);
  const events = broadcast.events();
  const pending = events.next();
  broadcast.emit(1);
  broadcast.emit(2);
  broadcast.end();
  expect(await pending).toEqual({ done: false, value: 1 });
  expect(await collect(events)).toEqual([2]);
});

test("an error follows the events that were not dropped", async () => {
  const broadcast = new Broadcast<number>(1);
  const events = broadcast.events();
  broadcast.emit(1);
  broadcast.emit(2);
  broadcast.fail(new Error("failed"));
  expect(await events.next()).toEqual({ done: false, value: 2 });
  await expect(events.next()).rejects.toThrow("failed");
});
