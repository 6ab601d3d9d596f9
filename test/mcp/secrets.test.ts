/** No tool returns a secret, wherever it stands: in settings, in recorded headers and bodies, in URLs, in errors. */
import { join } from "node:path";

import { expect, test } from "vitest";

import { Cleaner } from "../../src/mcp/clean.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { serve } from "../support/http.ts";
import { text } from "../support/recorded.ts";
import { temporaryFolder } from "../support/world.ts";
import { connected } from "./client.ts";

const SECRETS = {
  WHATSAPP_APP_SECRET: "not-a-real-app-secret/1+1",
  // Less than these, so it stands nowhere but among the others of the setting.
  APP_SECRET: "not-a-real-older-secret",
  WHATSAPP_VERIFY_TOKEN: "not-a-real-verify-token",
  WHATSAPP_ACCESS_TOKEN: "EAAGnotarealtokennotarealtokennotarealtoken",
  WHATSAPP_FLOW_PASSPHRASE: "not-a-real-passphrase",
  NGROK_AUTHTOKEN: "not-a-real-ngrok-token",
  WHATSAPP_PHONE_NUMBER_ID: "106540352242922",
  WHATSAPP_BUSINESS_ACCOUNT_ID: "102290129340398",
  WHATSAPP_APP_ID: "896369251542941",
};
const VALUES = Object.entries(SECRETS).flatMap(([name, value]) => (name.endsWith("_ID") ? [] : [value]));

/** Each value, and what it would be in a URL, in JSON and in base64. */
const spelled = VALUES.flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString("base64url")]);

test("everything that the tools return is free of secrets", async () => {
  // What answers as Meta and as the app repeats what it gets, as careless servers do.
  const echo = await serve((request, response) => {
    const { url = "", headers } = request;
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const about = { url: decodeURIComponent(url), headers, body: Buffer.concat(parts).toString(), secrets: VALUES };
      const message = JSON.stringify(about);
      response
        .writeHead(500, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { message, code: 1 } }));
    });
  });
  const cwd = temporaryFolder();
  const store = await openStore(join(cwd, "events.db"));
  const leak = `My token: ${VALUES.join(" and ")}, Bearer ${"x".repeat(40)}, https://me:${VALUES[0]}@example.com/?access_token=${"y".repeat(30)}`;
  await store.record(
    text("wamid.1", leak, {
      headers: [
        ["Authorization", `Bearer ${VALUES[3]}`],
        ["Cookie", "session=not-a-real-session"],
        ["X-Api-Key", "not-a-real-api-key"],
        ["X-Forwarded-Url", `https://example.com/?hub.verify_token=${VALUES[2]}`],
      ],
      forwardTo: [`http://user:not-a-real-password@localhost:3000/webhook?access_token=${VALUES[3]}`],
    }),
  );
  await store.record(text("wamid.2", "Hello", { reason: `signed with ${VALUES[0]}` }));
  await store.close();
  const env = { ...SECRETS, GRAPH_API_URL: new URL(echo.url).origin };
  const { call } = await connected("--store events.db", { cwd, env });
  const results = [
    await call("doctor"),
    await call("check", { url: echo.url, only: ["handshake.*", "signature.valid"], all: true }),
    await call("replay", { fixtures: ["text", "@1"], to: echo.url }),
    await call("replay", { fixtures: [VALUES[0] ?? ""], to: echo.url }),
    await call("replay", { fixtures: ["text"], to: `http://127.0.0.1:1/?token=${VALUES[3]}` }),
    await call("events"),
    await call("events", { kind: VALUES[2] ?? "" }),
    await call("event", { id: "1" }),
    await call("event", { id: "2" }),
    await call("explain", { delivery: "1" }),
    await call("explain", { delivery: "2" }),
    await call("explain", { finding: VALUES[1] ?? "" }),
    await call("wait_for_event", { after: "0" }),
    await call("customer_says", { text: "Hello" }),
  ];
  const seen = JSON.stringify(results);
  expect(spelled.filter((secret) => seen.includes(secret))).toEqual([]);
  expect(seen).not.toMatch(/not-a-real|x{40}|y{30}/);
  // It was there, and was taken out.
  expect(seen).toContain("My token: (redacted)");
  expect(results.filter(({ error }) => error?.code === "bug")).toEqual([]);
});

test("results are limited in size: long texts, long lists, wide objects, depth", () => {
  const cleaner = new Cleaner([]);
  let deep: object = {};
  for (let at = 0; at < 5000; at++) deep = { deep };
  const large = {
    text: "a".repeat(1_000_000),
    list: Array.from({ length: 100_000 }, (_, at) => ({ at, text: "b".repeat(1000) })),
    wide: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key${at}`, "c".repeat(100)])),
    deep,
  };
  const clean = cleaner.data(large);
  expect(JSON.stringify(clean).length).toBeLessThan(64 * 1024);
  expect(Object.keys(clean)).toEqual(["text", "list", "wide", "deep"]);
  expect(cleaner.data({ text: "a".repeat(9000) })["text"]).toBe(`${"a".repeat(8000)}… (1000 more characters)`);
});

test("ordinary words that look a little like secrets stay", () => {
  const cleaner = new Cleaner(["abc", "  "]);
  for (const text of [
    "App settings → Basic → App secret",
    "Basic Information about EACH abc token=",
    "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQyQUJFMjdFOTg2RENENUExMUQxNwA=",
    "set WHATSAPP_ACCESS_TOKEN in .env",
  ]) {
    expect(cleaner.text(text)).toBe(text);
  }
  expect(cleaner.data({ code: "settings.app-secret", expected: "a verify token" })).toEqual({
    code: "settings.app-secret",
    expected: "a verify token",
  });
});
