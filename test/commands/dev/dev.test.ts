/** `wa-hook dev` in-process: the emulator, the listener and a real app in one stream. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PassThrough } from "node:stream";

import { describe, expect, onTestFinished, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import { commandLine } from "../../../src/commands/dev/command-line.ts";
import { endpointsOf } from "../../../src/commands/dev/endpoints.ts";
import { devInputs } from "../../../src/commands/dev/inputs.ts";
import type { Ask } from "../../../src/terminal/ask.ts";
import { emulated } from "../../support/emulated.ts";
import { freePort, serve } from "../../support/http.ts";
import { settled, transcript, wordsOf } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const BOT = resolve("test/apps/sample-bot.js");
const env = { PATH: dirname(process.execPath), TZ: "UTC" };

/** Starts with any free ports; ends with the test. */
function started(line: string, { ask, ...options }: { cwd?: string; env?: Record<string, string>; ask?: Ask } = {}) {
  const stdin = new PassThrough();
  const world = { ...testWorld({ env, ...options }), stdin, ...(ask === undefined ? {} : { ask }) };
  const exit = main(["dev", "--port", "0", ...wordsOf(line)], world);
  onTestFinished(async () => {
    world.stop();
    await exit;
  });
  return {
    ...world,
    exit,
    type: (typed: string) => stdin.write(`${typed}\n`),
    async ended() {
      world.stop();
      const code = await exit;
      return settled(`${world.stdout.text}(stderr)\n${world.stderr.text}exit ${code}\n`, world.cwd).replaceAll(
        /process \d+/g,
        "process 12345",
      );
    },
    events: () => world.stdout.text.split("\n").flatMap((each) => (each === "" ? [] : [JSON.parse(each) as Event])),
  };
}

/** A person who must not be asked. */
const nobody: Ask = {
  choose: (question) => Promise.reject(new Error(question)),
  text: (question) => Promise.reject(new Error(question)),
  secret: (question) => Promise.reject(new Error(question)),
  confirm: (question) => Promise.reject(new Error(question)),
};

interface Event {
  type: string;
  steps?: { step: string; text: string }[];
}

describe("a message of the customer", () => {
  test("reaches the app; its answer and the statuses follow in order, each line with who it was", async () => {
    const dev = started(`--seed dev -- node ${BOT}`);
    await dev.stderr.until("running");
    dev.type("Hello");
    await dev.stdout.until(/Meta +← read/);
    await expect((await dev.ended()).replaceAll(BOT, "sample-bot.js")).toMatchFileSnapshot("../../transcripts/dev.txt");
  });

  test("has one trace: delivery, forward, what the app asked of the Graph API, and the statuses", async () => {
    const dev = started(`--json --no-page --seed dev -- node ${BOT}`);
    await dev.stdout.until('"state":"running"');
    dev.type("Hello");
    await dev.stdout.until(/"kind":"read"[^]*"kind":"read"/);
    await dev.ended();
    const traces = dev.events().filter(({ type }) => type === "trace");
    expect(traces).toHaveLength(1);
    expect(traces[0]?.steps?.map(({ step }) => step).toSorted()).toEqual(
      ["acknowledged", "forwarded", "received", "request", "request", "status", "status", "status"].toSorted(),
    );
    expect(traces[0]?.steps?.[0]).toMatchObject({ step: "received", text: 'accepted: text "Hello"' });
    expect(traces[0]?.steps?.at(-1)).toMatchObject({ step: "status", text: "read" });
  });
});

test("what is written before the app listens reaches it then, and is no failure", async () => {
  const cwd = temporaryFolder();
  const server = 'require("http").createServer((_, r) => r.end()).listen(process.env.PORT, "127.0.0.1")';
  writeFileSync(join(cwd, "app.cjs"), `setTimeout(() => ${server}, 600)`);
  const dev = started("--seed dev -- node app.cjs", { cwd });
  await dev.stderr.until("Ready.");
  dev.type("Hello");
  await dev.stdout.until(/customer .*"Hello".* 200/);
  expect(await dev.ended()).not.toContain("connection refused");
});

test("with --live the account in the settings takes the emulator's place, and the app gets those settings", async () => {
  const port = await freePort();
  const meta = await emulated({ webhook: `http://127.0.0.1:${port}/webhook` });
  const world = testWorld({ env: { ...env, ...meta.env } });
  const line = `dev --live --tunnel none --page-port 0 --port ${port} --forward-to ${await freePort()} -- node ${BOT}`;
  const exit = main(wordsOf(line), world);
  await world.stderr.until("running");
  await meta.receive("Hello");
  await world.stdout.until(/Meta +← read/);
  world.stop();
  expect(await exit).toBe(0);
  expect(meta.requests.map(({ summary }) => summary)).toContain('"You wrote: Hello"');
  expect(settled(world.stderr.text, world.cwd)).toMatch(
    /App .*\n +Callback URL .*\n +Verify token +abcd….*\n +Signature/,
  );
  expect(world.stdout.text).not.toContain("app      →");
});

describe("without a command", () => {
  test("the settings for the app are printed, and deliveries are forwarded to --forward-to", async () => {
    let received = 0;
    const app = await serve((_, response) => {
      received++;
      response.end();
    });
    const dev = started(`--seed dev --forward-to ${app.port}`);
    await dev.stderr.until("Ready.");
    dev.type("rs");
    dev.type("Hello");
    await dev.stdout.until(/customer ← text .*→ 200/);
    expect(received).toBe(1);
    expect(dev.stderr.text).toContain("There is no app to restart\n  → start it with wa-hook dev -- <command>");
    expect(dev.stdout.text).toMatch(/^GRAPH_API_URL=http:.*\nWHATSAPP_ACCESS_TOKEN=EAAG/);
  });

  test("and without an app, deliveries get an answer that the page can change", async () => {
    const dev = started("--seed dev");
    const [, page = ""] = await dev.stderr.until(/Page +(\S+)[^]*Ready/);
    const html = await (await fetch(page)).text();
    const [, token = ""] = /name="wa-hook-token" content="([^"]+)"/.exec(html) ?? [];
    const changed = await fetch(`${page}/api/stand-in`, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-wa-hook-token": token },
      body: JSON.stringify({ status: 503, body: "down", delayMs: 0 }),
    });
    expect(changed.status).toBeLessThan(300);
    dev.type("Hello");
    await dev.stdout.until(/customer ✗ text .*→ 503/);
    expect(dev.stderr.text).toMatch(/App +none yet/);
  });
});

test("an app that ends before it responds is explained, and nothing else is printed of the run", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "app.cjs"), 'console.error("Error: no DATABASE_URL"); process.exitCode = 3');
  const dev = started("-- node app.cjs", { cwd });
  expect(await dev.exit).toBe(4);
  expect(dev.stderr.text).toMatch(
    /Ready.*\n.*starting.*\n.*✗ ended with exit code 3\nerror: node app\.cjs ended with exit/s,
  );
  expect(dev.stderr.text).toContain("  Error: no DATABASE_URL\n  → start it by hand to see why it ends");
  expect(dev.stderr.text).not.toContain("deliveries");
});

test("the page is opened with --open, and without a browser its address is printed", async () => {
  const [cwd, folder] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\necho "$1" > '${cwd}/opened'\n`);
  chmodSync(join(folder, "xdg-open"), 0o755);
  const env = { PATH: `${folder}:/bin:/usr/bin` };
  const ask = nobody;
  const dev = started("--seed dev --open", { cwd, env, ask });
  const [, page] = await dev.stderr.until(/Page +(\S+)/);
  await expect.poll(() => readFileSync(join(cwd, "opened"), "utf8")).toBe(`${page}\n`);
  const other = started("--seed dev --open", { env: { PATH: "/nowhere" }, ask });
  await other.stderr.until(/Page not opened: no browser .*\n {2}→ open http:/);
});

test.each([
  ["without a terminal", "--seed dev --open", undefined],
  ["with --no-input", "--seed dev --open --no-input", nobody],
])("no browser is opened %s, and the address is printed", async (_, line, ask) => {
  const dev = started(line, ask === undefined ? {} : { ask });
  const [said] = await dev.stderr.until(/Page not opened: .*\n.*/);
  expect(said).toMatch(/there is no terminal, or --no-input is set\n {2}→ open http:/);
});

test("flags that do not fit together are refused", async () => {
  const lines = [
    "dev --register phone -- npm start",
    "dev --live --seed x",
    "dev --live",
    "dev --forward-to nowhere:x",
  ];
  const seen = [];
  for (const line of lines) seen.push(await transcript(line));
  await expect(seen.join("\n")).toMatchFileSnapshot("../../transcripts/dev-refused.txt");
});

describe("ports", () => {
  const setting = (name: string, value: number, others: { name: string; value: string }[] = []) => ({
    value,
    name,
    source: ".env",
    others,
  });

  test("PORT is the app's own and WEBHOOK_PORT the listener's", async () => {
    const inputs = { ...devInputs.parse({ command: ["npm", "start"] }), port: setting("PORT", 45_001) };
    const alone = await endpointsOf(inputs);
    expect(alone.app?.href).toBe("http://localhost:45001/webhook");
    expect(alone.listener).not.toBe(45_001);
    const both = setting("WEBHOOK_PORT", 45_003, [{ name: "PORT", value: "45005" }]);
    expect(await endpointsOf({ ...inputs, port: both })).toMatchObject({ listener: 45_003 });
    expect((await endpointsOf({ ...inputs, port: both })).app?.port).toBe("45005");
  });

  test("a taken port makes the app get the next free one, at the path of --forward-to", async () => {
    const { port } = await serve((_, response) => response.end());
    const inputs = devInputs.parse({ command: ["npm", "start"], forwardTo: "/api/hook" });
    const { app } = await endpointsOf({ ...inputs, port: setting("PORT", port) });
    expect(app?.pathname).toBe("/api/hook");
    expect(Number(app?.port)).toBeGreaterThan(port);
  });
});

test("the words after -- reach the app unchanged, and one word is a command line", () => {
  expect(commandLine(["node", "it's here.js", "$HOME"], "linux")).toBe(String.raw`exec node 'it'\''s here.js' '$HOME'`);
  expect(commandLine(["npm start | tee log"], "linux")).toBe("npm start | tee log");
  expect(commandLine(["node", "my app.js"], "win32")).toBe('node "my app.js"');
});
