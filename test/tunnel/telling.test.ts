/** What a tunnel tells, and to whom. */
import { expect, test } from "vitest";

import { TunnelTelling } from "../../src/tunnel/tunnel-events.ts";
import type { TunnelEvent } from "../../src/tunnel/tunnel.ts";

const DOWN: TunnelEvent = { type: "down", reason: "the connection was cut" };
const UP: TunnelEvent = { type: "up", url: "https://fox-able.ngrok-free.dev", changed: false };
const ENDED: TunnelEvent = { type: "ended", reason: "stopped" };

test("what happened before anybody looked is told to the first reader, and to nobody else", async () => {
  const telling = new TunnelTelling();
  telling.tell(DOWN);
  const [first, second] = [telling.events(), telling.events()];
  telling.tell(UP);
  expect([await first.next(), await first.next()]).toMatchObject([{ value: DOWN }, { value: UP }]);
  expect(await second.next()).toMatchObject({ value: UP });
});

test("an end before the first look is told too, and nothing after it", async () => {
  const telling = new TunnelTelling();
  telling.tell(ENDED);
  telling.tell(DOWN);
  const events = telling.events();
  expect([await events.next(), await events.next()]).toMatchObject([{ value: ENDED }, { done: true }]);
});
