/** The ledger joins what listener and emulator report, in bounded memory. */
import { expect, test } from "vitest";

import type { EmulatorEvent } from "../../src/emulator/event.ts";
import { Ledger } from "../../src/inspector/ledger.ts";
import type { ListenerEvent } from "../../src/listener/event.ts";

const CUSTOMER = "16505551234";

function delivery(id: string, message: string, from = CUSTOMER): ListenerEvent {
  const event = {
    group: "message",
    kind: "text",
    field: "messages",
    path: "",
    summary: "",
    id: message,
    from,
  } as const;
  return {
    type: "delivery",
    delivery: id,
    receivedAt: 1000,
    ackMs: 1,
    verdict: "accepted",
    forwarding: false,
    events: [event],
  };
}

function request(body: unknown, path = "/1/messages"): EmulatorEvent {
  return { type: "request", at: 0, method: "POST", path, version: "v25.0", query: {}, status: 200, kind: "text", body };
}

test("a request is led back to the message that it names, else to the customer's last one within ten minutes", () => {
  const ledger = new Ledger(true);
  ledger.addListener(delivery("1", "wamid.1"), 1000);
  ledger.addListener(delivery("2", "wamid.2"), 1000);
  ledger.addEmulator(request({ to: "+1 (650) 555-1234" }), 2000);
  ledger.addEmulator(request({ to: CUSTOMER, context: { message_id: "wamid.1" } }), 2000);
  ledger.addEmulator(request({ status: "read", message_id: "wamid.1" }), 2000);
  ledger.addEmulator(request({ to: CUSTOMER }), 1000 + 11 * 60_000);
  ledger.addEmulator(request({ to: "16505555678" }), 2000);
  expect(ledger.requests.map(({ cause }) => cause)).toEqual(["wamid.2", "wamid.1", "wamid.1", undefined, undefined]);
  expect(ledger.inbound("wamid.2")).toEqual({ at: 1000, customer: CUSTOMER, delivery: "2" });
});

test("requests are bounded by number and size, and unread messages count until they are read", () => {
  const ledger = new Ledger(true);
  for (let index = 0; index < 1500; index++) ledger.addEmulator(request({ to: CUSTOMER }), index);
  expect(ledger.requests).toHaveLength(1000);
  expect(ledger.requests.at(-1)?.index).toBe(1500);
  const large = "x".repeat(60_000);
  for (let index = 0; index < 300; index++) ledger.addEmulator(request({ to: CUSTOMER, large }), index);
  expect(JSON.stringify(ledger.requests).length).toBeLessThan(9 * 1024 * 1024);
  for (let index = 0; index < 3; index++) ledger.addListener(delivery(`${index}`, `wamid.${index}`), 0);
  expect(ledger.unread(CUSTOMER)).toBe(3);
  ledger.read(CUSTOMER);
  expect(ledger.unread(CUSTOMER)).toBe(0);
});
