/** The README is true: its commands run, its transcripts are what the program prints, its flags exist. */
import { createHmac, privateDecrypt } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { main } from "../src/cli/main.ts";
import { commands } from "../src/commands/index.ts";
import { encryptFlowResponse, type EncryptedFlowRequest } from "../src/flows/encryption.ts";
import { fieldsOf } from "../src/terminal/command.ts";
import { sign, verify } from "../src/webhook/signature.ts";
import { inBackground } from "./support/background.ts";
import { emulated } from "./support/emulated.ts";
import { APP_SECRET, freePort, listening, post, serve, signed, VERIFY_TOKEN, wireOf } from "./support/http.ts";
import { listenInBackground } from "./support/listen.ts";
import { startNgrokPeer } from "./support/ngrok-peer/peer.ts";
import { waHook } from "./support/program.ts";
import { settled, wordsOf } from "./support/transcript.ts";
import { Recorder, temporaryFolder, testWorld, type TestWorldOptions } from "./support/world.ts";

const README = readFileSync("README.md", "utf8");

interface Block {
  language: string;
  text: string;
}

const blocks: Block[] = [...README.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
  language,
  text,
}));

/** The block that starts with these words. */
function block(start: string): string {
  const found = blocks.find(({ text }) => text.startsWith(start));
  if (found === undefined) throw new Error(`README has no block that starts with: ${start}`);
  return found.text;
}

/** What a terminal shows: stdout and stderr in one. */
async function terminal(line: string, options: TestWorldOptions): Promise<{ code: number; text: string }> {
  const screen = new Recorder();
  const world = { ...testWorld(options), stdout: screen, stderr: screen };
  const code = await main(wordsOf(line), world);
  return { code, text: settled(screen.text, world.cwd) };
}

const shown = (text: string) => settled(text.replace(/^\$ .*\n/, ""), "nowhere");

/** An app that checks signatures, in the right way or over `JSON.stringify` of the parsed body. */
function app(secret: string, over: (body: Buffer) => Buffer | string = (body) => body): Promise<{ port: number }> {
  return serve((request, response) => {
    void buffer(request).then((body) => {
      const right = verify(over(body), request.headers["x-hub-signature-256"], secret);
      response.writeHead(right ? 200 : 401).end();
    });
  });
}

test("the first success is as shown: listen in one terminal, replay in the other", async () => {
  const cwd = temporaryFolder();
  const listener = await listenInBackground("", { cwd });
  const replay = block("$ npx wa-hook replay text image.with-caption");
  const [, line = ""] = /^\$ npx wa-hook (.*)$/m.exec(replay) ?? [];
  const { code, text } = await terminal(line, { cwd, env: { WEBHOOK_PORT: String(listener.port) } });
  expect([code, text]).toEqual([0, shown(replay)]);
  const seen = await listener.stop();
  const banner = block("$ npx wa-hook listen\n").replace(/^\$ .*\n/, "");
  const told = seen
    .split("\n")
    .flatMap((each) => (each.startsWith("(stderr)") ? [each.slice("(stderr) ".length)] : []));
  const tolerant = (lines: string) => shown(lines).replace(/ --to (PORT|\d+)$/m, "");
  expect(tolerant(`${told.slice(0, 7).join("\n")}\n`)).toBe(tolerant(banner));
  expect(seen).toContain(shown(block("12:00:00 ← text")));
});

test("the app of the first screen runs, is written to, and answers as shown", async () => {
  const cwd = temporaryFolder();
  copyFileSync("test/apps/sample-bot.js", join(cwd, "bot.js"));
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }');
  const shownLines = shown(block("$ npx wa-hook dev"));
  const [, typed = ""] = /^> (.*)$/m.exec(shownLines) ?? [];
  const [screen, stdin] = [new Recorder(), new PassThrough()];
  const env = { PATH: dirname(process.execPath), TZ: "UTC" };
  const world = { ...testWorld({ cwd, env }), stdin, stdout: screen, stderr: screen };
  const exit = main(wordsOf("dev --port 0 -- node bot.js"), world);
  await screen.until("running");
  stdin.write(`${typed}\n`);
  await screen.until(/Meta +← read.*\n/);
  const seen = screen.text;
  world.stop();
  expect(await exit).toBe(0);
  const tolerant = (text: string) => withoutIds(text).replaceAll(/process \d+/g, "process 1");
  expect(tolerant(settled(seen, cwd))).toBe(tolerant(shownLines.replace(/^> .*\n/m, "")));
});

test("an app that hashes JSON.stringify fails as shown", async () => {
  const env = { WHATSAPP_APP_SECRET: "test-app-secret" };
  const flawed = await app(env.WHATSAPP_APP_SECRET, (body) => JSON.stringify(JSON.parse(body.toString())));
  const { code, text } = await terminal(`replay text image --to ${flawed.port}`, { env });
  expect(code).toBe(1);
  expect(text).toBe(shown(block("$ npx wa-hook replay text image --to 3000")));
});

test("check names the mistakes as shown", async () => {
  const env = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
  const { port } = await serve((request, response) => {
    request.resume();
    const challenge = new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge");
    request.on("end", () => response.end(challenge ?? ""));
  });
  const mistakes = block("$ npx wa-hook check 3000");
  const [, line = ""] = /^\$ npx wa-hook (.*)$/m.exec(mistakes) ?? [];
  const { code, text } = await terminal(line.replace("3000", String(port)), { env });
  expect(code).toBe(1);
  expect(text).toContain(shown(mistakes));
});

test("refusals are explained as shown", async () => {
  const cwd = temporaryFolder();
  const env = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
  const listener = await listenInBackground("", { cwd, env });
  const url = `http://127.0.0.1:${listener.port}/webhook`;
  const body = wireOf("text.emoji");
  const indented = JSON.stringify(JSON.parse(body.toString()), undefined, 2);
  await post(url, body);
  await post(url, body, signed(body, env.WHATSAPP_VERIFY_TOKEN));
  const sha1 = createHmac("sha1", env.WHATSAPP_APP_SECRET).update(body).digest("hex");
  await post(url, body, { "x-hub-signature-256": `sha256=${sha1}` });
  await post(url, indented, { "x-hub-signature-256": sign(body, env.WHATSAPP_APP_SECRET) });
  // A rejection is explained after its response.
  await listener.shows(/rejected[^]*rejected[^]*rejected/);
  await fetch(`${url}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${env.WHATSAPP_VERIFY_TOKEN}`);
  const seen = await listener.stop();
  expect(seen).toContain(shown(block("12:00:00 ✗ rejected")));
});

test("the conversation without an account is as shown", async () => {
  const cwd = temporaryFolder();
  const port = String(await freePort());
  const [, emulate = ""] = /^\$ npx wa-hook (.*)$/m.exec(block("$ npx wa-hook emulate")) ?? [];
  const send = block("$ npx wa-hook send text");
  const [, sendLine = ""] = /^\$ npx wa-hook (.*)$/m.exec(send) ?? [];
  const soon = "--port 0 --statuses sent:1ms,delivered:30ms,read:60ms";
  const meta = await inBackground(`${emulate.replace("8000", port)} ${soon}`, { cwd });
  const listener = await inBackground(`listen --port ${port} --env-file .env.emulator`, { cwd });
  const { code, text } = await terminal(sendLine, { cwd });
  expect([code, withoutIds(text)]).toEqual([0, withoutIds(shown(send))]);
  await listener.shows(/← read/);
  meta.type("Thanks, coming at ten");
  await listener.shows("Thanks, coming at ten");
  const [seen, banner] = [await listener.stop(), await meta.stop()];
  expect(withoutIds(seen)).toContain(withoutIds(shown(block("12:00:00 ← sent"))));
  for (const line of shown(block("$ npx wa-hook emulate")).trim().split("\n")) expect(banner).toContain(line);
});

/** Message ids are others in each run. */
const withoutIds = (text: string) =>
  text.replaceAll(/wamid\.\S+/g, "wamid.…").replaceAll(/fbtrace_id: \S+/g, "fbtrace_id: …");

test("a refusal of Meta and a temporary token are shown as shown", async () => {
  const { env, tokens } = await emulated({ seed: "wa-hook" });
  const refusal = block('$ npx wa-hook send text "Hello" --to +16505559999');
  const refused = await terminal('send text "Hello" --to +16505559999 --force', { env });
  expect([refused.code, withoutIds(refused.text)]).toEqual([5, withoutIds(shown(refusal))]);
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, ".env"), `WHATSAPP_ACCESS_TOKEN=${tokens.temporary}\n`);
  const { WHATSAPP_ACCESS_TOKEN: _, ...rest } = env;
  const { code, text } = await terminal("token", { cwd, env: rest });
  expect(code).toBe(0);
  expect(text).toContain(shown(block("✓ Token expiry")));
});

test("listen --register shows what the README shows, and ends as it says", async () => {
  const peer = await startNgrokPeer();
  onTestFinished(() => peer.close());
  const own = await listening({ verifyToken: VERIFY_TOKEN });
  const { env } = await emulated({ webhook: own.listener.url, account: { verifyToken: VERIFY_TOKEN } });
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "ca.pem"), peer.ca);
  const settings = { ...env, NGROK_AUTHTOKEN: "fake", NGROK_CONNECT_URL: peer.address, NGROK_CONNECT_CAS: "ca.pem" };
  writeFileSync(
    join(cwd, ".env"),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const program = waHook(["listen", "--register", "phone", "--port", String(await freePort())], { cwd });
  await program.stderr.until("Registered    phone");
  program.process.kill("SIGINT");
  expect(await program.exit).toBe(0);
  const text = settled(program.stderr.text.replaceAll(peer.publicUrl, "https://fox-able.ngrok-free.dev"), cwd);
  expect(text).toContain(shown(block("✓ Self-check")));
  expect(text).toContain(shown(block("✓ Restored")));
});

test("the doctor finds what the README says", async () => {
  const own = await listening({ verifyToken: VERIFY_TOKEN });
  const account = { verifyToken: VERIFY_TOKEN, appSecret: APP_SECRET };
  const { env } = await emulated({ webhook: own.listener.url, account });
  await terminal("webhook unsubscribe", { env });
  const { code, text } = await terminal("doctor", { env });
  expect(code).toBe(1);
  expect(text.endsWith(shown(block("error: no webhooks arrive because")))).toBe(true);
});

test("the mistake of a Flow's endpoint is named as shown", async () => {
  const [cwd, env] = [temporaryFolder(), { WHATSAPP_APP_SECRET: APP_SECRET }];
  await terminal("flow keys", { cwd });
  const key = readFileSync(join(cwd, ".wa-hook/flow-private.pem"));
  const { port } = await serve((request, response) => {
    void buffer(request).then((body) => {
      const { encrypted_aes_key, initial_vector } = JSON.parse(body.toString()) as EncryptedFlowRequest;
      try {
        const aesKey = privateDecrypt({ key, oaepHash: "sha1" }, Buffer.from(encrypted_aes_key, "base64"));
        const keys = { aesKey, iv: Buffer.from(initial_vector, "base64") };
        response.writeHead(200).end(encryptFlowResponse({ data: { status: "active" } }, keys));
      } catch {
        response.writeHead(421).end();
      }
    });
  });
  const { code, text } = await terminal(`flow check ${port}`, { cwd, env });
  expect([code, text]).toEqual([1, shown(block("$ npx wa-hook flow check 3000"))]);
});

/** The command lines of the README's scripts, without comments. */
const scripted = blocks
  .filter(({ language }) => language === "sh" || language === "yaml")
  .flatMap(({ text }) => [...text.matchAll(/npx wa-hook (.*?)(?: +#.*)?$/gm)].map(([, line = ""]) => line));
/** They run until Ctrl-C. */
const isServer = (line: string) => /^(dev|listen|emulate)\b/.test(line);

// 20 s on a busy machine.
test("every other command line of the README runs, in its order", { timeout: 60_000 }, async () => {
  const cwd = temporaryFolder();
  const env = { WHATSAPP_APP_SECRET: "ci-secret", WHATSAPP_VERIFY_TOKEN: "ci-token" };
  const { port } = await app(env.WHATSAPP_APP_SECRET);
  const meta = await emulated({ account: { appSecret: env.WHATSAPP_APP_SECRET } });
  const { WHATSAPP_ACCESS_TOKEN: token, ...settings } = meta.env;
  // The file is there to save a newer token into.
  writeFileSync(join(cwd, ".env"), `WHATSAPP_ACCESS_TOKEN=${token}\n`);
  const listener = await listenInBackground(`--forward-to ${port}`, { cwd, env });
  await terminal(`replay --to ${listener.port}`, { cwd, env });
  await listener.stop();
  const scripts = {
    start: `"${process.execPath}" "${resolve("test/apps/sample-bot.js")}"`,
    test: `"${process.execPath}" -e 0`,
  };
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ scripts }));
  const lines = scripted.filter((line) => !isServer(line));
  expect(lines.length).toBeGreaterThanOrEqual(20);
  for (const line of lines) {
    const own = line.includes("--start") ? await freePort() : port;
    const [command = "", file] = line.replaceAll(/\b3000\b/g, String(own)).split(" > ");
    const world = testWorld({ cwd, env: { ...settings, ...env, PATH: process.env["PATH"] ?? "" } });
    expect([command, await main(wordsOf(command), world)]).toEqual([command, 0]);
    expect(world.stderr.text).not.toContain("error:");
    if (file !== undefined) writeFileSync(join(cwd, file), world.stdout.text);
  }
});

test("what the README starts starts", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, ".env.emulator"), "");
  const lines = scripted.filter(isServer);
  expect(lines).not.toEqual([]);
  for (const line of lines) {
    const server = await inBackground(`${line} --port 0`, { cwd });
    expect(await server.stop(), line).toContain("exit 0");
  }
});

test("every flag in the README exists and is used by a test", async () => {
  const loaded = await Promise.all(commands.map(({ load }) => load()));
  const known = new Set([
    "--json",
    "--quiet",
    "--env-file",
    ...loaded.flatMap((each) => fieldsOf(each).map(({ usage }) => usage.split(" ")[0])),
  ]);
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(join("test", file), "utf8"))
    .join("\n")
    // One test runs the three of them.
    .replaceAll("--${fault}", "--unsigned --wrong-secret --tampered");
  const foreign = new Set(["--save-dev"]); // npm's
  const ours = `${README}${readFileSync("docs/limits.md", "utf8")}`.replaceAll(/^node --env-file.*$/gm, "");
  for (const [flag] of ours.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)) {
    if (foreign.has(flag)) continue;
    expect([...known], flag).toContain(flag);
    expect(tests, `${flag} in a test`).toMatch(new RegExp(`${flag}(?![a-z-])`));
  }
});
