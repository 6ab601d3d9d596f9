/** wa-hook token on every state that a token can be in. */
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { emulated } from "../support/emulated.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/token-${name}.txt`;

test("each state of a token is told, with what to do and the exit code for it", async () => {
  const emulator = await emulated();
  const { env, tokens } = emulator;
  const { WHATSAPP_APP_ID: _, ...withoutApp } = env;
  const cases: [string, string, Record<string, string>][] = [
    ["a lasting token", "token", env],
    [
      "a permission that it lacks",
      "token --require business_management --require whatsapp_business_manage_events",
      env,
    ],
    ["of the dashboard", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.temporary }],
    ["of the dashboard, for a week", "token --min-ttl 7d", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.temporary }],
    ["of 60 days", "token --min-ttl 7d", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays }],
    ["expired", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.expired }],
    ["logged out", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.loggedOut }],
    ["garbled", "token", { ...env, WHATSAPP_ACCESS_TOKEN: "EAAGnotatoken" }],
    ["without the permission to send", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.noMessagingScope }],
    ["of another app", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherApp }],
    ["of another business", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherBusiness }],
    ["the app's own", "token", { ...env, WHATSAPP_ACCESS_TOKEN: tokens.app }],
    ["a lasting token, without the app's credentials", "token", withoutApp],
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
  const seen = written.join("\n");
  await expect(seen).toMatchFileSnapshot(golden("states"));
  for (const token of Object.values(tokens)) expect(seen).not.toContain(token);
});

test("findings come as JUnit, as JSON, and into a file", async () => {
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

test("exchange and refresh print the new token alone, or save it where the old one was", async () => {
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

test("a clock that is wrong is said to be, and what expires is reckoned by Meta's", async () => {
  const emulator = await emulated();
  const { env, tokens } = emulator;
  emulator.advance(2 * 24 * 3_600_000);
  const seen = await transcript("token", { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.sixtyDays } });
  await expect(seen).toMatchFileSnapshot(golden("clock"));
  expect(seen).toContain("! is this machine's clock right? 2 days behind Meta's");
  expect(seen).toContain("58 days left");
});
