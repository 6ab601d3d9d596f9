/** `wa-hook emulate` together with listen and send, without a Meta account. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { expect, test } from "vitest";

import { inBackground } from "../support/background.ts";
import { freePort } from "../support/http.ts";
import { settled, transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/emulate-${name}.txt`;
const ENV = "--env-file .env.emulator";
const SOON = "--statuses sent:1ms,delivered:20ms,read:40ms";

test("a message is sent, its statuses are delivered, and the customer replies", async () => {
  const cwd = temporaryFolder();
  const port = await freePort();
  const meta = await inBackground(`emulate --port 0 --webhook ${port} --save-env .env.emulator --seed loop ${SOON}`, {
    cwd,
  });
  expect(statSync(join(cwd, ".env.emulator")).mode & 0o777).toBe(0o600);
  const listen = await inBackground(`listen --port ${port} ${ENV}`, { cwd });
  const send = await transcript(`send text Hello --to +16505551234 --wait read ${ENV}`, { cwd });
  await listen.shows(/read +wamid/);
  meta.type("Hello back");
  await meta.shows(/← text .*200/);
  meta.type("/image.with-caption");
  await meta.shows(/← image .*200/);
  meta.type("/immage");
  await meta.shows("did you mean");
  meta.type("/status.failed");
  await meta.shows("/status.failed is not a message that a customer can send");
  const seen = [await listen.stop(), send, await meta.stop()].join("\n");
  await expect(seen).toMatchFileSnapshot(golden("loop"));
  // Every delivery has a valid signature.
  expect(seen).not.toContain("refused");
});

test("a customer hides the number at the prompt, and a story is played to every subscribed app", async () => {
  const cwd = temporaryFolder();
  const [port, other] = [await freePort(), await freePort()];
  const flags = `--fields messages,calls --hide-number --other-app ${other}`;
  const meta = await inBackground(`emulate --port 0 --webhook ${port} --save-env .env.emulator --seed hide ${flags}`, {
    cwd,
  });
  await meta.shows("number hidden");
  await meta.shows("Other app");
  const listen = await inBackground(`listen --port ${port} ${ENV}`, { cwd });
  meta.type("Hello");
  await listen.shows(/text +US\.\d{20} +Sheena +"Hello"/);
  meta.type("/hide off");
  await meta.shows("The customer shows the phone number");
  meta.type("Hello again");
  await listen.shows(/text +\+1 650 555 1234 +Sheena +"Hello again"/);
  meta.type("/story calling");
  await meta.shows("Playing calling: 9 webhooks in 15 s");
  await listen.shows(/calls .*incoming call/);
  meta.type("/story coexistence");
  await meta.shows("subscribe the app to smb_app_state_sync, history, smb_message_echoes");
  for (const line of ["/hide", "/story", "/story callings"]) meta.type(line);
  await meta.shows("unknown story callings");
  await listen.stop();
  expect(await meta.stop()).toMatch(/Another app .*(no response|→)/);
});

test.each([
  ["--chaos duplicate", "--chaos must be one or more of duplicates, reorder"],
  ["--batch 1001", "--batch must be a whole number from 1 to 1000"],
  ["--fields mesages", "unknown webhook field mesages"],
  ["--other-app ftp://localhost/x", "--other-app must be a port"],
])("emulate %s is a usage error", async (flags, message) => {
  const seen = await transcript(`emulate --port 0 ${flags}`, { cwd: temporaryFolder() });
  expect(seen).toContain(message);
  expect(seen).toMatch(/exit 2\s*$/);
});

test("received media is saved immediately under safe names", async () => {
  const cwd = temporaryFolder();
  const port = await freePort();
  const meta = await inBackground(`emulate --port 0 --webhook ${port} --save-env .env.emulator --seed media`, { cwd });
  const listen = await inBackground(`listen --port ${port} ${ENV} --save-media files`, { cwd });
  meta.type("/image");
  await listen.shows("saved");
  meta.type("/document");
  await listen.shows(/saved[^]*saved/);
  const seen = await listen.stop();
  await meta.stop();
  await expect(seen).toMatchFileSnapshot(golden("save-media"));
  const files = readdirSync(join(cwd, "files"));
  expect(files).toHaveLength(2);
  for (const file of files) expect(file).toMatch(/^[\w.-]+$/);
  expect(statSync(join(cwd, "files")).mode & 0o777).toBe(0o700);
});

test("--wait ends with an error when the message fails and when the status does not arrive", async () => {
  const cwd = temporaryFolder();
  const port = await freePort();
  const meta = await inBackground(
    `emulate --port 0 --webhook ${port} --save-env .env.emulator --window closed --statuses sent:1ms,delivered:never,read:never`,
    { cwd },
  );
  const listen = await inBackground(`listen --port ${port} ${ENV}`, { cwd });
  const closed = await transcript(`send text Hello --to +16505551234 --wait delivered ${ENV}`, { cwd });
  const never = await transcript(`send template hello_world --to +16505551234 --wait delivered --wait-for 2s ${ENV}`, {
    cwd,
  });
  await listen.stop();
  await meta.stop();
  const ids = /wamid\.\S+/g;
  await expect(`${closed}\n${never}`.replaceAll(ids, "wamid.…")).toMatchFileSnapshot(golden("wait"));
});

test("without --save-env the settings are printed, except secrets that are set elsewhere", async () => {
  const cwd = temporaryFolder();
  const meta = await inBackground("emulate --port 0 --seed print", { cwd });
  await meta.shows("WHATSAPP_ALLOWED_NUMBERS");
  meta.type("Is anybody there?");
  await meta.shows("webhooks are not sent");
  const seen = await meta.stop();
  await expect(seen.replaceAll(/=[0-9a-f]{32}$/gm, "=…")).toMatchFileSnapshot(golden("settings"));
  writeFileSync(join(cwd, ".env"), "WHATSAPP_APP_SECRET=my-own-secret\n");
  const own = await inBackground("emulate --port 0", { cwd });
  await own.shows("WHATSAPP_ALLOWED_NUMBERS");
  expect(await own.stop()).not.toContain("my-own-secret");
});

test("the account belongs to its folder: it is unpredictable, and saved settings stay valid after a restart", async () => {
  const settingsOf = async (line: string, cwd: string) => {
    const meta = await inBackground(line, { cwd });
    await meta.stop();
    const { GRAPH_API_URL: _, ...settings } = parseEnv(readFileSync(join(cwd, ".env.emulator"), "utf8"));
    return settings;
  };
  const line = "emulate --port 0 --save-env .env.emulator";
  const cwd = temporaryFolder();
  const first = await settingsOf(line, cwd);
  expect(await settingsOf(line, cwd)).toEqual(first);
  expect(statSync(join(cwd, ".wa-hook/emulator.env")).mode & 0o777).toBe(0o600);
  const other = await settingsOf(line, temporaryFolder());
  for (const [name, value] of Object.entries(first)) {
    if (name !== "WHATSAPP_ALLOWED_NUMBERS") expect(other[name], name).not.toBe(value);
  }
  const seeded = temporaryFolder();
  expect(await settingsOf(`${line} --seed ci`, seeded)).toEqual(
    await settingsOf(`${line} --seed ci`, temporaryFolder()),
  );
  expect(readdirSync(seeded)).toEqual([".env.emulator"]);
});

test("--save-env reports a file that git does not ignore, and one that git tracks", async () => {
  const git = (cwd: string, ...args: string[]) => execFileSync("git", args, { cwd, stdio: "ignore" });
  const folder = (ignored: string) => {
    const cwd = temporaryFolder();
    git(cwd, "init");
    writeFileSync(join(cwd, ".gitignore"), ignored);
    return cwd;
  };
  const saved = async (cwd: string) => {
    const meta = await inBackground("emulate --port 0 --save-env .env.emulator", { cwd });
    return meta.stop();
  };
  expect(await saved(folder(""))).toContain(
    "(stderr) .env.emulator is not ignored by git\n(stderr)   → add it to .gitignore before you commit",
  );
  const tracked = folder("");
  writeFileSync(join(tracked, ".env.emulator"), "");
  git(tracked, "add", ".env.emulator");
  expect(await saved(tracked)).toContain("→ run git rm --cached .env.emulator, then replace the secrets");
  for (const cwd of [folder(".env.*\n"), temporaryFolder()]) expect(await saved(cwd)).not.toContain("git");
});

test("a short or unreadable EMULATOR_SEED is rejected", async () => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, ".wa-hook"));
  writeFileSync(join(cwd, ".wa-hook/emulator.env"), "EMULATOR_SEED=short\n", { mode: 0o600 });
  const short = await transcript("emulate --port 0", { cwd });
  expect(short).toContain(".wa-hook/emulator.env has no EMULATOR_SEED of at least 16 characters");
  expect(short).toContain("exit 2");
});

test("with a configured app secret, webhooks stay on this machine; with the development secret, any host is allowed", async () => {
  const cwd = temporaryFolder();
  const line = "emulate --port 0 --webhook https://example.com/webhook";
  const env = { WHATSAPP_APP_SECRET: "my-own-secret" };
  const refused = await transcript(line, { cwd, env });
  expect(refused).toContain("the webhook https://example.com/webhook is not on this machine");
  expect(refused).toContain("exit 2");
  expect(await transcript(`${line} --seed ci`, { cwd, env })).toContain("exit 2");
  await (await inBackground("emulate --port 0 --webhook http://[::1]:8000/webhook", { cwd, env })).stop();
  await (await inBackground(`${line} --save-env .env.emulator`, { cwd })).stop();
  // Saved settings contain the development secret, which is still recognized as generated.
  await (await inBackground(`${line} --env-file .env.emulator`, { cwd })).stop();
});

test("--fail --as status lets messages fail after they were accepted, and a real number messages everybody", async () => {
  const cwd = temporaryFolder();
  const port = await freePort();
  const flags = "--fail 131026 --as status --every 2 --real-number";
  const meta = await inBackground(
    `emulate --port 0 --webhook ${port} --save-env .env.emulator ${flags} --statuses sent:1ms`,
    { cwd },
  );
  const listen = await inBackground(`listen --port ${port} ${ENV}`, { cwd });
  const env = parseEnv(readFileSync(join(cwd, ".env.emulator"), "utf8"));
  const send = async () => {
    const response = await fetch(`${env["GRAPH_API_URL"]}/${env["WHATSAPP_PHONE_NUMBER_ID"]}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${env["WHATSAPP_ACCESS_TOKEN"]}`, "content-type": "application/json" },
      body: JSON.stringify({ messaging_product: "whatsapp", to: "+33612345678", text: { body: "Hello" } }),
    });
    return response.status;
  };
  expect([await send(), await send()]).toEqual([200, 200]);
  await listen.shows(/failed +wamid[^]*131026/);
  await Promise.all([listen.stop(), meta.stop()]);
});

test("the settings of a real account are not overwritten, and invalid flags are rejected", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, ".env"), "WHATSAPP_ACCESS_TOKEN=EAAGReal\n");
  const seen = await transcript("emulate --port 0 --save-env .env", { cwd });
  expect(readFileSync(join(cwd, ".env"), "utf8")).toBe("WHATSAPP_ACCESS_TOKEN=EAAGReal\n");
  const bad = [
    await transcript("emulate --every 3", { cwd }),
    await transcript("emulate --as status", { cwd }),
    await transcript("emulate --fail 131026 --as mail", { cwd }),
    await transcript("emulate --fail often", { cwd }),
    await transcript("emulate --statuses sent:soon", { cwd }),
    await transcript("emulate --window ajar", { cwd }),
    await transcript("emulate --webhook nowhere:port", { cwd }),
  ];
  await expect([seen, ...bad].join("\n")).toMatchFileSnapshot(golden("bad-input"));
});

test("--fail, --every, --latency and --require-proof affect requests", async () => {
  const cwd = temporaryFolder();
  const meta = await inBackground(
    "emulate --port 0 --save-env .env.emulator --seed fail --fail 131056 --every 2 --latency 1ms --require-proof --no-limits",
    { cwd },
  );
  const line = `send text Hello --to +16505551234 ${ENV}`;
  const seen = [await transcript(line, { cwd }), await transcript(line, { cwd }), await transcript(line, { cwd })];
  const screen = settled(await meta.stop(), cwd);
  expect(seen.map((each) => /exit (\d)/.exec(each)?.[1])).toEqual(["0", "5", "0"]);
  expect(screen).toContain("131056");
});
