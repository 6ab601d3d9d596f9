/** Tokens whose permission to manage WABAs Meta does not list, as since June 2026: token, doctor and init treat them alike. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { altered, emulated } from "../../support/emulated.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

interface Listed {
  data: { scopes: string[] };
}

/** The settings for a Graph API that lists one permission, and denies reads when `denies` is set. */
async function unlisted({ denies = false } = {}): Promise<Record<string, string>> {
  const emulator = await emulated();
  const url = await altered(emulator, (path, answer) => {
    if (path.includes("debug_token")) {
      const { data } = answer.json as Listed;
      const granular_scopes = [{ scope: "business_management" }, { scope: "whatsapp_business_manage_events" }];
      return { status: 200, json: { data: { ...data, scopes: ["whatsapp_business_messaging"], granular_scopes } } };
    }
    const isRead = path.includes("/phone_numbers") || path.includes("fields=id");
    if (!denies || !isRead) return answer;
    return { status: 403, json: { error: { code: 200, message: "(#200) Permissions error" } } };
  });
  return { ...emulator.env, GRAPH_API_URL: url };
}

test("a permission that works is had, in token, doctor and init alike", async () => {
  const env = await unlisted();
  const seen = await transcript("token", { env });
  expect(seen).toContain(
    "Permissions  whatsapp_business_messaging, business_management, whatsapp_business_manage_events",
  );
  expect(seen).toMatch(
    /✓ Permission +whatsapp_business_management \(not listed by Meta, but it can read the WABA \d+\)/,
  );
  expect(seen).toContain("exit 0");
  expect(await transcript("doctor", { env })).toMatch(/✓ Permission +whatsapp_business_management \(not listed/);
  const { WHATSAPP_BUSINESS_ACCOUNT_ID: _, WHATSAPP_PHONE_NUMBER_ID: __, ...withoutIds } = env;
  const alone = await transcript("token", { env: withoutIds });
  expect(alone).toMatch(/– Permission +whatsapp_business_management is not listed by Meta, which may still grant it/);
  expect(alone).toContain("exit 0");
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "token.txt"), env["WHATSAPP_ACCESS_TOKEN"] ?? "");
  const { WHATSAPP_ACCESS_TOKEN: ___, ...rest } = env;
  const init = await transcript("init --access-token-file token.txt --tunnel none", { cwd, env: rest });
  expect(init).toContain("exit 0");
  expect(init).not.toContain("whatsapp_business_management");
});

test("a permission that Meta denies is missing, with what was refused", async () => {
  const seen = await transcript("token", { env: await unlisted({ denies: true }) });
  expect(seen).toMatch(
    /✗ Permission +whatsapp_business_management is missing: Meta denies access to the WABA \d+: \(#200\)/,
  );
  expect(seen).toContain("exit 1");
});
