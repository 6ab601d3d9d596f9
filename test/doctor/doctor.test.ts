/** The diagnosis without a command line: the order of its questions, and which of several causes it names. */
import { expect, test } from "vitest";

import type { Context } from "../../src/doctor/context.ts";
import { conclude } from "../../src/doctor/diagnosis.ts";
import { diagnose, type Step } from "../../src/doctor/doctor.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { Graph } from "../../src/graph/client.ts";
import type { Finding } from "../../src/report/finding.ts";
import { app, meta } from "./meta.ts";

function contextOf({ account, tokens, url }: Emulator, changes: Partial<Context> = {}): Context {
  const given = (value: string) => ({ value, from: "a test", others: [] });
  const { appId, appSecret, verifyToken, phoneNumberId, businessAccountId } = account;
  const graph = new Graph({ url, version: "v25.0", accessToken: tokens.permanent, appSecret });
  const settings = { accessToken: tokens.permanent, appId, appSecret, verifyToken, phoneNumberId, businessAccountId };
  return {
    graph,
    settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, given(value)])),
    envFile: ".env",
    isLocal: true,
    allowedNumbers: [],
    now: 1_785_500_000_000,
    ...changes,
  };
}

async function diagnosed(context: Context): Promise<{ steps: Step[]; summary: string }> {
  await using _ = context.graph;
  const steps: Step[] = [];
  const running = diagnose(context);
  for (;;) {
    const { done, value } = await running.next();
    if (done === true) return { steps, summary: value.summary };
    steps.push(value);
  }
}

test("the questions are asked in order, and all requests are reads", async () => {
  const emulator = await meta();
  const { steps } = await diagnosed(contextOf(emulator));
  expect(steps.flatMap((step) => (step.type === "checking" ? [step.code] : []))).toEqual([
    "settings",
    "app.credentials",
    "clock",
    "token.inspect",
    "phone.readable",
    "account.health",
    "account.subscribed",
    "app.subscription",
    "callback.set",
    "callback.handshake",
    "account.numbers",
    "account.other",
    "app.mode",
    "history",
    "test-number",
  ]);
  expect(emulator.requests.map(({ method }) => method)).toEqual(emulator.requests.map(() => "GET"));
});

test("the configured secrets are sent to the expected callback only", async () => {
  const seen: string[] = [];
  const theirs = await app({}, seen);
  const ours = await app({});
  const { summary } = await diagnosed(contextOf(await meta(theirs), { callbackUrl: ours }));
  expect(summary).toContain(`they are sent to the app callback ${theirs}`);
  expect(seen).toEqual([]);
});

test("of several failures, the one that certainly stops delivery is named as the cause", () => {
  const failed = (code: string, rest: Partial<Finding> = {}): Finding => {
    return { code, status: "fail", title: "Title", expected: "yes", got: "no", ...rest };
  };
  const facts = { unusable: new Map() };
  const causeOf = (...findings: Finding[]) => conclude(findings, facts).cause;
  expect(causeOf(failed("token.expiry"), failed("app.messages"))).toContain("the messages field");
  expect(causeOf(failed("token.valid"), failed("callback.delivery"))).toContain("accept deliveries");
  expect(causeOf(failed("something.new"))).toBe("Title: no");
  const scope = (reason: string) => causeOf(failed("token.scope", { reason }));
  expect(scope("missing-messaging")).toContain("messages may not arrive");
  expect(scope("missing")).toContain("the diagnosis is incomplete");
  expect(causeOf(failed("app.messages", { status: "warn" }))).toBeUndefined();
});

test.each([
  ["http://127.0.0.1:3000/webhook", "fail"],
  ["https://localhost/webhook", "fail"],
  ["https://10.0.0.5/webhook", "fail"],
  ["https://172.20.0.5/webhook", "fail"],
  ["https://printer.local/webhook", "fail"],
  ["http://example.invalid/webhook", "fail"],
  ["https://example.invalid/webhook", "pass"],
  ["https://172.32.0.1.example.invalid/webhook", "pass"],
])("whether Meta can reach %s: %s", async (url, status) => {
  const { settings, ...context } = contextOf(await meta(), { callbackUrl: url, isLocal: false });
  const { verifyToken: _, ...untested } = settings;
  const { steps } = await diagnosed({ ...context, settings: untested });
  expect(steps).toContainEqual(expect.objectContaining({ code: "callback.public", status }));
});
