import { expect, test } from "vitest";

import { Queue } from "../src/queue.ts";

async function taken(queue: Queue<number>): Promise<number[]> {
  const items: number[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

test("what is added comes out in its order, whether before or while somebody waits", async () => {
  const queue = new Queue<number>();
  queue.add(1);
  queue.add(2);
  const all = taken(queue);
  await Promise.resolve();
  queue.add(3);
  await new Promise((resolve) => setImmediate(resolve));
  queue.add(4);
  queue.end();
  queue.add(5);
  expect(await all).toEqual([1, 2, 3, 4]);
});

test("an error comes after what was added before it, once", async () => {
  const queue = new Queue<number>();
  queue.add(1);
  queue.end(new Error("over"));
  queue.end();
  expect(await queue.next()).toEqual({ done: false, value: 1 });
  await expect(queue.next()).rejects.toThrow("over");
  expect(await queue.next()).toEqual({ done: true, value: undefined });
});

test("a reader that leaves early keeps nothing waiting", async () => {
  const queue = new Queue<number>();
  queue.add(1);
  queue.add(2);
  for await (const item of queue) {
    expect(item).toBe(1);
    break;
  }
  queue.add(3);
  expect(await queue.next()).toEqual({ done: true, value: undefined });
});
