/** `wa-hook check` as a person sees it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import { developmentSecrets } from "../../../src/store/folder.ts";
import { sign, verify } from "../../../src/webhook/signature.ts";
import { handler } from "../../check/receiver.ts";
import { APP_SECRET, freePort, listening, serve, VERIFY_TOKEN } from "../../support/http.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const env = { WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN };

/** The same text in every run. */
const shown = async (line: string, options: Parameters<typeof transcript>[1] = { env }) =>
  (await transcript(line, options))
    .replaceAll(/\d+ requests? in N ms/g, "N requests in N ms")
    .replaceAll(/(?<=check )\d+/g, "PORT");

test("a right receiver passes, by topic, and what was not checked comes last", async () => {
  const { port } = await serve(handler());
  await expect(await shown(`check ${port}`)).toMatchFileSnapshot("../../transcripts/check.txt");
});

test("a receiver that parses the body is told how to get the raw one", async () => {
  const accept = (body: Buffer, header: string | undefined) =>
    verify(Buffer.from(JSON.stringify(JSON.parse(body.toString() || "{}"))), header, APP_SECRET) ? 200 : 401;
  const { port } = await serve(handler({ accept }));
  await expect(await shown(`check ${port} --only bytes,signature`)).toMatchFileSnapshot(
    "../../transcripts/check-parsed-body.txt",
  );
});

test("what cannot be checked is refused with what to do", async () => {
  const texts = [
    await shown(`check http://127.0.0.1:${await freePort()}/webhook`),
    await shown("check 3000", {}),
    await shown("check 3000", { env: { WHATSAPP_APP_SECRET: APP_SECRET } }),
    await shown("check https://example.com/webhook"),
    await shown("check 3000 --only signature.nothing"),
    await shown("check 3000 --ca missing.pem"),
    await shown("check ftp://example.com"),
  ];
  await expect(texts.join("\n")).toMatchFileSnapshot("../../transcripts/check-refused.txt");
});

test("the listener of the folder is checked with its development secrets", async () => {
  const cwd = temporaryFolder();
  const { listener } = await listening(developmentSecrets(cwd));
  const seen = await shown(`check ${listener.url} --skip vocabulary,conditions`, { cwd });
  expect(seen).toContain("Using the development secrets");
  expect(seen).toMatch(/exit 0\n$/);
});

test("with --json each finding is a line with why and where Meta says so, and the error names the mistakes", async () => {
  const { port } = await serve(handler({ accept: () => 200 }));
  const world = testWorld({ env });
  expect(await main(["check", String(port), "--json", "--only", "signature"], world)).toBe(1);
  const events = world.stdout.text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as object]));
  expect(events).toContainEqual(
    expect.objectContaining({
      type: "finding",
      code: "signature.missing",
      status: "fail",
      reason: "accepts-unsigned",
      why: expect.any(String) as string,
      source: expect.stringMatching(/^https:\/\/developers\.facebook\.com\//) as string,
    }),
  );
  expect(events).toContainEqual(expect.objectContaining({ type: "conclusion", mistake: "accepts-unsigned" }));
  expect(events.at(-1)).toMatchObject({ type: "summary", failed: 1 });
  expect(JSON.parse(world.stderr.text)).toMatchObject({ code: "check.failed", mistakes: ["accepts-unsigned"] });
});

test("--report writes JUnit with a suite per topic", async () => {
  const { port } = await serve(handler());
  const world = testWorld({ env });
  expect(
    await main(["check", String(port), "--report", "junit", "--only", "signature.valid,handshake.valid"], world),
  ).toBe(0);
  expect(world.stdout.text).toMatch(/<testsuite name="Signature" tests="1" failures="0"/);
  expect(world.stdout.text).toMatch(/<testsuite name="Handshake"/);
});

test("--start runs a bot, --emulate sees what it sends, and both end", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "bot.mjs"), BOT);
  const port = await freePort();
  const seen = await shown(`check ${port} --start "node bot.mjs" --emulate --only effects`, {
    cwd,
    env: { ...env, PATH: process.env["PATH"] ?? "" },
  });
  expect(seen).toContain("Every message answered   all 8");
  expect(seen).toMatch(/exit 0\n$/);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(/fetch failed/);
});

/** A bot that reads its settings from its environment. */
const BOT = `
import { createServer } from "node:http";
import { createHmac } from "node:crypto";
import { buffer } from "node:stream/consumers";
const { env } = process;
const known = new Set();
createServer(async (request, response) => {
  if (request.method === "GET") {
    const query = new URL(request.url, "http://app").searchParams;
    const ok = query.get("hub.verify_token") === env.WHATSAPP_VERIFY_TOKEN;
    return response.writeHead(ok ? 200 : 403).end(ok ? query.get("hub.challenge") : "");
  }
  const body = await buffer(request);
  const expected = "sha256=" + createHmac("sha256", env.WHATSAPP_APP_SECRET).update(body).digest("hex");
  if (request.headers["x-hub-signature-256"] !== expected) return response.writeHead(401).end();
  response.writeHead(200).end();
  for (const { changes } of JSON.parse(body).entry) for (const { value } of changes) for (const message of value.messages ?? []) {
    if (known.has(message.id)) continue;
    known.add(message.id);
    const to = message.from === undefined ? { recipient: message.from_user_id } : { to: message.from };
    void fetch(\`\${env.GRAPH_API_URL}/\${env.GRAPH_API_VERSION}/\${env.WHATSAPP_PHONE_NUMBER_ID}/messages\`, {
      method: "POST",
      headers: { authorization: \`Bearer \${env.WHATSAPP_ACCESS_TOKEN}\`, "content-type": "application/json" },
      body: JSON.stringify({ messaging_product: "whatsapp", ...to, type: "text", text: { body: "Hello" } }),
    });
  }
}).listen(env.PORT, "127.0.0.1");
`;

test("a signature is never shown", async () => {
  const { port } = await serve(handler({ accept: () => 500 }));
  const seen = await shown(`check ${port} --json`);
  expect(seen).not.toContain(APP_SECRET);
  expect(seen).not.toContain(sign("{}", APP_SECRET));
});
