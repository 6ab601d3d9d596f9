/** wa-hook init against the emulator: which settings it keeps and saves, and what happens to the file. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { emulated } from "../../support/emulated.ts";
import { asked, CTRL_C, person, type Reply } from "../../support/pty.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const golden = (name: string) => `../../transcripts/init-${name}.txt`;

/** The URL of the emulator, without its other settings. */
const bare = ({ url }: Emulator) => ({ GRAPH_API_URL: url });

function git(cwd: string, ...args: string[]): void {
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], { cwd, stdio: "ignore" });
}

function expectNoSecrets(seen: string, { account, tokens }: Emulator): void {
  for (const secret of [account.appSecret, ...Object.values(tokens)]) expect(seen).not.toContain(secret);
}

const mode = (file: string) => statSync(file).mode & 0o777;
const env = (cwd: string, file = ".env") => readFileSync(join(cwd, file), "utf8");

/** Correct answers to all questions that are asked without settings. */
function answers({ account }: Emulator): Reply[] {
  return [
    ["App ID", account.appId],
    ["App secret", account.appSecret],
    ["Access token", account.accessToken],
    ["Allowed numbers", "+1 650 555 1234"],
    ["reach this machine", "none: this"],
  ];
}

test("existing settings are kept and checked, and not asked for again", async () => {
  const emulator = await emulated();
  const { WHATSAPP_ACCESS_TOKEN: token = "", WHATSAPP_APP_SECRET: secret = "", ...rest } = emulator.env;
  const cwd = temporaryFolder();
  const before = `# ours\nAPP_SECRET='${secret}' # of the dashboard\nOTHER=1\nACCESS_TOKEN=${token}\n`;
  writeFileSync(join(cwd, ".env"), before, { mode: 0o600 });
  const { seen } = await asked("init", [["reach this machine", "cloudflared"]], { cwd, env: rest });
  const { GRAPH_API_URL: _, ...whole } = emulator.env;
  const { WHATSAPP_PHONE_NUMBER_ID: _phone, ...other } = rest;
  const nothing = await transcript("init", { cwd, env: rest });
  const number = await transcript("init --tunnel none", { cwd, env: other });
  await expect([seen, nothing, number].join("\n")).toMatchFileSnapshot(golden("kept"));
  expectNoSecrets(seen, emulator);
  expect(env(cwd)).toBe(
    `${before}GRAPH_API_URL=${emulator.url}\nWHATSAPP_PHONE_NUMBER_ID=${whole["WHATSAPP_PHONE_NUMBER_ID"]}\n`,
  );
});

test("--again asks for existing settings with their values, and keeps comments and other lines of the file", async () => {
  const emulator = await emulated();
  const { account } = emulator;
  const cwd = temporaryFolder();
  const file = join(cwd, ".env");
  const lines = [
    "# ours",
    `export APP_ID=${account.appId}`,
    `APP_SECRET="${account.appSecret}" # of the dashboard`,
    "OTHER='1 2'",
    `WHATSAPP_ACCESS_TOKEN=${account.accessToken}`,
    "WHATSAPP_VERIFY_TOKEN=what now?",
    "WHATSAPP_ALLOWED_NUMBERS=+16505551234",
    "",
  ];
  writeFileSync(file, lines.join("\n"));
  chmodSync(file, 0o644);
  const { seen } = await asked(
    "init --again",
    [
      ["App ID", account.appId],
      ["App secret", ""],
      ["Access token", emulator.tokens.sixtyDays],
      ["Allowed numbers", ""],
      ["reach this machine", "own"],
      ["Public URL", "http://example.com"],
      ["Public URL", "https://hooks.example.com/whatever"],
    ],
    { cwd, env: { ...bare(emulator), WHATSAPP_ACCESS_TOKEN: emulator.tokens.temporary } },
  );
  await expect(seen).toMatchFileSnapshot(golden("again"));
  const after = lines.map((line) =>
    line
      .replace(account.accessToken, emulator.tokens.sixtyDays)
      .replace("WHATSAPP_ALLOWED_NUMBERS=+16505551234", "WHATSAPP_ALLOWED_NUMBERS="),
  );
  const added = [
    `WHATSAPP_PHONE_NUMBER_ID=${account.phoneNumberId}`,
    `WHATSAPP_BUSINESS_ACCOUNT_ID=${account.businessAccountId}`,
    `GRAPH_API_URL=${emulator.url}`,
  ];
  expect(env(cwd)).toBe([...after.slice(0, -1), ...added, ""].join("\n"));
  expect(mode(file)).toBe(0o600);
});

test("when Meta cannot be reached, settings are saved unchecked, and that is reported once", async () => {
  const { account } = await emulated();
  const { seen, code } = await asked(
    "init",
    [
      ["App ID", account.appId],
      ["App secret", account.appSecret],
      ["Access token", account.accessToken],
      ["WABA ID", account.businessAccountId],
      ["Phone number ID", account.phoneNumberId],
      ["Allowed numbers", ""],
      ["reach this machine", "none: this"],
    ],
    { env: { GRAPH_API_URL: "http://127.0.0.1:1" } },
  );
  await expect(seen).toMatchFileSnapshot(golden("offline"));
  expect(code).toBe(0);
});

/** The lines of a transcript about the file and git. */
function aboutGit(seen: string): string {
  const [typed = "", ...lines] = seen.split("\n");
  return [typed, ...lines.filter((line) => /git|save|Saved|exit/.test(line)), ""].join("\n");
}

test("the file is added to .gitignore after a question or with a flag, and a tracked file is reported", async () => {
  const emulator = await emulated();
  const seen: string[] = [];
  const folder = (ignored?: string) => {
    const cwd = temporaryFolder();
    git(cwd, "init");
    if (ignored !== undefined) writeFileSync(join(cwd, ".gitignore"), ignored);
    return cwd;
  };
  const line = "init --tunnel none --into .env";
  const unasked = async (name: string, cwd: string, flags = "") => {
    seen.push(`# ${name}\n${aboutGit(await transcript(`${line}${flags}`, { cwd, env: emulator.env }))}`);
    return existsSync(join(cwd, ".gitignore")) ? env(cwd, ".gitignore") : undefined;
  };
  expect(await unasked("not ignored", folder())).toBeUndefined();
  expect(await unasked("--gitignore", folder("node_modules"), " --gitignore")).toBe("node_modules\n.env\n");
  expect(await unasked("ignored already", folder(".env*\n"), " --gitignore")).toBe(".env*\n");
  expect(await unasked("no git", temporaryFolder(), " --gitignore")).toBeUndefined();
  const tracked = folder();
  writeFileSync(join(tracked, ".env"), "OTHER=1\n");
  git(tracked, "add", "--force", ".env");
  expect(await unasked("tracked", tracked)).toBeUndefined();
  const refused = folder();
  const { seen: said } = await asked(line, [["Add it to .gitignore", false]], { cwd: refused, env: emulator.env });
  seen.push(`# not wanted\n${aboutGit(said)}`);
  expect(existsSync(join(refused, ".gitignore"))).toBe(false);
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("gitignore"));
});

test("Ctrl-C at any question exits with 130, and nothing is saved", async () => {
  const emulator = await emulated();
  const replies: Reply[] = [...answers(emulator), ["Add it to .gitignore", true]];
  for (const at of replies.keys()) {
    const cwd = temporaryFolder();
    git(cwd, "init");
    const [question] = replies[at] as Reply;
    const { code } = await asked("init", [...replies.slice(0, at), [question, CTRL_C]], { cwd, env: bare(emulator) });
    expect(code, question).toBe(130);
    expect(readdirSync(cwd), question).toEqual([".git"]);
  }
});

test("--json prints the same as events, without secrets", async () => {
  const emulator = await emulated();
  const cwd = temporaryFolder();
  const world = testWorld({ cwd, env: bare(emulator) });
  expect(await main(["init", "--json"], { ...world, ask: person(answers(emulator), world) })).toBe(0);
  const events = world.stdout.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string });
  expect(events.map(({ type }) => type)).toEqual([
    "app",
    "token",
    "selected",
    "selected",
    "generated",
    "saved",
    ...Array.from({ length: 8 }, () => "setting"),
    "next",
  ]);
  expectNoSecrets(world.stdout.text, emulator);
  expect(world.stderr.text).not.toContain("✓");
});
