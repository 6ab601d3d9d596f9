/** wa-hook token with tokens in every state. */
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { emulated } from "../../support/emulated.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

/** Times of expiry depend on the time of the test. */
const withoutTimes = (seen: string) => seen.replaceAll(/\d\d:\d\d UTC/g, "12:00 UTC");

const golden = (name: string) => `../../transcripts/token-${name}.txt`;

test("each state of a token has its findings, its hint and its exit code", async () => {
  const emulator = await emulated();
  const { env, tokens } = emulator;
  const { WHATSAPP_APP_ID: _, ...withoutApp } = env;
  const cases: [string, string, Record<string, string>][] = [
    ["long-lived", "token", env],
    [
      "without a required permission",
      "token --require business_management --require whatsapp_business_manage_events",
      env,
    ],
    ["temporary", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.temporary }],
    ["temporary, with --min-ttl", "token --min-ttl 7d", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.temporary }],
    ["60 days", "token --min-ttl 7d", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays }],
    ["expired", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.expired }],
    ["logged out", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.loggedOut }],
    ["malformed", "token", { ...env, WHATSAPP_ACCESS_TOKEN: "EAAGnotatoken" }],
    ["without the permission to send", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.noMessagingScope }],
    ["of another app", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherApp }],
    ["of another business", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherBusiness }],
    ["an app token", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.app }],
    ["long-lived, without the app's credentials", "token", withoutApp],
    [
      "of another business, without the app's credentials",
      "token",
      { ...withoutApp, WHATSAPP_ACCESS_TOKEN: tokens.otherBusiness },
    ],
    ["expired, without the app's credentials", "token", { ...withoutApp, WHATSAPP_ACCESS_TOKEN: tokens.expired }],
    [
      "with another business account in the settings",
      "token",
      { ...env, WHATSAPP_BUSINESS_ACCOUNT_ID: "999999999999999" },
    ],
    ["with another phone number id in the settings", "token", { ...env, WHATSAPP_PHONE_NUMBER_ID: "999999999999999" }],
    ["none", "token", { GRAPH_API_URL: emulator.url }],
  ];
  const written: string[] = [];
  for (const [name, line, environment] of cases) {
    written.push(`# ${name}\n${await transcript(line, { env: environment })}`);
  }
  const seen = withoutTimes(written.join("\n"));
  await expect(seen).toMatchFileSnapshot(golden("states"));
  for (const token of Object.values(tokens)) expect(seen).not.toContain(token);
});

test("findings are printed as JUnit and JSON, or written to a file", async () => {
  const { env } = await emulated();
  const cwd = temporaryFolder();
  const [xml, json, events] = [
    await transcript("token --report junit", { cwd, env }),
    await transcript("token --report json", { cwd, env }),
    await transcript("token --json", { cwd, env }),
  ];
  await transcript("token --report junit=token.xml", { cwd, env });
  expect(xml).toContain('<testsuite name="token" tests="');
  expect(readFileSync(join(cwd, "token.xml"), "utf8")).toContain('<testsuites name="wa-hook token"');
  const body = json.split("\n").slice(1, -2).join("\n");
  const valid = expect.objectContaining({ code: "token.valid", status: "pass" });
  expect(JSON.parse(body)).toEqual([
    expect.objectContaining({ name: "token", findings: expect.arrayContaining([valid]) }),
  ]);
  const [first] = events.split("\n").slice(1);
  expect(JSON.parse(first ?? "")).toMatchObject({
    type: "token",
    by: "app",
    facts: { valid: true, type: "SYSTEM_USER" },
  });
});

test("exchange and refresh print only the new token, or save it in place of the old one", async () => {
  const emulator = await emulated();
  const { env, tokens } = emulator;
  const { WHATSAPP_ACCESS_TOKEN: _, ...rest } = env;
  const cwd = temporaryFolder();
  const file = join(cwd, ".env");
  writeFileSync(file, `# mine\nOTHER=1\nWHATSAPP_ACCESS_TOKEN="${tokens.temporary}" # of Monday\n`);
  chmodSync(file, 0o640);
  const alone = await transcript("token exchange", { cwd, env: rest });
  const [, token = ""] = /^(EAA\w+)$/m.exec(alone) ?? [];
  expect(token).not.toBe(tokens.temporary);
  const saved = await transcript("token exchange --save", { cwd, env: rest });
  expect(readFileSync(file, "utf8")).toMatch(/^# mine\nOTHER=1\nWHATSAPP_ACCESS_TOKEN=EAA\w+ # of Monday\n$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(saved).toContain("Other users could access .env; now only you can (mode 600)");
  const after = await transcript("token", { cwd, env: rest });
  expect(after).toContain("in 59 days");
  const refreshed = [
    await transcript("token refresh --if-expires-within 7d --save", {
      cwd,
      env: { ...rest, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays },
    }),
    await transcript("token refresh --if-expires-within 100d", {
      cwd,
      env: { ...rest, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays },
    }),
    await transcript("token refresh --if-expires-within 7d", { cwd, env }),
    await transcript("token refresh --if-expires-within 7d", {
      cwd,
      env: { ...rest, WHATSAPP_ACCESS_TOKEN: tokens.expired },
    }),
    await transcript("token refresh", { cwd, env: { ...rest, WHATSAPP_ACCESS_TOKEN: tokens.expired } }),
    await transcript("token exchange", { cwd, env: { ...env, WHATSAPP_APP_SECRET: "another-secret" } }),
    await transcript("token exchange", {
      cwd,
      env: { GRAPH_API_URL: emulator.url, WHATSAPP_ACCESS_TOKEN: tokens.permanent },
    }),
    await transcript("token exchange --save", { cwd, env }),
  ];
  const seen = [alone, saved, ...refreshed].join("\n");
  await expect(seen.replaceAll(/\bEAA\w+/g, "EAA…")).toMatchFileSnapshot(golden("new"));
});

test("a wrong system clock is reported, and expiry is calculated with Meta's clock", async () => {
  const emulator = await emulated();
  const { env, tokens } = emulator;
  emulator.advance(2 * 24 * 3_600_000);
  const seen = await transcript("token", { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays } });
  await expect(withoutTimes(seen)).toMatchFileSnapshot(golden("clock"));
  expect(seen).toContain("! System clock             2 days behind Meta's");
  expect(seen).toContain("Token expiry             in 58 days");
});

test("with --quiet a valid token prints nothing, and a failing check prints only itself", async () => {
  const { env, tokens } = await emulated();
  expect(await transcript("token --quiet", { env })).toBe("$ wa-hook token --quiet\nexit 0\n");
  const sixtyDays = { ...env, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays };
  const seen = await transcript("token --quiet --min-ttl 90d", { env: sixtyDays });
  expect(seen.split("\n").filter((line) => /^[✓–!✗]/.test(line))).toEqual([expect.stringContaining("✗ Token expiry")]);
  expect(seen).toContain("exit 1");
});

test("--min-ttl needs a unit", async () => {
  const { env } = await emulated();
  expect(await transcript("token --min-ttl 7", { env })).toContain("exit 2");
});
