import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { History } from "../../src/inspector/history.ts";
import { Others } from "../../src/inspector/others.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watching() {
  const state = { last: 0, noticed: 0 };
  const history = { lastId: () => Promise.resolve(String(state.last)) } as unknown as History;
  const others = new Others(history, () => void state.noticed++);
  return { state, others, looks: (count: number) => vi.advanceTimersByTimeAsync(count * 1000) };
}

test("own deliveries are no news, also in another order, in gaps and after many looks", async () => {
  const { state, others, looks } = watching();
  await looks(2);
  for (let round = 0; round < 20; round++) {
    const first = state.last + 1;
    for (const id of [first, first + 1, first + 3, first + 2, first + 4]) others.add(String(id));
    state.last = first + 4;
    await looks(round % 3);
  }
  await looks(3);
  expect(state.noticed).toBe(0);
});

test("a delivery of another process between own ones is noticed once", async () => {
  const { state, others, looks } = watching();
  await looks(2);
  for (const id of [1, 2, 4, 5]) others.add(String(id));
  state.last = 5;
  await looks(5);
  expect(state.noticed).toBe(1);
});
