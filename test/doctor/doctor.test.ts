/** The doctor without a command line: what it asks, in which order, and which of several causes it names. */
import { expect, test } from "vitest";

import { conclude } from "../../src/doctor/diagnosis.ts";
import { diagnose, type Step } from "../../src/doctor/doctor.ts";
import type { Patient } from "../../src/doctor/patient.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { Graph } from "../../src/graph/client.ts";
import type { Finding } from "../../src/report/finding.ts";
import { app, meta } from "./meta.ts";

function patientOf({ account, tokens, url }: Emulator, changes: Partial<Patient> = {}): Patient {
  const given = (value: string) => ({ value, from: "a test", others: [] });
  const { appId, appSecret, verifyToken, phoneNumberId, businessAccountId } = account;
  const graph = new Graph({ url, version: "v25.0", accessToken: tokens.permanent, appSecret });
  const settings = { accessToken: tokens.permanent, appId, appSecret, verifyToken, phoneNumberId, businessAccountId };
  return {
    graph,
    settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, given(value)])),
    offline: true,
    allowedNumbers: [],
    now: 1_785_500_000_000,
    ...changes,
  };
}

async function diagnosed(patient: Patient): Promise<{ steps: Step[]; sentence: string }> {
  await using _ = patient.graph;
  const steps: Step[] = [];
  const running = diagnose(patient);
  for (;;) {
    const { done, value } = await running.next();
    if (done === true) return { steps, sentence: value.sentence };
    steps.push(value);
  }
}

test("it asks in the order in which a person would, and changes nothing", async () => {
  const emulator = await meta();
  const { steps } = await diagnosed(patientOf(emulator));
  expect(steps.flatMap((step) => (step.type === "question" ? [step.code] : []))).toEqual([
    "settings",
    "app.credentials",
    "clock",
    "token",
    "phone.readable",
    "account.subscribed",
    "app.subscription",
    "callback.set",
    "callback.handshake",
    "app.mode",
    "history",
    "test-number",
  ]);
  expect(emulator.requests.map(({ method }) => method)).toEqual(emulator.requests.map(() => "GET"));
});

test("the secrets of the settings are shown to our own callback alone", async () => {
  const seen: string[] = [];
  const theirs = await app({}, seen);
  const ours = await app({});
  const { sentence } = await diagnosed(patientOf(await meta(theirs), { url: ours }));
  expect(sentence).toContain(`${theirs}, gets the messages`);
  expect(seen).toEqual([]);
});

test("of several causes it names the one that stops events for certain", () => {
  const failed = (code: string, got = "no"): Finding => ({ code, status: "fail", title: "?", expected: "yes", got });
  const known = { without: new Map() };
  const causeOf = (...findings: Finding[]) => conclude(findings, known).cause;
  expect(causeOf(failed("token.expiry", "expired"), failed("app.messages"))).toContain("the field messages");
  expect(causeOf(failed("token.valid"), failed("callback.delivery", "status 500"))).toContain("take deliveries");
  expect(causeOf(failed("something.new", "is odd"))).toBe("? is odd");
  const scope = (reason: string) => causeOf({ ...failed("token.scope", "missing"), expected: reason, reason });
  expect(scope("whatsapp_business_messaging")).toContain("messages may not come");
  expect(scope("whatsapp_business_management")).toContain("Meta cannot be asked for all");
  expect(causeOf({ ...failed("app.messages"), status: "warn" })).toBeUndefined();
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
])("whether Meta itself may call %s: %s", async (url, status) => {
  const { settings, ...patient } = patientOf(await meta(), { url, offline: false });
  const { verifyToken: _, ...silent } = settings;
  const { steps } = await diagnosed({ ...patient, settings: silent });
  expect(steps).toContainEqual(expect.objectContaining({ code: "callback.public", status }));
});
