import { writeFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { expect, test } from "vitest";

import { developmentSecrets } from "../../../src/store/folder.ts";
import { readSources, resolveSetting, settings, type SettingName } from "../../../src/terminal/settings.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const names = Object.keys(settings) as SettingName[];
const value = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);

test("the environment takes precedence over the env file, and in each the first name", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.option(value)),
      fc.array(fc.option(value)),
      (setting, inEnvironment, inFile) => {
        const known = settings[setting].names;
        // An empty secret is set: it is refused later instead of being replaced by what comes after it.
        const pick = (values: (string | null)[]) =>
          Object.fromEntries(known.flatMap((name, index) => (values[index] == null ? [] : [[name, values[index]]])));
        const sources = { environment: pick(inEnvironment), file: { path: ".env", values: pick(inFile) } };
        const inOrder = [
          ...known.map((name) => sources.environment[name]),
          ...known.map((name) => sources.file.values[name]),
        ];
        expect(resolveSetting(setting, sources)?.value).toBe(inOrder.find((each) => each !== undefined));
      },
    ),
  );
});

test("an env file may have comments, quotes, export and empty values", () => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, ".env"),
    "# a comment\nexport APP_ID=\"12\"\nAPP_SECRET='quoted # not a comment'\nPORT= 9000 # why\nWABA_ID=\n",
  );
  const sources = readSources(testWorld({ cwd }), undefined);
  expect(resolveSetting("appId", sources)).toMatchObject({ value: "12", source: ".env", name: "APP_ID" });
  expect(resolveSetting("appSecret", sources)?.value).toBe("quoted # not a comment");
  expect(resolveSetting("port", sources)?.value).toBe("9000");
  expect(resolveSetting("businessAccountId", sources)).toBeUndefined();
});

test("settings marks secrets that were generated for development", async () => {
  const cwd = temporaryFolder();
  developmentSecrets(cwd);
  const shown = await transcript("settings", { cwd });
  const [secret, token, accessToken] = shown.split("\n").slice(1);
  expect(secret).toMatch(/development\.env \(generated for development; not registered with Meta\)$/);
  expect(token).toMatch(/development\.env \(generated for development\)$/);
  expect(accessToken).toContain("not set");
  const [own] = (await transcript("settings", { cwd, env: { APP_SECRET: "test-secret" } })).split("\n").slice(1);
  expect(own).not.toContain("generated");
});

test("settings shows each source and unused values, and masks secrets", async () => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, ".env"),
    "APP_SECRET=another-test-secret-0123456789\nWHATSAPP_ACCESS_TOKEN=EAAGtesttokentesttokentest4f2a\nPORT=9000\n",
  );
  const env = { WHATSAPP_APP_SECRET: "test-secret-0123456789abcdef", VERIFY_TOKEN: "short" };
  const shown = await transcript("settings", { cwd, env });
  await expect(shown).toMatchFileSnapshot("../../transcripts/settings.txt");
  const json = await transcript("settings --json", { cwd, env });
  for (const secret of ["another-test-secret", "test-secret", "EAAGtesttoken", "short"]) {
    expect(shown).not.toContain(secret);
    expect(json).not.toContain(secret);
  }
});

test("a flag takes precedence over everything, and the flag of a secret names a file", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "token.txt"), "token-from-a-file\n");
  const env = { WHATSAPP_VERIFY_TOKEN: "token-from-the-environment" };
  expect(await transcript("listen --print-verify-token --verify-token-file token.txt", { cwd, env })).toContain(
    "\ntoken-from-a-file\n",
  );
  expect(await transcript("listen --print-verify-token", { cwd, env })).toContain("\ntoken-from-the-environment\n");
});
