/** `check` against receivers that are right, wrong, or gone. */
import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import { probes } from "../../src/check/probes/index.ts";
import { topics } from "../../src/check/probes/index.ts";
import { InterruptedError, UnavailableError, UsageError } from "../../src/errors.ts";
import { check, type CheckResult } from "../../src/index.ts";
import { MISTAKES } from "../../src/webhook/mistakes.ts";
import { verify } from "../../src/webhook/signature.ts";
import { APP_SECRET, freePort, listening, serve, VERIFY_TOKEN } from "../support/http.ts";
import { checked, checkedAt, findingOf, handler, messagesIn, mistakesOf, negative, TestAnswers } from "./receiver.ts";

const isSigned = (body: Buffer, header: string | undefined) => verify(body, header, APP_SECRET);

/** A bot that answers each message as `answer` says, after it was acknowledged. */
function bot(answer: (body: Buffer, send: (to: string) => void) => void | Promise<void>) {
  const answers = new TestAnswers();
  const accept = (body: Buffer, header: string | undefined) => {
    if (!isSigned(body, header)) return 401;
    setImmediate(() => void answer(body, (to) => answers.add(to)));
    return 200;
  };
  return checked({ accept }, { answers, answerMs: 500, only: ["effects"] });
}

const customersIn = (body: Buffer) =>
  messagesIn(body).map(({ id, from, from_user_id }) => ({ id, to: from ?? from_user_id ?? "" }));

test("a right receiver passes everything that can be checked, with fewer than 500 requests", async () => {
  const result = await checked();
  expect(negative(result)).toEqual([]);
  expect(result.conclusions).toEqual([]);
  expect(result.requests).toBeLessThan(500);
  expect(result.requests).toBeGreaterThan(350);
  const skipped = result.findings.filter(({ status }) => status === "skip").map(({ code }) => code.replace(/\..*/, ""));
  expect([...new Set(skipped)]).toEqual(["tls", "effects"]);
});

test("wa-hook listen passes everything that can be checked", async () => {
  const { listener } = await listening();
  expect(negative(await checkedAt(listener.url))).toEqual([]);
});

test("the messages of a check have ids that decode to a test text, and customers of the range 555-01xx", async () => {
  const seen: { id: string; from?: string }[] = [];
  await checked({
    accept: (body, header) => {
      if (!isSigned(body, header)) return 401;
      seen.push(...messagesIn(body));
      return 200;
    },
  });
  expect(seen.length).toBeGreaterThan(100);
  for (const { id, from } of seen) {
    expect(Buffer.from(id.replace("wamid.", ""), "base64").toString()).toMatch(/^wa-hook check [0-9a-f]{8} \d+$/);
    expect(from ?? "16505550100").toMatch(/^(1650555010\d|165055501[1-3]\d|\d+)$/);
  }
});

test.each([
  ["a secret in quotes", `"${APP_SECRET}"`, "wrong-secret", /app secret in quotes/],
  ["another secret", "another", "wrong-secret", /^401$/],
  ["the verify token as key", VERIFY_TOKEN, "verify-token-as-key", /the verify token/],
  ["an empty secret", "", "accepts-empty-secret", /empty key/],
])("an app with %s has one failure that says so", async (_, key, mistake, got) => {
  const accept = (body: Buffer, header: string | undefined) =>
    header === `sha256=${createHmac("sha256", key).update(body).digest("hex")}` ? 200 : 401;
  const result = await checked({ accept });
  expect(mistakesOf(result)).toEqual([mistake]);
  expect(negative(result)).toEqual([
    expect.objectContaining({ code: "signature.valid", got: expect.stringMatching(got) as string }),
  ]);
  expect(findingOf(result, "vocabulary.statuses")?.got).toBe(
    "not checked: deliveries with a valid signature are rejected",
  );
});

test("an app that signs what Python's json.dumps makes of the body has parsed it", async () => {
  const dumps = (value: unknown): string =>
    JSON.stringify(value, undefined, 1)
      .replaceAll(/\n */g, " ")
      .replaceAll(/([[{]) | ([\]}])/g, "$1$2");
  const accept = (body: Buffer, header: string | undefined) =>
    isSigned(Buffer.from(dumps(JSON.parse(body.toString()))), header) ? 200 : 401;
  expect(mistakesOf(await checked({ accept }, { only: ["signature.valid"] }))).toEqual(["parsed-body"]);
});

test("a wrong path is named with its status, and nothing else is checked", async () => {
  const { url } = await serve((_, response) => void response.writeHead(404).end());
  const result = await checkedAt(url);
  expect(negative(result).map(({ code }) => code)).toEqual(["handshake.valid", "signature.valid"]);
  expect(result.conclusions[1]).toMatchObject({
    mistake: "rejects-deliveries",
    fix: expect.stringContaining("path") as string,
  });
});

test("an app that ends during the check is named, and what it could not answer is not checked", async () => {
  const { server, url } = await serve(
    handler({
      accept: (body, header) => {
        if (!isSigned(body, header)) return 401;
        if (body.includes('"statuses"')) {
          server.close();
          server.closeAllConnections();
        }
        return 200;
      },
    }),
  );
  const result = await checkedAt(url);
  expect(mistakesOf(result)).toContain("app-ended");
  expect(findingOf(result, "conditions.burst")?.status).toBe("skip");
});

test("a bot that answers each message once passes, in any order of deliveries", async () => {
  const known = new Set<string>();
  const result = await bot((body, send) => {
    for (const { id, to } of customersIn(body)) {
      if (known.has(id)) continue;
      known.add(id);
      send(to);
    }
  });
  expect(negative(result)).toEqual([]);
  expect(findingOf(result, "effects.entries")?.got).toBe("all 8");
});

test("a bot that stores an id only after it has answered fails when the same delivery comes twice at once", async () => {
  const known = new Set<string>();
  const result = await bot(async (body, send) => {
    for (const { id, to } of customersIn(body)) {
      if (known.has(id)) continue;
      await new Promise((resolve) => setTimeout(resolve, 20));
      send(to);
      known.add(id);
    }
  });
  expect(mistakesOf(result)).toEqual(["duplicate-race"]);
});

test("a bot that knows no user ids gets a warning", async () => {
  const known = new Set<string>();
  const result = await bot((body, send) => {
    for (const { id, from } of messagesIn(body)) {
      if (from === undefined || known.has(id)) continue;
      known.add(id);
      send(from);
    }
  });
  expect(negative(result)).toEqual([expect.objectContaining({ code: "effects.user-id", status: "warn" })]);
});

test("only runs what was asked for and what that needs, and skip leaves out", async () => {
  const codes = ({ findings }: CheckResult) => findings.map(({ code }) => code);
  expect(codes(await checked({}, { only: ["bytes.full-escapes"] }))).toEqual([
    "tls.trusted",
    "endpoint.redirect",
    "signature.valid",
    "bytes.escapes",
    "bytes.full-escapes",
  ]);
  const left = codes(await checked({}, { skip: ["vocabulary.*", "conditions", "effects"] }));
  expect(left.filter((code) => /^(vocabulary|conditions|effects)/.test(code))).toEqual([]);
  await expect(checked({}, { only: ["signature.nothing"] })).rejects.toThrow(UsageError);
});

test("nothing that listens is an UnavailableError", async () => {
  const url = `http://127.0.0.1:${await freePort()}/webhook`;
  await expect(checkedAt(url)).rejects.toThrow(UnavailableError);
});

test("an abort ends the check", async () => {
  const stop = new AbortController();
  const { url } = await serve(
    handler({
      accept: () => {
        stop.abort();
        return new Promise(() => {});
      },
    }),
  );
  await expect(checkedAt(url, { signal: stop.signal })).rejects.toThrow(InterruptedError);
});

test("an empty secret is a UsageError before anything is sent", async () => {
  const run = check({ url: "http://127.0.0.1:9/", appSecret: " " });
  await expect(run.next()).rejects.toThrow(UsageError);
});

test("plain http is a failure for a host other than this machine", async () => {
  const result = await checkedAt("http://example.com/webhook", { only: ["endpoint.https"] });
  expect(mistakesOf(result)).toEqual(["plain-http"]);
  expect(result.requests).toBe(0);
});

test("every probe has a code of its own with a known topic, and needs only probes that exist", () => {
  const codes = probes.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { code, needs, why, expected } of probes) {
    expect(Object.keys(topics), code).toContain(code.replace(/\..*/, ""));
    for (const need of needs) expect(codes.indexOf(need), `${code} needs ${need}`).toBeGreaterThanOrEqual(0);
    expect(why, code).not.toMatch(/\.$/);
    expect(expected, code).not.toBe("");
  }
});

test("every mistake says what to do", () => {
  for (const [code, { cause, fix }] of Object.entries(MISTAKES)) {
    expect(cause, code).toMatch(/^(the|most|on)\b/);
    expect(fix, code).not.toBe("");
  }
});
