/** The order in which people see what happens. */
import { expect, test } from "vitest";

import { inOrder } from "../../../src/commands/listen/in-order.ts";
import type { EmulatorEvent } from "../../../src/emulator/event.ts";
import { Broadcast } from "../../../src/events.ts";
import type { ListenerEvent } from "../../../src/listener/event.ts";

const receivedAt = 1_785_499_200_000;
const to = "http://localhost:3000/webhook";

const delivery = (id: string): ListenerEvent => ({
  type: "delivery",
  delivery: id,
  receivedAt,
  verdict: "accepted",
  ackMs: 1,
  forwarding: true,
  events: [],
});
const forwarded = (id: string, attempt = 1): ListenerEvent => ({
  type: "forwarded",
  at: receivedAt,
  delivery: id,
  receivedAt,
  events: [],
  status: 200,
  ms: 1,
  to,
  attempt,
});
const handshake: ListenerEvent = { type: "handshake", at: receivedAt, ok: true };
const mismatch = (request: number, at = receivedAt): ListenerEvent => ({ type: "mismatch", at, request });
const rejected = (request?: number): ListenerEvent => ({
  type: "rejected",
  at: receivedAt,
  status: 401,
  reason: "",
  ...(request === undefined ? {} : { request }),
});
const unreachable: ListenerEvent = { type: "app", at: receivedAt, state: "unreachable", to, advice: "", retryInMs: 1 };

/** With a message of this id. */
const withMessage = (event: ListenerEvent, id: string): ListenerEvent =>
  "events" in event
    ? { ...event, events: [{ group: "message", kind: "text", field: "messages", path: "", summary: "", id }] }
    : event;
const received = (id: string): EmulatorEvent => ({
  type: "received",
  at: receivedAt,
  id,
  from: "1",
  name: "",
  kind: "text",
  summary: "",
});
const webhook = (id: string): EmulatorEvent => ({
  type: "webhook",
  at: receivedAt,
  url: to,
  group: "message",
  kind: "text",
  id,
  attempt: 1,
  status: 200,
  ms: 1,
});
const graphRequest: EmulatorEvent = {
  type: "request",
  at: receivedAt,
  method: "POST",
  path: "/1/messages",
  version: "v25.0",
  query: {},
  status: 200,
};

/** What is printed of the events, in order: their types, with ids. */
async function printed(events: (ListenerEvent | EmulatorEvent | Promise<unknown>)[]): Promise<string[]> {
  const source = new Broadcast<ListenerEvent | EmulatorEvent>();
  const arranged = inOrder(source.events());
  const lines: string[] = [];
  const reading = (async () => {
    for await (const event of arranged) {
      const about = event.type === "late" ? event.forwarded : event;
      const id = "request" in about ? about.request : "delivery" in about ? about.delivery : undefined;
      lines.push(`${event.type}${id === undefined ? "" : ` ${id}`}`);
    }
  })();
  // The generator asks for its source's events at its first step.
  await new Promise((resolve) => setImmediate(resolve));
  for (const event of events) {
    if (event instanceof Promise) await event;
    else source.emit(event);
  }
  source.end();
  await reading;
  return lines;
}

test("responses are printed in the order in which their deliveries arrived", async () => {
  expect(await printed([delivery("1"), delivery("2"), handshake, forwarded("2"), forwarded("1")])).toEqual([
    "forwarded 1",
    "forwarded 2",
    "handshake",
  ]);
});

test("a delivery without a response within a moment is printed alone, and its response gets a line of its own", async () => {
  const moment = new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await printed([delivery("1"), delivery("2"), forwarded("2"), moment, forwarded("1")])).toEqual([
    "delivery 1",
    "forwarded 2",
    "late 1",
  ]);
});

test("a further attempt, or the response of another app, gets a line of its own", async () => {
  expect(await printed([delivery("1"), forwarded("1"), forwarded("1", 2)])).toEqual(["forwarded 1", "late 1"]);
});

test("while the app cannot be reached nothing waits for it", async () => {
  expect(await printed([delivery("1"), unreachable, delivery("2"), handshake])).toEqual([
    "delivery 1",
    "app",
    "delivery 2",
    "handshake",
  ]);
});

test("what is held at the end is printed", async () => {
  expect(await printed([delivery("1"), handshake])).toEqual(["delivery 1", "handshake"]);
});

test("a rejected delivery is printed where it arrived, with its reason", async () => {
  const recorded: ListenerEvent = { ...delivery("1"), forwarding: false } as ListenerEvent;
  expect(await printed([mismatch(1), recorded, mismatch(2), rejected(), rejected(2), rejected(1)])).toEqual([
    "rejected 1",
    "delivery 1",
    "rejected 2",
    "rejected",
  ]);
});

test("a delivery that arrived before a rejected one is printed before it, though it is recorded later", async () => {
  const events = [mismatch(1, receivedAt + 1), mismatch(2, receivedAt + 2), delivery("1"), forwarded("1"), rejected(1)];
  expect(await printed([...events, rejected(2)])).toEqual(["forwarded 1", "rejected 1", "rejected 2"]);
});

test("a reason that does not come within a moment gets a line of its own", async () => {
  const moment = new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await printed([mismatch(1), handshake, moment, rejected(1)])).toEqual([
    "mismatch 1",
    "handshake",
    "rejected 1",
  ]);
});

test("what the app asks of the Graph API follows the message that it responds to, although that is reported later", async () => {
  const lines = await printed([
    received("wamid.1"),
    graphRequest,
    withMessage(delivery("1"), "wamid.1"),
    graphRequest,
    withMessage(forwarded("1"), "wamid.1"),
    webhook("wamid.1"),
  ]);
  expect(lines).toEqual(["received", "forwarded 1", "request", "request", "webhook"]);
});

test("a message that is never reported holds others back until the response to it, or for a moment", async () => {
  const source = new Broadcast<EmulatorEvent>();
  const lines: string[] = [];
  const reading = (async () => {
    for await (const { type } of inOrder(source.events())) lines.push(type);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  for (const event of [received("wamid.1"), graphRequest]) source.emit(event);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lines).toEqual(["received"]);
  source.emit(webhook("wamid.1"));
  await expect.poll(() => lines, { timeout: 500 }).toEqual(["received", "request", "webhook"]);
  for (const event of [received("wamid.2"), graphRequest]) source.emit(event);
  await expect.poll(() => lines.slice(3), { timeout: 1500 }).toEqual(["received", "request"]);
  source.end();
  await reading;
});
