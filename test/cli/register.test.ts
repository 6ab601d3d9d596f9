/** wa-hook listen --register: the callback is registered with Meta and restored on exit. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import { isOpen } from "../../src/registration/journal.ts";
import { inBackground, type Terminal } from "../support/background.ts";
import { emulated } from "../support/emulated.ts";
import { freePort, listening, serve, VERIFY_TOKEN } from "../support/http.ts";
import { portOf, waHook } from "../support/program.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/register-${name}.txt`;

interface Stage {
  emulator: Emulator;
  cwd: string;
  port: number;
  /** Instead of the emulator's settings alone. */
  env?: Record<string, string>;
  /** The number's callback before. */
  original?: string;
  /** `--port … --public-url …`: Meta reaches the listener itself, as through a tunnel. */
  flags: string;
}

/** The app has a callback of its own, which is subscribed to `messages`: overrides lead elsewhere what comes to it. */
async function stage(): Promise<Stage> {
  const own = await listening({ verifyToken: VERIFY_TOKEN });
  const emulator = await emulated({ webhook: own.listener.url, account: { verifyToken: VERIFY_TOKEN } });
  const port = await freePort();
  return { emulator, cwd: temporaryFolder(), port, flags: `--port ${port} --public-url http://127.0.0.1:${port}` };
}

async function registered({ emulator, cwd, flags, env = emulator.env }: Stage, level: string): Promise<Terminal> {
  const terminal = await inBackground(`listen ${flags} --register ${level}`, { cwd, env });
  await terminal.shows("Registered  ");
  return terminal;
}

/** What the emulator was asked, in order. */
const asked = ({ requests }: Emulator) =>
  requests.map(({ method, path, status, body }) => `${method} ${path} ${status} ${JSON.stringify(body ?? "")}`);

test.each(["phone", "waba", "app"])(
  "the %s callback is registered, receives, and is restored on exit",
  async (level) => {
    const on = await stage();
    const { emulator, cwd } = on;
    const before = await transcript("webhook status", { cwd, env: emulator.env });
    const first = emulator.requests.length;
    const terminal = await registered(on, level);
    await emulator.receive("Is anybody there?");
    await terminal.shows("Is anybody there?");
    const seen = await terminal.stop();
    const log = asked(emulator).slice(first).join("\n");
    const text = `${seen}\n# what Meta was asked\n${log}\n`.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
    await expect(text).toMatchFileSnapshot(golden(level));
    expect(await transcript("webhook status", { cwd, env: emulator.env })).toBe(before);
    expect(existsSync(join(cwd, ".wa-hook/registration.json"))).toBe(false);
  },
);

test("an app that was not subscribed is subscribed until exit", async () => {
  const on = await stage();
  const { emulator, cwd } = on;
  await transcript("webhook unsubscribe", { cwd, env: emulator.env });
  const terminal = await registered(on, "phone");
  await emulator.receive("Hello");
  await terminal.shows("Hello");
  expect(await terminal.stop()).toContain("app unsubscribed from the WABA");
  expect(await transcript("webhook status", { cwd, env: emulator.env })).toContain("no app");
});

test("after kill -9, the next start restores the original callback", async () => {
  const on = await stage();
  const { emulator, cwd, flags } = on;
  const killed = waHook(["listen", ...flags.split(" "), "--register", "phone"], {
    cwd,
    env: emulator.env,
  });
  await portOf(killed);
  await killed.stderr.until("Registered    phone");
  expect(await isOpen(cwd)).toBe(true);
  killed.process.kill("SIGKILL");
  await killed.exit;
  expect(await isOpen(cwd)).toBe(false);
  const left = await transcript("webhook status", { cwd, env: emulator.env });
  const next = await inBackground("listen --port 0 --tunnel none", { cwd, env: emulator.env });
  const seen = await next.stop();
  const after = await transcript("webhook status", { cwd, env: emulator.env });
  await expect([left, seen, after].join("\n")).toMatchFileSnapshot(golden("killed"));
  expect(left).toMatch(/phone .*receives messages/);
  expect(after).toMatch(/app .*receives messages/);
});

test.each([1, process.ppid])(
  "a record of a process whose id (%i) belongs to another one now keeps nobody from starting",
  async (pid) => {
    const on = await stage();
    const { emulator, cwd } = on;
    const before = { level: "phone", phoneNumberId: emulator.account.phoneNumberId };
    mkdirSync(join(cwd, ".wa-hook"));
    const record = { url: "https://fox-able.example.com/webhook", graphUrl: emulator.url, before, pid };
    writeFileSync(join(cwd, ".wa-hook/registration.json"), JSON.stringify(record), { mode: 0o600 });
    const terminal = await registered(on, "phone");
    expect(await terminal.stop()).toContain("✓ Restored");
  },
);

test("an earlier callback with another verify token is reported, and restored later with that token", async () => {
  const on = await stage();
  const { emulator, cwd } = on;
  const original = await listening({ verifyToken: "another-verify-token" });
  const theirs = { ...emulator.env, WHATSAPP_VERIFY_TOKEN: "another-verify-token" };
  await transcript(`webhook set ${original.listener.url}`, { cwd: temporaryFolder(), env: theirs });
  const terminal = await registered(on, "phone");
  writeFileSync(join(cwd, "token.txt"), "another-verify-token\n");
  const seen = [
    await terminal.stop(),
    await transcript("webhook restore", { cwd, env: emulator.env }),
    await transcript("webhook restore --verify-token-file token.txt", { cwd, env: emulator.env }),
  ];
  const text = seen.join("\n").replaceAll(/fbtrace_id: \S+/g, "fbtrace_id: …");
  await expect(text).toMatchFileSnapshot(golden("other-token"));
  expect(seen[2]).toContain("✓ Restored");
});

test("the original callback can be dropped", async () => {
  const on = await stage();
  const { emulator, cwd } = on;
  const original = await listening({ verifyToken: "another-verify-token" });
  const theirs = { ...emulator.env, WHATSAPP_VERIFY_TOKEN: "another-verify-token" };
  await transcript(`webhook set ${original.listener.url}`, { cwd: temporaryFolder(), env: theirs });
  await (await registered(on, "phone")).stop();
  const seen = await transcript("webhook restore --forget", { cwd, env: emulator.env });
  expect(seen).toMatch(/✓ Forgotten     phone number override removed; http:\S+ will not be restored\nexit 0/);
  expect(existsSync(join(cwd, ".wa-hook/registration.json"))).toBe(false);
});

test("a second listener in the same folder is an error", async () => {
  const on = await stage();
  const { emulator, cwd, flags } = on;
  const first = await registered(on, "phone");
  const second = waHook(["listen", ...flags.split(" "), "--register", "phone"], { cwd, env: emulator.env });
  expect(await second.exit).toBe(2);
  expect(second.stderr.text).toContain(
    `another wa-hook listen is running in this folder: process ${process.pid} has registered`,
  );
  expect(await first.stop()).toContain("✓ Restored");
});

async function twoListeners(machines: readonly [string, string]): Promise<{ on: Stage; ended: string; last: string }> {
  const on = await stage();
  const { emulator } = on;
  const original = await listening({ verifyToken: VERIFY_TOKEN });
  await transcript(`webhook set ${original.listener.url}`, { cwd: temporaryFolder(), env: emulator.env });
  const env = (state: string) => ({ ...emulator.env, XDG_STATE_HOME: state });
  const [one, two] = machines;
  const first = await registered({ ...on, env: env(one) }, "phone");
  const port = await freePort();
  const flags = `--port ${port} --public-url http://127.0.0.1:${port}`;
  const second = await registered({ emulator, cwd: temporaryFolder(), port, flags, env: env(two) }, "phone");
  const [ended, last] = [await first.stop(), await second.stop()];
  return { on: { ...on, original: original.listener.url }, ended, last };
}

test("a second listener in another folder takes over, the first exits, then the second: the original is restored", async () => {
  const user = temporaryFolder();
  const { on, ended, last } = await twoListeners([user, user]);
  await expect(`${ended}\n${last}`).toMatchFileSnapshot(golden("two"));
  expect(last).toContain("is another listener; it receives nothing until this one exits");
  const status = await transcript("webhook status --json", { env: on.emulator.env });
  expect(status).toContain(`"level":"phone","url":"${on.original}","wins":true`.replace(/:\d+\//, ":PORT/"));
  expect(existsSync(join(on.cwd, ".wa-hook/registration.json"))).toBe(false);
});

test("two machines cannot see each other, so each record keeps the original callback", async () => {
  const { on, ended, last } = await twoListeners([temporaryFolder(), temporaryFolder()]);
  expect(ended).toContain("run wa-hook webhook restore --forget to drop it");
  expect(last).toMatch(/✗ Not restored  .*stays registered; the original was /);
  const record = JSON.parse(readFileSync(join(on.cwd, ".wa-hook/registration.json"), "utf8")) as object;
  expect(record).toMatchObject({ registrations: [{ before: { url: on.original } }] });
});

test("a failed self-check is reported, nothing is registered, and the listener keeps running", async () => {
  const { emulator, cwd, port } = await stage();
  const page = await serve((_, response) =>
    response.writeHead(200, { "ngrok-error-code": "ERR_NGROK_6024" }).end("<html>Visit site</html>"),
  );
  const terminal = await inBackground(`listen --port ${port} --public-url ${page.url} --register phone`, {
    cwd,
    env: emulator.env,
  });
  await terminal.shows("Not registered with Meta");
  const replay = await transcript(`replay text --to ${port}`, { cwd, env: emulator.env });
  expect(replay).toContain("1 passed");
  const seen = await terminal.stop();
  await expect(seen).toMatchFileSnapshot(golden("not-reached"));
  expect(asked(emulator)).toEqual([]);
});

test("nothing becomes public without an app secret, and the error names it", async () => {
  const { emulator, cwd, port, flags } = await stage();
  const { WHATSAPP_APP_SECRET: _, ...open } = emulator.env;
  const { WHATSAPP_ACCESS_TOKEN: __, ...anonymous } = emulator.env;
  const { WHATSAPP_PHONE_NUMBER_ID: ___, ...numberless } = emulator.env;
  const seen = [
    await transcript(`listen ${flags}`, { cwd, env: open }),
    await transcript("listen --port 0 --register phone", { cwd, env: emulator.env }),
    await transcript(`listen ${flags} --register phone`, { cwd, env: anonymous }),
    await transcript(`listen ${flags} --register phone`, { cwd, env: numberless }),
    await transcript("listen --public-url http://example.com", { cwd, env: emulator.env }),
    await transcript("listen --tunnel ngrok", { cwd, env: emulator.env }),
    await transcript("listen --tunnel wormhole", { cwd, env: emulator.env }),
    await transcript("listen --register everything", { cwd, env: emulator.env }),
  ];
  await expect(seen.join("\n").replaceAll(String(port), "PORT")).toMatchFileSnapshot(golden("bad-input"));
});

test("an error of Meta is explained, and nothing stays registered", async () => {
  const on = await stage();
  const { emulator, cwd, flags } = on;
  emulator.fail({ code: 200, on: "all", every: 3 });
  const seen = await transcript(`listen ${flags} --register phone --no-self-check`, { cwd, env: emulator.env });
  expect(seen).toContain("exit 3");
  expect(existsSync(join(cwd, ".wa-hook/registration.json"))).toBe(false);
  expect(readFileSync(join(cwd, ".wa-hook/.gitignore"), "utf8")).toBe("*\n");
});
