/** wa-hook webhook against the emulator, which shakes hands with every callback that it is given. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { emulated } from "../support/emulated.ts";
import { listening, serve, VERIFY_TOKEN } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/webhook-${name}.txt`;

test.each(["phone", "waba", "app"])("a %s callback is set and restored", async (level) => {
  const emulator = await emulated({ account: { verifyToken: VERIFY_TOKEN } });
  const { listener } = await listening();
  const cwd = temporaryFolder();
  const env = emulator.env;
  const seen = [
    await transcript("webhook status", { cwd, env }),
    await transcript(`webhook set ${listener.url} --level ${level}`, { cwd, env }),
    await transcript("webhook status", { cwd, env }),
    await transcript("webhook restore", { cwd, env }),
    await transcript("webhook status", { cwd, env }),
    await transcript("webhook restore", { cwd, env }),
  ];
  expect(statSync(join(cwd, ".wa-hook")).mode & 0o777).toBe(0o700);
  await expect(seen.join("\n")).toMatchFileSnapshot(golden(level));
  expect(seen[4]).toBe(seen[0]);
});

test("an earlier callback comes back, with a handshake", async () => {
  const emulator = await emulated({ account: { verifyToken: VERIFY_TOKEN } });
  const [earlier, ours] = [await listening(), await listening()];
  const cwd = temporaryFolder();
  const { env } = emulator;
  await transcript(`webhook set ${earlier.listener.url}`, { cwd: temporaryFolder(), env });
  await transcript(`webhook set ${ours.listener.url}`, { cwd, env });
  const written = JSON.parse(readFileSync(join(cwd, ".wa-hook/registration.json"), "utf8")) as object;
  const before = { url: earlier.listener.url, subscribed: true };
  expect(written).toMatchObject({ version: 2, registrations: [{ level: "phone", urls: [ours.listener.url], before }] });
  expect(JSON.stringify(written)).not.toContain(VERIFY_TOKEN);
  expect(await transcript("webhook restore", { cwd, env })).toContain(
    `Restored      phone number override → ${earlier.listener.url.replace(/:\d+/, ":PORT")}`,
  );
  expect(existsSync(join(cwd, ".wa-hook/registration.json"))).toBe(false);
  expect((await earlier.next("handshake")).ok).toBe(true);
});

test("a rejected URL changes neither Meta nor the recorded original", async () => {
  const emulator = await emulated({ account: { verifyToken: VERIFY_TOKEN } });
  const [first, second] = [await listening(), await listening()];
  const wrong = await serve((_, response) => response.writeHead(404).end());
  const [cwd, { env }] = [temporaryFolder(), emulator];
  const subscribed = () => transcript("webhook status", { cwd, env });
  await transcript("webhook unsubscribe", { cwd, env });
  const before = await subscribed();
  expect(await transcript(`webhook set http://127.0.0.1:${wrong.port}/`, { cwd, env })).toContain("exit 5");
  expect(await subscribed()).toBe(before);
  expect(existsSync(join(cwd, ".wa-hook/registration.json"))).toBe(false);
  await transcript(`webhook set ${first.listener.url}`, { cwd, env });
  expect(await transcript(`webhook set ${second.listener.url}`, { cwd, env })).toMatch(
    /✓ Registered    phone number override → \S+; replaces \S+\nexit 0/,
  );
  expect(await transcript(`webhook set http://127.0.0.1:${wrong.port}/`, { cwd, env })).toContain("exit 5");
  expect(await transcript("webhook restore", { cwd, env })).toContain("✓ Restored      phone number override removed");
  expect(await subscribed()).toBe(before);
});

test("an error of Meta is explained, and the record is kept", async () => {
  const emulator = await emulated({ account: { verifyToken: VERIFY_TOKEN } });
  const { env } = emulator;
  const wrong = await serve((_, response) => response.writeHead(404).end());
  const { listener } = await listening();
  const cwd = temporaryFolder();
  const { WHATSAPP_BUSINESS_ACCOUNT_ID: _, ...withoutAccount } = env;
  const { WHATSAPP_VERIFY_TOKEN: __, ...withoutToken } = env;
  const seen = [
    await transcript(`webhook set ${wrong.url}`, { cwd, env }),
    await transcript(`webhook set ${listener.url}`, { cwd, env: { ...env, WHATSAPP_VERIFY_TOKEN: "another" } }),
    await transcript("webhook set http://127.0.0.1:1/webhook", { cwd, env }),
    await transcript("webhook set not-an-address", { cwd, env }),
    await transcript(`webhook set ${listener.url} --level waba`, { cwd, env: withoutAccount }),
    await transcript(`webhook set ${listener.url} --level app`, {
      cwd,
      env: { ...env, WHATSAPP_APP_SECRET: "another-secret" },
    }),
    await transcript(`webhook set ${listener.url}`, { cwd, env: withoutToken }),
    await transcript("webhook subscribe", { cwd, env: withoutAccount }),
  ];
  await expect(seen.join("\n").replaceAll(/fbtrace_id: \S+/g, "fbtrace_id: …")).toMatchFileSnapshot(golden("refused"));
});

test("the app leaves the account and comes back, and an override stays", async () => {
  const emulator = await emulated({ account: { verifyToken: VERIFY_TOKEN } });
  const { env } = emulator;
  const { listener } = await listening();
  await transcript(`webhook set ${listener.url} --level waba`, { cwd: temporaryFolder(), env });
  const seen = [
    await transcript("webhook subscribe", { env }),
    await transcript("webhook status", { env }),
    await transcript("webhook unsubscribe", { env }),
    await transcript("webhook status", { env }),
    await transcript("webhook subscribe", { env }),
    await transcript("webhook status --json", { env }),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("subscribe"));
});
