/** The lines of `wa-hook emulate` and `wa-hook fixtures list` fit the terminal, whatever is in them. */
import { expect, test } from "vitest";

import { banner, emulatorLine, helpText } from "../../src/commands/emulate/view.ts";
import { fixturesList } from "../../src/commands/fixtures/list.ts";
import type { EmulatorEvent } from "../../src/emulator/event.ts";
import { columnsOf } from "../../src/terminal/paint.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { linesOf, paintOf } from "../support/printed.ts";

const ARABIC = "مرحبا بكم في الورشة هل أنتم مفتوحون يوم السبت القادم من فضلكم";
const at = 1_785_500_000_000;
const id = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQwRDY5RDNCQ0M1RTIzQTg1RDQ4RAA=";
const received = { type: "received", at, id, from: "16505551234", kind: "text" } as const;
const attempt = { type: "webhook", at, url: "http://localhost:1", group: "status", kind: "delivered", id } as const;
const events: EmulatorEvent[] = [
  { ...received, name: "Sheena", summary: "Hello ".repeat(30) },
  { ...received, name: "日本語の長い名前がここにあります", summary: ARABIC },
  { ...attempt, attempt: 1, status: 200, ms: 3 },
  {
    ...attempt,
    attempt: 12,
    ms: 20_000,
    advice: "connection refused at http://localhost:1: start it",
    retryInMs: 1000,
  },
  { type: "request", at, method: "GET", path: `/${"1".repeat(90)}`, version: "v25.0", query: {}, status: 200 },
  {
    type: "request",
    at,
    method: "POST",
    path: "/1/messages",
    version: "v25.0",
    query: {},
    status: 400,
    kind: "text",
    summary: ARABIC,
    body: { to: "16505551234" },
    ignored: ["one", "two"],
    error: {
      code: 131030,
      message: "(#131030) Recipient phone number not in allowed list",
      details: "add it ".repeat(20),
    },
  },
  {
    type: "handshake",
    at,
    url: `http://localhost:3000/${"path/".repeat(12)}`,
    ok: false,
    reason: "HTTP Status 403 ".repeat(6),
  },
  { type: "warning", at, message: "webhooks are not sent: the app has no callback URL; start with --webhook" },
];

test.each([40, 80, 120])("no line of the emulator is wider than a terminal of %i columns", (width) => {
  const paint = paintOf(width);
  const customer = { number: "16505551234", name: "Sheena" };
  const allowed = ["16505551234", "4915123456789", "525512345678"];
  const lines = [
    ...banner({ type: "listening", url: "http://127.0.0.1:4300", customer, allowed }, paint).split("\n"),
    ...helpText(paint).split("\n"),
    ...events.flatMap((event) => linesOf(emulatorLine(event, paint))),
  ];
  for (const line of lines) expect(columnsOf(line), line).toBeLessThanOrEqual(width);
});

test.each([40, 80, 120])("no line of the list of fixtures is wider than a terminal of %i columns", (width) => {
  for (const each of [...fixtures(), { ...fixture("text"), name: "x".repeat(60), summary: ARABIC }]) {
    const event = { type: "fixture", ...each } as const;
    for (const line of linesOf(fixturesList.print(event, paintOf(width), event))) {
      expect(columnsOf(line), line).toBeLessThanOrEqual(width);
    }
  }
});

test("a fixture name that is wider than its column leaves the summaries aligned", () => {
  const summaryAt = (name: string) => {
    const event = { type: "fixture", ...fixture("text"), name, summary: "SUMMARY" } as const;
    return linesOf(fixturesList.print(event, paintOf(120), event))
      .at(-1)
      ?.indexOf("SUMMARY");
  };
  expect(summaryAt("x".repeat(60))).toBe(summaryAt("text"));
});
