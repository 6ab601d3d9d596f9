/** The event stream shared by all tunnel providers. */
import { expect, test } from "vitest";

import { TunnelEvents } from "../../src/tunnel/tunnel-events.ts";
import type { TunnelEvent } from "../../src/tunnel/tunnel.ts";

const DISCONNECTED: TunnelEvent = { type: "disconnected", reason: "the connection was cut" };
const CONNECTED: TunnelEvent = { type: "connected", url: "https://fox-able.ngrok-free.dev", changed: false };
const CLOSED: TunnelEvent = { type: "closed", reason: "stopped" };

test("the first reader gets the events emitted before it subscribed, other readers do not", async () => {
  const events = new TunnelEvents();
  events.emit(DISCONNECTED);
  const [first, second] = [events.events(), events.events()];
  events.emit(CONNECTED);
  expect([await first.next(), await first.next()]).toMatchObject([{ value: DISCONNECTED }, { value: CONNECTED }]);
  expect(await second.next()).toMatchObject({ value: CONNECTED });
});

test("the stream ends after a closed event, also for a reader that subscribes later", async () => {
  const events = new TunnelEvents();
  events.emit(CLOSED);
  events.emit(DISCONNECTED);
  const first = events.events();
  expect([await first.next(), await first.next()]).toMatchObject([{ value: CLOSED }, { done: true }]);
  expect(await events.events().next()).toMatchObject({ done: true });
});
