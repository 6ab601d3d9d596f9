/** wa-hook init against the emulator: its questions, and which answers it rejects and accepts. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Emulator } from "../../../src/emulator/emulator.ts";
import { altered, emulated } from "../../support/emulated.ts";
import { asked, type Reply } from "../../support/pty.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

const golden = (name: string) => `../../transcripts/init-${name}.txt`;
const NGROK_TOKEN = "an_emulated_ngrok_token_that_opens_nothing_000000";

/** The URL of the emulator, without its other settings. */
const bare = ({ url }: Emulator) => ({ GRAPH_API_URL: url });

function expectNoSecrets(seen: string, { account, tokens }: Emulator): void {
  for (const secret of [account.appSecret, ...Object.values(tokens), NGROK_TOKEN]) expect(seen).not.toContain(secret);
}

const env = (cwd: string, file = ".env") => readFileSync(join(cwd, file), "utf8");

test("every setting is asked for, wrong answers are rejected and asked for again, and the saved file works", async () => {
  const emulator = await emulated();
  const { account, tokens } = emulator;
  const cwd = temporaryFolder();
  execFileSync("git", ["init"], { cwd, stdio: "ignore" });
  const { seen, code } = await asked(
    "init",
    [
      ["App ID", "my app"],
      ["App ID", "123456789012345"],
      ["App secret", "too short"],
      ["App secret", "00000000000000000000000000000000"],
      ["App ID", account.appId],
      ["App ID", account.appId],
      ["App secret", account.appSecret],
      ["Access token", ""],
      ["Access token", "“EAAG”"],
      ["Access token", "EAAGnotatoken"],
      ["Access token", tokens.expired],
      ["Access token", tokens.noMessagingScope],
      ["anyway", false],
      ["Access token", tokens.temporary],
      ["Allowed numbers", "+1 650 555 1234, 4915123456789"],
      ["Allowed numbers", "+1 650 555 1234, +1650FLOWERS"],
      ["Allowed numbers", "+1 650 555 1234, US.13491208655302741918"],
      ["Allowed numbers", "+1 650 555 1234, +49 1512 3456789,"],
      ["reach this machine", "ngrok"],
      ["ngrok authtoken", "short"],
      ["ngrok authtoken", NGROK_TOKEN],
      ["Add it to .gitignore", true],
    ],
    { cwd, env: bare(emulator) },
  );
  await expect(seen).toMatchFileSnapshot(golden("asked"));
  expectNoSecrets(seen, emulator);
  expect(code).toBe(0);
  expect(statSync(join(cwd, ".env")).mode & 0o777).toBe(0o600);
  expect(env(cwd, ".gitignore")).toBe(".env\n");
  const [, verifyToken = ""] = /^WHATSAPP_VERIFY_TOKEN=(.*)$/m.exec(env(cwd)) ?? [];
  expect(verifyToken).toMatch(/^[A-Za-z0-9_-]{24,}$/);
  expect(env(cwd).split("\n").toSorted()).toEqual(
    [
      "",
      `NGROK_AUTHTOKEN=${NGROK_TOKEN}`,
      `WHATSAPP_ACCESS_TOKEN=${tokens.temporary}`,
      "WHATSAPP_ALLOWED_NUMBERS=+16505551234,+4915123456789",
      `WHATSAPP_APP_ID=${account.appId}`,
      `WHATSAPP_APP_SECRET=${account.appSecret}`,
      `WHATSAPP_BUSINESS_ACCOUNT_ID=${account.businessAccountId}`,
      `WHATSAPP_PHONE_NUMBER_ID=${account.phoneNumberId}`,
      `WHATSAPP_VERIFY_TOKEN=${verifyToken}`,
      `GRAPH_API_URL=${emulator.url}`,
    ].toSorted(),
  );
  const sent = await transcript("send text Hello --to +16505551234", { cwd, env: bare(emulator) });
  expect(sent).toContain("exit 0");
});

/** Two accounts, the second with two numbers. */
async function withSeveral(emulator: Emulator): Promise<string> {
  const { appId, businessAccountId } = emulator.account;
  const numbers = [
    { id: "200000000000001", display_phone_number: "+1 555-010-0001", verified_name: "Shop" },
    { id: "200000000000002", display_phone_number: "+1 555-010-0002", verified_name: "Support\u001b[2J" },
  ];
  const scopes = ["whatsapp_business_messaging", "whatsapp_business_management"];
  const targets = [businessAccountId, "300000000000001", "300000000000002"];
  const own = (path: string): object | undefined => {
    if (path === "debug_token") {
      const granular_scopes = scopes.map((scope) => ({ scope, target_ids: targets }));
      return { data: { app_id: appId, type: "SYSTEM_USER", is_valid: true, expires_at: 0, scopes, granular_scopes } };
    }
    if (path === "300000000000001") return { id: path, name: "Second account" };
    if (path === "300000000000001/phone_numbers") return { data: numbers };
    return numbers.find(({ id }) => id === path);
  };
  return altered(emulator, (path, usual) => {
    const json = own(path.replace(/\?.*$/, "").replace(/^\/v[\d.]+\//, ""));
    return json === undefined ? usual : { status: 200, json };
  });
}

test("with several WABAs and phone numbers, one is chosen from a list or typed by its ID", async () => {
  const emulator = await emulated();
  const url = await withSeveral(emulator);
  const { account } = emulator;
  const first: Reply = ["App ID", account.appId];
  const second: Reply = ["App secret", account.appSecret];
  const third: Reply = ["Access token", account.accessToken];
  const rest: Reply[] = [
    ["Allowed numbers", "+1 650 555 1234"],
    ["reach this machine", "none: this"],
  ];
  const chosen = await asked(
    "init",
    [first, second, third, ["Which WhatsApp Business Account", "Second"], ["Which phone number", "0002"], ...rest],
    { env: { GRAPH_API_URL: url } },
  );
  const typed = await asked(
    "init",
    [
      first,
      second,
      third,
      ["Which WhatsApp Business Account", "Second"],
      ["Which phone number", "another one"],
      ["Phone number ID", "+1 555 010 0002"],
      ["Phone number ID", "999999999999999"],
      ["anyway", false],
      ["Phone number ID", "200000000000001"],
      ...rest,
    ],
    { env: { GRAPH_API_URL: url } },
  );
  expect(chosen.seen).not.toContain("\u001b");
  await expect(`${chosen.seen}\n${typed.seen}`).toMatchFileSnapshot(golden("several"));
  expect(env(chosen.cwd)).toContain("WHATSAPP_PHONE_NUMBER_ID=200000000000002\n");
  expect(env(typed.cwd)).toContain("WHATSAPP_PHONE_NUMBER_ID=200000000000001\n");
});

test("when the token has access to no asset, IDs are typed, and accepted in spite of a failed check if confirmed", async () => {
  const emulator = await emulated();
  const { account, tokens } = emulator;
  const { seen, cwd } = await asked(
    "init",
    [
      ["App ID", ""],
      ["App secret", ""],
      ["Access token", tokens.otherBusiness],
      ["WABA ID", ""],
      ["Phone number ID", account.phoneNumberId],
      ["anyway", true],
      ["Allowed numbers", ""],
      ["reach this machine", "ngrok"],
      ["ngrok authtoken", ""],
    ],
    { env: bare(emulator) },
  );
  await expect(seen).toMatchFileSnapshot(golden("by-hand"));
  expect(env(cwd).replace(/^WHATSAPP_VERIFY_TOKEN=.*\n/m, "")).toBe(
    `WHATSAPP_ACCESS_TOKEN=${tokens.otherBusiness}\nWHATSAPP_PHONE_NUMBER_ID=${account.phoneNumberId}\nGRAPH_API_URL=${emulator.url}\n`,
  );
});

test("a token of another app is accepted if confirmed, and later requests have no proof with the wrong secret", async () => {
  const emulator = await emulated();
  const { account, tokens } = emulator;
  const { seen, code } = await asked(
    "init --allowed-numbers +16505551234 --tunnel none",
    [
      ["App ID", account.appId],
      ["App secret", account.appSecret],
      ["Access token", tokens.otherApp],
      ["anyway", true],
      ["WABA ID", account.businessAccountId],
    ],
    { env: bare(emulator) },
  );
  await expect(seen).toMatchFileSnapshot(golden("other-app"));
  expect(code).toBe(0);
});

test("without a terminal flags supply the answers, and missing settings are reported before anything is saved", async () => {
  const emulator = await emulated();
  const { account, tokens } = emulator;
  const cwd = temporaryFolder();
  const several = await withSeveral(emulator);
  const secrets = {
    "secret.txt": account.appSecret,
    "wrong-secret.txt": "00000000000000000000000000000000",
    "token.txt": account.accessToken,
    "expired.txt": tokens.expired,
    "quoted.txt": `"${account.accessToken}"`,
    "ngrok.txt": NGROK_TOKEN,
  };
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(cwd, name), `${value}\n`);
  const app = `--app-id ${account.appId} --app-secret-file secret.txt`;
  const lines: [string, Record<string, string>?][] = [
    ["init", {}],
    [`init ${app}`],
    [`init ${app} --access-token-file token.txt --graph-url ${several}`, {}],
    [`init --app-id ${account.appId} --app-secret-file wrong-secret.txt --access-token-file token.txt`],
    [`init ${app} --access-token-file expired.txt`],
    [`init ${app} --access-token-file quoted.txt`],
    [`init ${app} --access-token-file token.txt --phone-number-id 999999999999999`],
    [`init ${app} --access-token-file token.txt --allowed-numbers 16505551234`],
    [`init ${app} --access-token-file token.txt --tunnel carrier-pigeon`],
    [`init --into no/folder/.env ${app} --access-token-file token.txt`],
  ];
  const seen: string[] = [];
  for (const [line, environment = bare(emulator)] of lines)
    seen.push(await transcript(line, { cwd, env: environment }));
  expect(readdirSync(cwd).toSorted()).toEqual(Object.keys(secrets).toSorted());
  const whole = `init ${app} --access-token-file token.txt --allowed-numbers "+1 650 555 1234"`;
  seen.push(
    await transcript(`${whole} --tunnel ngrok --ngrok-authtoken-file ngrok.txt --graph-url ${emulator.url}`, { cwd }),
    await transcript("init --tunnel cloudflared", { cwd }),
    await transcript(`${whole} --public-url https://hooks.example.com --into .env.staging`, {
      cwd,
      env: bare(emulator),
    }),
    await transcript("init --access-token-file token.txt", { cwd, env: { GRAPH_API_URL: "http://127.0.0.1:1" } }),
  );
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("no-terminal"));
  expectNoSecrets(seen.join("\n"), emulator);
  // The environment has precedence like a flag, so the last run has replaced the URL of the first.
  expect(env(cwd)).toContain("GRAPH_API_URL=http://127.0.0.1:1\n");
  expect(env(cwd, ".env.staging")).toContain("WHATSAPP_ALLOWED_NUMBERS=+16505551234\n");
});
