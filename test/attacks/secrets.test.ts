/** Attacks through secrets and settings, on the built program. */
import { createHmac } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { startListener } from "../../src/listener/server.ts";
import { answerHandshake } from "../../src/webhook/handshake.ts";
import { verify } from "../../src/webhook/signature.ts";
import { reportAttack } from "../support/attacks.ts";
import { waHook } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const BODY = '{"object":"whatsapp_business_account","entry":[]}';
const WITH_EMPTY_KEY = `sha256=${createHmac("sha256", "").update(BODY).digest("hex")}`;
const SECRETS = { WHATSAPP_APP_SECRET: "fake-app-secret", WHATSAPP_VERIFY_TOKEN: "fake-verify-token" };

async function exitOf(
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<[number | string, string]> {
  const program = waHook(args, { cwd, env });
  return [await program.exit, program.stderr.text];
}

test("an empty secret opens nothing, from the command line or the API", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "empty.txt"), "");
  const [code, said] = await exitOf(["listen", "--port", "0", "--app-secret-file", "empty.txt"], cwd);
  expect([code, said]).toEqual([2, expect.stringContaining("--app-secret-file empty.txt is empty")]);
  expect(() => verify(BODY, WITH_EMPTY_KEY, "")).toThrow("appSecret is empty");
  expect(() =>
    answerHandshake(new URLSearchParams("hub.mode=subscribe&hub.challenge=1&hub.verify_token="), ""),
  ).toThrow("verifyToken is empty");
  await expect(startListener({ appSecret: "", verifyToken: "" })).rejects.toThrow("appSecret is empty");
  reportAttack({
    attack: "a body signed with the empty key, an empty secret set",
    before: "200, recorded",
    after: `usage error, exit ${code}`,
  });
});

test("a cloned .env does not lead the shell's token to a stranger", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, ".env"), "GRAPH_API_URL=https://graph.example.net\n");
  const env = { ...SECRETS, WHATSAPP_ACCESS_TOKEN: "EAAfake", WHATSAPP_PHONE_NUMBER_ID: "106540352242922" };
  const [code, said] = await exitOf(["send", "text", "Hello", "--to", "+16505551234"], cwd, env);
  expect([code, said]).toEqual([2, expect.stringContaining("would send the access token from the environment")]);
  reportAttack({
    attack: "GRAPH_API_URL in a cloned .env",
    before: "token sent there",
    after: `nothing sent, exit ${code}`,
  });
});

test.skipIf(process.platform === "win32")(
  "somebody else's .wa-hook is not used, and secrets are not saved for all to read",
  async () => {
    const cwd = temporaryFolder();
    const elsewhere = mkdtempSync(join(tmpdir(), "wa-hook-elsewhere-"));
    symlinkSync(elsewhere, join(cwd, ".wa-hook"));
    const [linked] = await exitOf(["listen", "--port", "0"], cwd, SECRETS);
    renameSync(join(cwd, ".wa-hook"), join(cwd, "link"));
    mkdirSync(join(cwd, ".wa-hook"));
    chmodSync(join(cwd, ".wa-hook"), 0o777);
    const [open] = await exitOf(["listen", "--port", "0"], cwd, SECRETS);
    expect([linked, open]).toEqual([2, 2]);
    reportAttack({ attack: ".wa-hook is a link, or open to all", before: "used", after: "refused, exit 2" });
    chmodSync(join(cwd, ".wa-hook"), 0o700);
    const file = join(cwd, ".env.emulator");
    writeFileSync(file, "# mine\n");
    chmodSync(file, 0o644);
    const emulator = waHook(["emulate", "--port", "0", "--save-env", ".env.emulator"], { cwd });
    await emulator.stderr.until("Ready.");
    const mode = statSync(file).mode & 0o777;
    expect(mode).toBe(0o600);
    reportAttack({
      attack: "--save-env into a file of mode 644",
      before: "stays 644",
      after: `mode ${mode.toString(8)}, fsynced`,
    });
  },
);
