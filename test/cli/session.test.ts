/** Two terminals: wa-hook listen in one, everything else in the other. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { columnsOf } from "../../src/terminal/paint.ts";
import { fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";
import { serve, signed } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { settled, transcript } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const golden = (name: string) => `../transcripts/session-${name}.txt`;
const env = { WHATSAPP_APP_SECRET: "test-app-secret-of-32-characters", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

test("deliveries of replay are printed by listen and recorded", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env });
  const replay = await transcript(`replay text image.with-caption status.failed account_update --to ${terminal.port}`, {
    cwd,
    env,
  });
  const listen = await terminal.stop();
  const list = await transcript("events list --limit 100", { cwd, env });
  await expect([listen, replay, list].join("\n")).toMatchFileSnapshot(golden("replay"));
});

test("every bundled delivery is acknowledged and shown, and only the unknown kind is shown as unknown", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env });
  const replay = await transcript(`replay --to ${terminal.port}`, { cwd, env });
  const seen = await terminal.stop();
  const shown = seen.split("\n").filter((line) => line.includes(" ← "));
  for (const { name } of fixtures())
    expect(replay).toMatch(new RegExp(`^✓ ${name.replaceAll(".", String.raw`\.`)} +200 `, "m"));
  const events = fixtures().flatMap(({ payload }) => readPayload(payload));
  // Some tell of several events, and a few of the same message twice.
  expect(shown.length).toBeGreaterThan(events.length * 0.9);
  const unexpected = shown.filter((line) =>
    /unknown (message|status|webhook)|unexpected shape|is not an array|contains no events/.test(line),
  );
  expect(unexpected).toEqual([expect.stringContaining("hologram")]);
  // The most frequent kinds by name, the others by their number.
  const [, named = "", others] = /events \((.*), (\d+) other kinds\)/.exec(seen) ?? [];
  const times = named.split(", ").map((each) => Number.parseInt(each, 10));
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(times.length + Number(others)).toBe(new Set(events.map(({ kind }) => kind)).size);
});

test("without settings, development secrets are generated once, readable by the owner only, and ignored by git", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd });
  const file = join(cwd, ".wa-hook/development.env");
  const made = readFileSync(file, "utf8");
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  if (process.platform !== "win32") expect(statSync(join(cwd, ".wa-hook")).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(cwd, ".wa-hook/.gitignore"), "utf8")).toBe("*\n");
  expect(await transcript(`replay text --to ${terminal.port}`, { cwd })).toContain("1 passed");
  const seen = await terminal.stop();
  const secret = /WHATSAPP_APP_SECRET=(.*)/.exec(made)?.[1] ?? "";
  const token = /WHATSAPP_VERIFY_TOKEN=(.*)/.exec(made)?.[1] ?? "";
  expect(secret).toMatch(/^[0-9a-f]{32}$/);
  expect(token).toMatch(/^[A-Za-z0-9_-]{16,}$/);
  expect(seen).not.toContain(secret);
  expect(seen).not.toContain(token);
  expect(readFileSync(file, "utf8")).toBe(made);
  expect(await transcript("listen --print-verify-token", { cwd })).toContain(`\n${token}\n`);
  expect(await transcript("settings", { cwd })).not.toContain(secret);
  await expect(await transcript("settings", { cwd })).toMatchFileSnapshot(golden("settings"));
});

test("deliveries are forwarded to the app, and its responses are explained", async () => {
  const cwd = temporaryFolder();
  const statuses = new Map([
    ["16505550001", 500],
    ["16505550002", 401],
    ["16505550003", 302],
  ]);
  const app = await serve((request, response) => {
    void text(request).then((body) => {
      const [, from = ""] = /"from":"(\d+)"/.exec(body) ?? [];
      response.writeHead(statuses.get(from) ?? 200).end("TypeError: x is not a function\n\u001b[2J");
    });
  });
  const terminal = await listenInBackground(`--forward-to ${app.port}`, { cwd, env });
  for (const [flags, answer] of [
    ["text", /text .*→ 200/],
    ["image --from 16505550001", /image .*→ 500[^]*check the app's log[^]*response: TypeError[^]*next attempt in/],
    ["text.emoji --from 16505550002", /text .*→ 401[^]*same app secret/],
    ["video --from 16505550003", /video .*→ 302[^]*does not follow redirects/],
    ["text", /duplicate, not forwarded/],
  ] as const) {
    await transcript(`replay ${flags} --to ${terminal.port}`, { cwd, env });
    await terminal.shows(answer);
  }
  const seen = await terminal.stop();
  expect(seen).not.toContain("\u001b[2J");
  expect(seen).toContain("3 deliveries wait for the app");
});

test("an app that is not running is reported once, and deliveries wait for it", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("--forward-to http://127.0.0.1:9/webhook", { cwd, env });
  await transcript(`replay text --to ${terminal.port}`, { cwd, env });
  await terminal.shows("start your app");
  await transcript(`replay image --to ${terminal.port}`, { cwd, env });
  await terminal.shows(/image .*→ waiting/);
  const seen = await terminal.stop();
  expect(seen).toMatch(/text .*→ waiting/);
  expect(seen.match(/start your app/g)).toHaveLength(1);
});

test("rejected handshakes, signatures and paths are explained", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env });
  const at = (path: string) => `http://127.0.0.1:${terminal.port}${path}`;
  await fetch(at("/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=test-verify-token"));
  await fetch(at("/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong"));
  await fetch(at("/"), { method: "POST", body: "{}" });
  await fetch(at("/webhook"), { method: "POST", body: "{}" });
  await fetch(at("/webhook"), { method: "POST", body: "{}", headers: signed("{}", env.WHATSAPP_VERIFY_TOKEN) });
  await fetch(at("/webhook"), {
    method: "POST",
    body: "not JSON",
    headers: signed("not JSON", env.WHATSAPP_APP_SECRET),
  });
  for (const fault of ["unsigned", "wrong-secret", "tampered"])
    await transcript(`replay text --${fault} --to ${terminal.port}`, { cwd, env });
  const seen = await terminal.stop();
  const list = await transcript("events list", { cwd, env });
  await expect([seen, list].join("\n")).toMatchFileSnapshot(golden("refused"));
});

test("--json prints one object per line and nothing else on stdout, without secrets", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("--json", { cwd, env });
  await transcript(`replay text status.delivered --to ${terminal.port}`, { cwd, env });
  await transcript(`replay text --to ${terminal.port} --wrong-secret`, { cwd, env });
  const seen = await terminal.stop();
  expect(seen).not.toContain("(stderr)");
  const events = seen
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { type: string });
  expect(events.map(({ type }) => type).join(" ")).toBe("listening delivery delivery mismatch rejected summary");
  for (const secret of Object.values(env)) expect(seen).not.toContain(secret);
  const timeless = seen.replaceAll(/"(receivedAt|at|ackMs|p50|p95|p99|max)":[\d.]+/g, '"$1":0');
  await expect(timeless).toMatchFileSnapshot(golden("json"));
});

test("recorded deliveries are exported and replayed byte for byte", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env });
  await transcript(`replay text.emoji image --to ${terminal.port} --escape full`, { cwd, env });
  await transcript(`replay text --to ${terminal.port} --unsigned`, { cwd, env });
  await terminal.stop();
  const world = testWorld({ cwd, env });
  expect(await main(["events", "export"], world)).toBe(0);
  const exported = world.stdout.text;
  const bodies = exported
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { body_b64: string }).body_b64);
  expect(bodies).toHaveLength(3);

  const received: string[] = [];
  const app = await serve((request, response) => {
    void buffer(request).then((body) => {
      received.push(body.toString("base64"));
      response.end();
    });
  });
  expect(await transcript(`replay - --to ${app.port}`, { cwd, env, stdin: exported })).toMatch(
    /1 rejected delivery skipped[^]*exit 0/,
  );
  expect(received).toEqual(bodies.slice(0, 2));
  expect(await transcript(`replay @1 @last --to ${app.port}`, { cwd, env })).toContain("2 passed");
  expect(received.slice(2)).toEqual([bodies[0], bodies[2]]);
  await expect(settled(await transcript("events show @1", { cwd, env }), cwd)).toMatchFileSnapshot(golden("show"));
});

test("--no-record writes nothing to disk", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("--no-record", { cwd, env });
  // In a folder of its own, because replay remembers its last run.
  expect(await transcript(`replay text text --to ${terminal.port}`, { env })).toContain("2 passed");
  expect(await terminal.stop()).toContain("1 duplicate");
  expect(existsSync(join(cwd, ".wa-hook"))).toBe(false);
});

test("Ctrl-C ends replay with 130 and reports the progress", async () => {
  const cwd = temporaryFolder();
  const world = testWorld({ cwd, env });
  let asked = 0;
  const app = await serve((request, response) => {
    if (++asked === 3) world.stop();
    request.resume();
    response.end();
  });
  expect(await main(["replay", "text", "--repeat", "1000", "--to", app.url], world)).toBe(130);
  expect(world.stderr.text).toMatch(/stopped after [23] of 1000 deliveries/);
  expect(asked).toBeLessThan(10);
});

test("a line fits the terminal with characters of any width", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env, tty: true });
  const name = "$.entry[0].changes[0].value.contacts[0].profile.name";
  for (const who of ["山田太郎さんのとても長い名前", "👩‍👩‍👧‍👦 family 🎉🎉🎉🎉", "é̂ combining"]) {
    const flags = `--set "${name}=${who}" --set "text.body=${"長い文 🎉 ".repeat(20)}"`;
    await transcript(`replay text --fresh ${flags} --to ${terminal.port}`, { cwd, env });
  }
  const seen = (await terminal.stop()).replaceAll(/\u001b\[[\d;]*[mK]/g, "");
  const lines = seen.split("\n").filter((line) => line.includes("text "));
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(columnsOf(line.replace("N ms", "12 ms"))).toBeLessThanOrEqual(80);
  for (const line of lines) expect(columnsOf(line)).toBeGreaterThan(70);
});

test("on a terminal, lines fit its width, colors are shown, and the progress bar is drawn and erased", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env, tty: true });
  const world = testWorld({ cwd, env, tty: true });
  expect(await main(["replay", "--to", String(terminal.port)], world)).toBe(0);
  const seen = await terminal.stop();
  const visible = seen.replaceAll(/\u001b\[[\d;]*[mK]/g, "");
  for (const line of visible.split("\n").filter((each) => /^\d\d:/.test(each)))
    expect(line.length).toBeLessThanOrEqual(82);
  expect(seen).toContain("\u001b[36m");
  expect(world.stderr.text).toContain("█");
  expect(world.stderr.text.endsWith("\u001b[K")).toBe(true);
  const quiet = testWorld({ cwd, env: { ...env, NO_COLOR: "1" }, tty: true });
  await main(["settings", "-q"], quiet);
  expect(quiet.stdout.text).not.toContain("\u001b[");
});
