/** What `replay` sends, judged by receivers that are not ours (test/apps/), and by a bare server that keeps the bytes. */
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import type { ExportLine } from "../../src/commands/events/export.ts";
import type { Delivered } from "../../src/replay/deliver.ts";
import type { Summary } from "../../src/replay/tally.ts";
import type { Payload } from "../../src/webhook/envelope.ts";
import { fixtures } from "../../src/webhook/fixtures.ts";
import { apps, endApps, startApp, type App } from "../apps/start.ts";
import { serve } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { testWorld, type TestWorldOptions } from "../support/world.ts";

const APP_SECRET = "test_app_secret";
const VERIFY_TOKEN = "test-verify-token";
const RAW_BYTES = expect.stringContaining("raw request body") as string;
const all = fixtures();
const urls = new Map<App, string>();

beforeAll(async () => {
  const secrets = { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };
  await Promise.all(apps.map(async (app) => urls.set(app, await startApp(app, secrets))));
});
afterAll(endApps);

test.each(apps)("%s accepts the handshake for the right verify token only", async (app) => {
  const ask = (token: string) =>
    fetch(`${urlOf(app)}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
  const right = await ask(VERIFY_TOKEN);
  expect([right.status, await right.text()]).toEqual([200, "1158201444"]);
  expect((await ask("another")).status).toBe(403);
});

describe("an app that checks the raw body", () => {
  test.each(["basic", "full"])("accepts every bundled delivery with %s escapes", async (escape) => {
    const { exitCode, delivered, summary } = await replay("express-raw-body", ["--escape", escape]);
    expect(delivered.filter(({ ok }) => !ok)).toEqual([]);
    expect(delivered.map(({ fixture, status }) => [fixture, status])).toEqual(all.map(({ name }) => [name, 200]));
    expect(summary).toMatchObject({ passed: all.length, failed: 0 });
    expect(exitCode).toBe(0);
  });

  test.each(["--unsigned", "--wrong-secret", "--tampered"])("rejects every delivery that is %s", async (fault) => {
    const { exitCode, statuses } = await replay("express-raw-body", [fault]);
    expect(statuses).toEqual(all.map(() => 401));
    expect(exitCode).toBe(0);
  });
});

describe("an app that checks JSON.stringify of the parsed body", () => {
  test.each(["basic", "full"])("accepts what %s escaping leaves unchanged, and nothing else", async (escape) => {
    const { exitCode, delivered, summary } = await replay("express-stringify", ["--escape", escape]);
    const expected = all.map(({ name, payload }) => [name, isEscaped(payload, escape) ? 401 : 200]);
    expect(delivered.map(({ fixture, status }) => [fixture, status])).toEqual(expected);
    expect(summary.failed).toBe(expected.filter(([, status]) => status === 401).length);
    expect(summary.diagnosis).toMatchObject({ code: "parsed-body", fix: RAW_BYTES });
    expect(summary.failures).toEqual([expect.objectContaining({ count: summary.failed })]);
    expect(exitCode).toBe(1);
  });

  test.each(["text", "status.delivered"])("accepts %s, so its bug goes unnoticed", async (fixture) => {
    const { exitCode, statuses } = await replay("express-stringify", [fixture]);
    expect([exitCode, ...statuses]).toEqual([0, 200]);
  });

  test.each(["image", "image.with-caption", "text.emoji"])("rejects %s", async (fixture) => {
    const { exitCode, statuses } = await replay("express-stringify", [fixture]);
    expect([exitCode, ...statuses]).toEqual([1, 401]);
  });

  test.each([
    ["a slash", "a/b"],
    ["an accent", "café"],
    ["an emoji", "👋"],
  ])("rejects a text with %s", async (_, body) => {
    const { exitCode, statuses } = await replay("express-stringify", ["text", "--set", `text.body=${body}`]);
    expect([exitCode, ...statuses]).toEqual([1, 401]);
  });

  test.each(["a@b", "50%", "1 < 2"])("rejects the text %j only when everything is escaped", async (body) => {
    const basic = await replay("express-stringify", ["text", "--set", `text.body=${body}`]);
    expect([basic.exitCode, ...basic.statuses]).toEqual([0, 200]);
    const full = await replay("express-stringify", ["text", "--set", `text.body=${body}`, "--escape", "full"]);
    expect([full.exitCode, ...full.statuses]).toEqual([1, 401]);
  });

  test("is diagnosed in the recap, with the raw-body code of Express and Fastify", async () => {
    const to = urlOf("express-stringify");
    const seen = await transcript(`replay text image status.delivered text.emoji --to ${to}`, {
      env: { WHATSAPP_APP_SECRET: APP_SECRET },
    });
    expect(seen.match(/re-serialized body/g)).toHaveLength(1);
    expect(seen).toMatch(/2 × Status: 401, expected 200 \(image, text\.emoji\)/);
    expect(seen).toMatch(/Express +.*express\.raw\(/);
    expect(seen).toMatch(/Fastify +.*parseAs: "buffer"/);
    expect(seen).not.toContain("same app secret");
  });

  test("is not diagnosed when only rejected deliveries were sent", async () => {
    const { summary } = await replay("express-stringify", ["image", "text.emoji"]);
    expect(summary.diagnosis).toBeUndefined();
  });

  test("gets the advice to hash the raw bytes, and the run fails", async () => {
    const { exitCode, delivered, error } = await replay("express-stringify", ["text", "image"]);
    expect(delivered.map(({ ok }) => ok)).toEqual([true, false]);
    expect(delivered[1]?.findings).toEqual([
      expect.objectContaining({ code: "status", status: "fail", expected: "200", got: "401", fix: RAW_BYTES }),
    ]);
    expect(error).toMatchObject({ type: "error", code: "replay.failed", exitCode: 1 });
    expect(exitCode).toBe(1);
  });
});

test("an app with another app secret gets no diagnosis of its body", async () => {
  const { summary } = await replay("express-raw-body", ["text", "image"], {
    env: { WHATSAPP_APP_SECRET: "another_app_secret" },
  });
  expect(summary.diagnosis).toBeUndefined();
  expect(summary.failures).toEqual([
    expect.objectContaining({
      count: 2,
      fixtures: ["text", "image"],
      fix: expect.stringContaining("same app secret") as string,
    }),
  ]);
});

describe("an app on the client library whatsapp-api-js", () => {
  // 6.3.0 reads `value.metadata` of any field before it looks which one it is.
  const readable = all.filter(({ payload }) => namesPhoneNumber(payload)).map(({ name }) => name);
  const unreadable = all.filter(({ payload }) => !namesPhoneNumber(payload)).map(({ name }) => name);

  test.each(["basic", "full"])("accepts every delivery about a phone number with %s escapes", async (escape) => {
    const { exitCode, delivered, summary } = await replay("whatsapp-api-js", [...readable, "--escape", escape]);
    expect(delivered.filter(({ ok }) => !ok)).toEqual([]);
    expect(summary).toMatchObject({ passed: readable.length, failed: 0 });
    expect(exitCode).toBe(0);
  });

  test("breaks on every delivery about the account, which `replay` finds", async () => {
    const { exitCode, statuses, delivered } = await replay("whatsapp-api-js", unreadable);
    expect(statuses).toEqual(unreadable.map(() => 500));
    for (const { findings } of delivered) expect(findings[0]?.fix).toContain("check the app's log");
    expect(exitCode).toBe(1);
  });

  // All of them: what is refused here and broke above had a signature that the library accepted.
  test.each(["--wrong-secret", "--tampered"])("rejects every delivery that is %s", async (fault) => {
    const { exitCode, statuses } = await replay("whatsapp-api-js", [fault]);
    expect(statuses).toEqual(all.map(() => 401));
    expect(exitCode).toBe(0);
  });

  // 6.3.0 means to answer 400: its middleware for node:http throws the bare number, which its own catch turns into 500.
  test("breaks on a delivery without a signature, which `replay` finds", async () => {
    const { exitCode, statuses, delivered } = await replay("whatsapp-api-js", ["text", "--unsigned"]);
    expect([exitCode, ...statuses]).toEqual([1, 500]);
    expect(delivered[0]?.findings[0]?.fix).toMatch(/respond with 401 instead of failing/);
  });
});

describe("the bytes of a delivery", () => {
  test.each(["basic", "full"])("are ASCII without white space and with %s escapes", async (escape) => {
    const { exitCode, received } = await replayToBare(["--escape", escape]);
    expect(exitCode).toBe(0);
    expect(received.map(({ body }) => JSON.stringify(JSON.parse(body.toString("latin1"))))).toEqual(
      all.map(({ payload }) => JSON.stringify(payload)),
    );
    for (const { body } of received) {
      const text = body.toString("latin1");
      expect(text).toMatch(/^[ -~]+$/);
      expect(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, "")).not.toMatch(/\s/);
      // Without all that is escaped: what is left was sent as it is.
      expect(text.replaceAll(/\\./g, "")).not.toMatch(escape === "full" ? /[/@%<]/ : /\//);
    }
  });

  test.each([
    ["basic", String.raw`\\ caf\u00e9 \/ \ud83d\udc4b\ud83c\udffd a@b 50% \"`],
    ["full", String.raw`\\ caf\u00e9 \/ \ud83d\udc4b\ud83c\udffd a\u0040b 50\u0025 \"`],
  ])("spell a text with %s escapes as Meta does", async (escape, written) => {
    const typed = String.raw`text.body=\ café / 👋🏽 a@b 50% "`;
    const { received } = await replayToBare(["text", "--set", typed, "--escape", escape]);
    expect(received[0]?.body.toString("latin1")).toContain(`"text":{"body":"${written}"}`);
  });

  test("are signed in both signature headers, next to headers like Meta's", async () => {
    const { received } = await replayToBare([]);
    expect(received).toHaveLength(all.length);
    for (const { headers, body } of received) {
      expect(headers).toMatchObject({
        "content-type": "application/json",
        "content-length": String(body.length),
        "user-agent": "facebookexternalua",
        "x-hub-signature-256": `sha256=${hmac("sha256", body)}`,
        "x-hub-signature": `sha1=${hmac("sha1", body)}`,
      });
    }
  });

  test("of a recorded delivery arrive as they were received, whatever they are", async () => {
    const odd = ' {"object" : "x", "s":"\\u00E9 é / \\/ @",\n\t"n":12345678901234567890,"n":1.0 }\r\n';
    const bodies = [Buffer.from(odd), Buffer.from([0x7b, 0x7d, 0xff, 0x00])];
    const world = testWorld({ env: { WHATSAPP_APP_SECRET: APP_SECRET } });
    writeFileSync(join(world.cwd, "received.ndjson"), bodies.map((body, index) => exported(index + 1, body)).join(""));
    for (const escape of ["basic", "full"]) {
      const { exitCode, received } = await replayToBare(["received.ndjson", "--escape", escape], { cwd: world.cwd });
      expect(exitCode).toBe(0);
      expect(received.map(({ body }) => body)).toEqual(bodies);
      expect(received.map(({ headers }) => headers["x-hub-signature-256"])).toEqual(
        bodies.map((body) => `sha256=${hmac("sha256", body)}`),
      );
    }
  });
});

interface Outcome {
  exitCode: number;
  delivered: Delivered[];
  statuses: (number | undefined)[];
  summary: Summary;
  /** What was said on stderr. */
  error: unknown;
}

/** Runs `wa-hook replay … --json` in this process. */
async function replay(to: App | URL, argv: readonly string[], options: TestWorldOptions = {}): Promise<Outcome> {
  const world = testWorld({ env: { WHATSAPP_APP_SECRET: APP_SECRET }, ...options });
  const url = to instanceof URL ? to.href : urlOf(to);
  const exitCode = await main(["replay", ...argv, "--to", url, "--json"], world);
  const events = world.stdout.text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { type: string });
  const delivered = events.filter(({ type }) => type === "delivered") as unknown as Delivered[];
  const summary = events.at(-1) as unknown as Summary;
  const error: unknown = world.stderr.text === "" ? undefined : JSON.parse(world.stderr.text);
  return { exitCode, delivered, statuses: delivered.map(({ status }) => status), summary, error };
}

interface Request {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The same, to a server that answers 200 and keeps what came, in its order. */
async function replayToBare(argv: readonly string[], options?: TestWorldOptions) {
  const received: Request[] = [];
  const { url } = await serve((request, response) => {
    void buffer(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.end();
    });
  });
  return { ...(await replay(new URL(url), argv, options)), received };
}

function urlOf(app: App): string {
  return urls.get(app) as string;
}

/** Whether Meta's bytes of a payload differ from its `JSON.stringify`. */
function isEscaped(payload: Payload, escape: string): boolean {
  return (escape === "full" ? /[^ -~]|[/@%<]/ : /[^ -~]|\//).test(JSON.stringify(payload));
}

function namesPhoneNumber({ entry: [first] }: Payload): boolean {
  return "metadata" in (first?.changes[0]?.value ?? {});
}

function hmac(algorithm: string, body: Uint8Array): string {
  return createHmac(algorithm, APP_SECRET).update(body).digest("hex");
}

function exported(id: number, body: Buffer): string {
  const [receivedAt, body_b64] = [1_785_499_201_000, body.toString("base64")];
  const line: ExportLine = { id: String(id), receivedAt, headers: [], body_b64, verdict: "accepted", events: [] };
  return `${JSON.stringify(line)}\n`;
}
