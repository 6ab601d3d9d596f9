/** The lines of wa-hook listen, events list and replay fit the terminal, whatever is in them. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { eventsList } from "../../src/commands/events/list.ts";
import { summaryLines } from "../../src/commands/listen/summary-view.ts";
import { banner, keyLines, lineOf } from "../../src/commands/listen/view.ts";
import { deliveredLines, progressBar, summaryLines as replaySummary } from "../../src/commands/replay/view.ts";
import { eventLine } from "../../src/commands/views/event.ts";
import type { ListenerEvent } from "../../src/listener/event.ts";
import { columnsOf } from "../../src/terminal/paint.ts";
import type { WebhookEvent } from "../../src/webhook/event.ts";
import { linesOf, paintOf } from "../support/printed.ts";
import { testWorld } from "../support/world.ts";

const development = "generated for development, in .wa-hook/development.env";
const listening = {
  type: "listening" as const,
  url: "http://127.0.0.1:8200/webhook",
  verifyToken: "kSXm…",
  verifyTokenSource: development,
  signature: development,
  store: ".wa-hook/events.db",
};

test.each([40, 50, 80, 120])("a banner of %i columns breaks between words", (width) => {
  const lines = banner(listening, paintOf(width)).split("\n");
  expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
  expect(lines.map((line) => line.trim()).join(" ")).toContain(`verified${width < 120 ? " " : "  "}(${development})`);
});

test("a notice that is longer than the terminal breaks between words", async () => {
  const env = { WHATSAPP_APP_SECRET: "fake-app-secret", WHATSAPP_VERIFY_TOKEN: "fake-verify-token" };
  const world = testWorld({ env, tty: true });
  const running = main(["listen", "--port", "0", "--no-record"], world);
  await world.stderr.until("Local only.");
  world.stop();
  expect(await running).toBe(0);
  // oxlint-disable-next-line no-control-regex -- colors take no columns
  const lines = world.stderr.text.replaceAll(/\u001b\[[\d;]*m/g, "").split("\n");
  expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([]);
});

const at = 1_785_500_000_000;
const SCRIPTS = [
  "Hello",
  "日本語",
  "한국어",
  "مرحبا",
  "مُحَمَّد",
  "שלום",
  "e\u0301a\u0308",
  "नमस्ते",
  "👍",
  "👩‍👩‍👧",
  "🇩🇪",
  " ",
  "·",
  "x".repeat(30),
];
const outside = fc
  .array(fc.oneof(fc.constantFrom(...SCRIPTS), fc.string({ unit: "grapheme", maxLength: 20 })), { maxLength: 12 })
  .map((parts) => parts.join("").replaceAll(/\p{C}|\p{Z}/gu, " "));

const webhookEvent: fc.Arbitrary<WebhookEvent> = fc.record(
  {
    group: fc.constantFrom("message", "status", "error", "field", "malformed"),
    kind: fc.oneof(fc.constantFrom("text", "failed", "account_update", "message_template_status_update"), outside),
    field: fc.constant("messages"),
    path: fc.constant("entry[0]"),
    summary: outside,
    id: fc.constantFrom("wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQwRDY5RDNCQ0M1RTIzQTg1RDQ4RAA=", "short"),
    from: fc.oneof(fc.constant("16505551234"), outside),
    name: outside,
    fix: outside,
  },
  { requiredKeys: ["group", "kind", "field", "path", "summary"] },
);

function listenerEvents(events: WebhookEvent[], text: string, ms: number): ListenerEvent[] {
  const about = { delivery: "12", receivedAt: at, events };
  const to = "http://localhost:3000/webhook";
  return [
    { type: "app", at, state: "unreachable", to, advice: "connection refused: start your app", retryInMs: 250 },
    { type: "app", at, state: "reachable", to, waiting: 12 },
    { type: "resumed", at, to, deliveries: 12 },
    { type: "delivery", ...about, verdict: "accepted", ackMs: ms, forwarding: false },
    { type: "delivery", ...about, verdict: "duplicate", ackMs: ms, forwarding: false },
    { type: "forwarded", at, ...about, status: 200, ms, to, attempt: 1 },
    {
      type: "forwarded",
      at,
      ...about,
      replayedAt: at,
      to,
      attempt: 3,
      gaveUp: true,
      ms,
      advice: "start the app, or change --forward-to",
      response: text,
    },
    { type: "waiting", ...about, ms },
    { type: "rejected", at, status: 401, reason: text, delivery: "12" },
    { type: "handshake", at, ok: false, reason: text },
    { type: "handshake", at, ok: true },
    { type: "closing", at, pending: 3, timeoutMs: 5000 },
    { type: "store", at, notice: `the store was deleted: ${text}` },
  ];
}

function tooWide(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => line.split("\n")).filter((line) => columnsOf(line) > width);
}

test.each([40, 80, 120])("no line of an event is wider than a terminal of %i columns", (width) => {
  const paint = paintOf(width);
  fc.assert(
    fc.property(
      fc.array(webhookEvent, { maxLength: 3 }),
      outside,
      fc.integer({ min: 0, max: 30_000 }),
      (events, text, ms) => {
        for (const event of listenerEvents(events, text, ms))
          expect(tooWide(linesOf(lineOf(event, paint)), width)).toEqual([]);
        const forwards = (["pending", "failed", "delivered"] as const).map((state, attempts) => {
          return { id: "1", delivery: "1", to: "http://localhost:3000/webhook", state, attempts, status: 500 };
        });
        for (const verdict of ["accepted", "duplicate", "rejected"] as const) {
          const listed = {
            type: "delivery",
            id: "12345",
            receivedAt: at,
            verdict,
            reason: text,
            events,
            forwards,
          } as const;
          expect(tooWide(linesOf(eventsList.print(listed, paint, listed)), width)).toEqual([]);
        }
        const malformed = { type: "malformed", id: "12", malformed: text } as const;
        expect(tooWide(linesOf(eventsList.print(malformed, paint, malformed)), width)).toEqual([]);
      },
    ),
  );
});

test.each([40, 80, 120])("no line of replay is wider than a terminal of %i columns", (width) => {
  const paint = paintOf(width);
  fc.assert(
    fc.property(outside, outside, fc.integer({ min: 0, max: 30_000 }), fc.boolean(), (fixture, text, ms, ok) => {
      const verdict = ok ? "duplicate" : "accepted";
      const counts = { done: 123_456, total: 10_000_000 };
      const sent = { fixture, round: 1, ...counts, to: "", status: 200, verdict, escaped: false, ms, ok, findings: [] };
      const failures = [{ reason: text, fix: "use the same app secret", count: 3, fixtures: [fixture, fixture] }];
      const times = { p50: ms, p95: ms, max: ms, perSecond: 12_345 };
      expect(
        tooWide(
          deliveredLines(sent, paint).flatMap((line) => line.split("\n")),
          width,
        ),
      ).toEqual([]);
      expect(tooWide([progressBar(sent, paint)], width - 1)).toEqual([]);
      const lines = replaySummary({ passed: 247, failed: 58, duplicates: 12, ...times, failures }, paint);
      expect(
        tooWide(
          lines.flatMap((line) => line.split("\n")),
          width,
        ),
      ).toEqual([]);
    }),
  );
});

test.each([40, 80, 120])("the keys and the summary of listen fit a terminal of %i columns", (width) => {
  const paint = paintOf(width);
  expect(tooWide(linesOf(keyLines({ type: "keys" }, paint)), width)).toEqual([]);
  expect(tooWide(linesOf(keyLines({ type: "clear", url: listening.url }, paint)), width)).toEqual([]);
  const events = { message_template_status_update: 120, account_update: 3, text: 1 };
  const counts = {
    deliveries: 9,
    duplicates: 3,
    rejected: 1,
    unrecorded: 1,
    forwardFailures: 2,
    waiting: 4,
    recorded: true,
  };
  const times = { p50: 12, p95: 30, p99: 35, max: 40 };
  expect(tooWide(summaryLines({ ...counts, events, ack: times, app: times }, paint).split("\n"), width)).toEqual([]);
});

test("a kind that is wider than its column has a line of its own, so that the columns below it stay aligned", () => {
  const event = (kind: string): WebhookEvent => ({ group: "field", kind, field: kind, path: "", summary: "SUMMARY" });
  const lineFor = (kind: string, width: number) =>
    eventLine("12:00:00", event(kind), "←", "8 ms", paintOf(width)).split("\n");
  const [short = ""] = lineFor("flows", 80);
  const [first, second = ""] = lineFor("message_template_status_update", 80);
  expect(first).toBe("12:00:00 ← message_template_status_update");
  expect(second.indexOf("SUMMARY")).toBe(short.indexOf("SUMMARY"));
  expect(lineFor("message_template_status_update", Infinity)).toHaveLength(1);
});

test("a long summary is shortened with …, and one that needs attention is shown whole below its line", () => {
  const event: WebhookEvent = {
    group: "status",
    kind: "sent",
    field: "",
    path: "",
    summary: "word ".repeat(40).trim(),
  };
  expect(eventLine("12:00:00", event, "←", "8 ms", paintOf(80))).toMatch(/^12:00:00 ← sent {8}word .*…  8 ms$/);
  const failed = eventLine("12:00:00", { ...event, kind: "failed" }, "←", "8 ms", paintOf(80));
  expect(failed.match(/word/g)).toHaveLength(40);
  expect(failed).not.toContain("…");
});
