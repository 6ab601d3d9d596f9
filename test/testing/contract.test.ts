/** The contract of a webhook as test cases: what fails, passes with a note, and is skipped. */
import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import { probes } from "../../src/check/probes/index.ts";
import { CheckFailedError, UnavailableError, UsageError } from "../../src/errors.ts";
import { registerContract, type ContractSource } from "../../src/testing/contract.ts";
import { webhookContract } from "../../src/testing/jest.ts";
import { verify } from "../../src/webhook/signature.ts";
import { APP_SECRET as appSecret, freePort, listening, serve, VERIFY_TOKEN as verifyToken } from "../support/http.ts";

interface Result {
  suite: string;
  failure?: unknown;
  skipped?: string;
  notes: string[];
}

/** Registers the contract, then runs its tests as a runner does. */
async function run(source: ContractSource): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  const registered: [name: string, test: () => Promise<void>][] = [];
  let suite = "";
  registerContract(source, {
    describe(name, define) {
      suite = name;
      define();
    },
    test(name, _, run) {
      const result: Result = { suite, notes: [] };
      const context = {
        skip: (reason: string) => void (result.skipped = reason),
        note: (text: string) => void result.notes.push(text),
      };
      registered.push([
        name,
        async () => {
          results.set(name, result);
          await run(context).catch((error: unknown) => (result.failure = error));
        },
      ]);
    },
  });
  expect(results.size).toBe(0);
  for (const [, test] of registered) await test();
  return results;
}

const failed = (results: Map<string, Result>) =>
  [...results].filter(([, { failure }]) => failure !== undefined).map(([name]) => name);

test("a right endpoint has one passed or skipped test per probe, each with its own name", async () => {
  const { listener } = await listening();
  const results = await run(() => ({ url: listener.url, appSecret, verifyToken }));
  expect([...results.keys()]).toEqual(["Endpoint responds", ...probes.map(({ title }) => title)]);
  expect(failed(results)).toEqual([]);
  expect(results.get("Valid signature")).toEqual({ suite: "webhook contract", notes: [] });
  expect(results.get("Certificate")?.skipped).toMatch(/^not checked: /);
});

test("a mistake is one failed test, with its reason, fix and source", async () => {
  const { url } = await serve((request, response) => {
    void buffer(request).then((body) => {
      const query = new URL(request.url ?? "", "http://app").searchParams;
      if (request.method === "GET") return response.end(query.get("hub.challenge"));
      return response.writeHead(verify(body, request.headers["x-hub-signature-256"], appSecret) ? 200 : 401).end();
    });
  });
  const results = await run({ url, appSecret, verifyToken });
  expect(failed(results)).toEqual(["Wrong verify token"]);
  const failure = results.get("Wrong verify token")?.failure as Error;
  expect(failure).toBeInstanceOf(CheckFailedError);
  expect(failure.message).toMatch(/^expected .*, got 200.*\n.*\nfix: .*\nhttps:\/\//);
});

test("a warning passes with a note", async () => {
  const { url } = await serve((request, response) => {
    void buffer(request).then((body) => {
      const query = new URL(request.url ?? "", "http://app").searchParams;
      // A challenge for a request that has none.
      if (request.method === "GET") {
        const wrong = (query.get("hub.verify_token") ?? verifyToken) !== verifyToken;
        return response.writeHead(wrong ? 403 : 200).end(query.get("hub.challenge") ?? "");
      }
      return response.writeHead(verify(body, request.headers["x-hub-signature-256"], appSecret) ? 200 : 401).end();
    });
  });
  const results = await run({ url, appSecret, verifyToken });
  expect(failed(results)).toEqual([]);
  expect([...results].filter(([, { notes }]) => notes.length > 0).map(([name]) => name)).toEqual([
    "Missing parameters",
  ]);
  expect(results.get("Missing parameters")?.notes.join()).toMatch(/^expected .*, got 200/);
});

test("an endpoint that is down is one failed test, and the others are skipped", async () => {
  const results = await run({ url: `http://127.0.0.1:${await freePort()}/webhook`, appSecret });
  expect(failed(results)).toEqual(["Endpoint responds"]);
  expect(results.get("Endpoint responds")?.failure).toBeInstanceOf(UnavailableError);
  expect([...results.values()].filter(({ skipped }) => skipped !== undefined)).toHaveLength(probes.length);
});

test("probes that are left out are skipped, and a wrong option fails once", async () => {
  const { listener } = await listening();
  const results = await run({ url: listener.url, appSecret, verifyToken, only: ["handshake.*"] });
  expect(failed(results)).toEqual([]);
  expect(results.get("Valid signature")?.skipped).toBe("not selected");
  expect(results.get("Challenge")?.skipped).toBeUndefined();
  const wrong = await run({ url: listener.url, secret: appSecret } as never);
  expect(failed(wrong)).toEqual(["Endpoint responds"]);
  expect(wrong.get("Endpoint responds")?.failure).toMatchObject({ message: "appSecret is undefined, not a string" });
});

test("jest without globals has to pass its describe and test", () => {
  const names: string[] = [];
  const add = (name: string) => void names.push(name);
  const jest = { describe: (name: string, define: () => void) => (add(name), define()), test: add, afterAll: () => {} };
  expect(() => webhookContract({ url: "http://127.0.0.1:1", appSecret })).toThrow(UsageError);
  webhookContract({ url: "http://127.0.0.1:1", appSecret }, jest);
  expect(names).toEqual(expect.arrayContaining(["webhook contract", "Valid signature"]));
});
