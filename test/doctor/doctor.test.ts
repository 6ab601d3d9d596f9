/** The diagnosis without a command line: the order of its questions, and which of several causes it names. */
import { expect, test } from "vitest";

import type { Context } from "../../src/doctor/context.ts";
import { conclude } from "../../src/doctor/diagnosis.ts";
import { diagnose, type Step } from "../../src/doctor/doctor.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { Graph } from "../../src/graph/client.ts";
import type { Finding } from "../../src/report/finding.ts";
import { alteredBy, app, meta } from "./meta.ts";

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

/** The findings of a Graph API that lists more than anyone has. */
async function findingsOf(alter: Parameters<typeof alteredBy>[0]): Promise<Finding[]> {
  const { env, emulator } = await alteredBy(alter);
  const graph = new Graph({
    url: env["GRAPH_API_URL"] ?? "",
    version: "v25.0",
    accessToken: emulator.tokens.permanent,
    appSecret: emulator.account.appSecret,
  });
  const { steps } = await diagnosed(contextOf(emulator, { graph }));
  return steps.flatMap((step) => (step.type === "finding" ? [step] : []));
}

test("long lists of numbers, of entities and of WABAs are shortened", async () => {
  const findings = await findingsOf((path, answer) => {
    const many = (count: number, item: (at: number) => unknown) => Array.from({ length: count }, (_, at) => item(at));
    if (path.includes("/phone_numbers")) {
      return { status: 200, json: { data: many(500, (at) => ({ id: String(at), webhook_configuration: {} })) } };
    }
    if (path.includes("health_status")) {
      const errors = many(50, (at) => ({ error_code: at, error_description: "x" }));
      const entities = many(50, (at) => ({ entity_type: "APP", id: String(at), can_send_message: "LIMITED", errors }));
      return { status: 200, json: { health_status: { entities } } };
    }
    if (path.includes("/subscribed_apps")) return { status: 200, json: { data: [] } };
    if (!path.includes("debug_token")) return answer;
    const { data } = answer.json as { data: object };
    const target_ids = many(500, (at) => String(100_000 + at));
    const granular_scopes = [{ scope: "whatsapp_business_messaging", target_ids }];
    return { status: 200, json: { data: { ...data, granular_scopes } } };
  });
  const count = (code: string) => findings.filter((each) => each.code === code).length;
  expect(count("account.number")).toBe(20);
  expect(findings).toContainEqual(
    expect.objectContaining({ code: "account.numbers", got: expect.stringMatching(/^80 more/) }),
  );
  expect(count("account.health")).toBe(10);
  expect(findings.find(({ code }) => code === "account.health")?.got.match(/\(#/g)).toHaveLength(5);
  expect(count("account.other")).toBe(11);
});

test("a WABA without listed numbers is not called wrong", async () => {
  const findings = await findingsOf((path, answer) =>
    path.includes("/phone_numbers") ? { status: 200, json: { data: [] } } : answer,
  );
  expect(findings).toContainEqual(expect.objectContaining({ code: "account.numbers", status: "skip" }));
  expect(findings.filter(({ status }) => status === "fail")).toEqual([]);
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
