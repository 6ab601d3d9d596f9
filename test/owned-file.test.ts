/** What wa-hook finds in a folder is used only when it is this user's own. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { openExistingStore, openStore } from "../src/store/sqlite/sqlite-store.ts";
import { transcript } from "./support/transcript.ts";
import { temporaryFolder } from "./support/world.ts";

const SOMEBODY = 65_534;

/** A folder in which wa-hook has worked: it has a `.wa-hook` with secrets and a store. */
async function used(): Promise<{ cwd: string; folder: string; store: string }> {
  const cwd = temporaryFolder();
  await transcript("listen --print-verify-token", { cwd });
  const folder = join(cwd, ".wa-hook");
  const store = join(folder, "events.db");
  await (await openStore(store)).close();
  return { cwd, folder, store };
}

const COMMANDS = ["listen --port 0", "replay text", "events list", "webhook restore", "emulate --port 0"];

describe.skipIf(process.platform === "win32")("on POSIX systems", () => {
  test.each(COMMANDS)("a folder that is a symbolic link is refused by wa-hook %s", async (command) => {
    const { cwd, folder } = await used();
    renameSync(folder, join(cwd, "elsewhere"));
    symlinkSync("elsewhere", folder);
    const seen = await transcript(command, { cwd, env: { WHATSAPP_ACCESS_TOKEN: "EAAfake" } });
    expect(seen).toContain("~/.wa-hook is a symbolic link, so it is not used");
    expect(seen).toContain("exit 2");
  });

  test.each(COMMANDS)("a folder that others can write is refused by wa-hook %s", async (command) => {
    const { cwd, folder } = await used();
    chmodSync(folder, 0o777);
    const seen = await transcript(command, { cwd, env: { WHATSAPP_ACCESS_TOKEN: "EAAfake" } });
    expect(seen).toContain("~/.wa-hook can be written by other users, so it is not used");
    expect(seen).toContain("chmod go-w");
    expect(seen).toContain("exit 2");
  });

  test.skipIf(process.getuid?.() !== 0)("what belongs to another user is refused", async () => {
    const { cwd, folder, store } = await used();
    chownSync(store, SOMEBODY, SOMEBODY);
    expect(await transcript("events list", { cwd })).toMatch(
      /events\.db belongs to another user \(uid 65534, you are 0\)/,
    );
    chownSync(folder, SOMEBODY, SOMEBODY);
    expect(await transcript("listen --port 0", { cwd })).toMatch(/\.wa-hook belongs to another user/);
  });

  test.each(["", "-wal", "-shm", "-journal"])(
    "a store whose file events.db%s is a link or open to all is not opened",
    async (suffix) => {
      const { store } = await used();
      const file = `${store}${suffix}`;
      if (!existsSync(file)) writeFileSync(file, "");
      chmodSync(file, 0o602);
      await expect(openExistingStore(store)).rejects.toThrow("can be written by other users");
      renameSync(file, `${file}.moved`);
      symlinkSync(`${file}.moved`, file);
      await expect(openStore(store)).rejects.toThrow("is a symbolic link");
    },
  );

  test("a store in a folder of the person's choice is opened, whoever owns that folder", async () => {
    const shared = mkdtempSync(join(tmpdir(), "wa-hook-shared-"));
    chmodSync(shared, 0o1777);
    const store = await openStore(join(shared, "events.db"));
    expect(store.last()).toBeUndefined();
    await store.close();
  });

  test("secrets and a registration that others can read were not written by wa-hook, and are refused", async () => {
    const { cwd, folder } = await used();
    chmodSync(join(folder, "development.env"), 0o644);
    expect(await transcript("replay text", { cwd })).toMatch(/development\.env can be read by other users.*cloned/s);
    writeFileSync(join(folder, "registration.json"), "{}", { mode: 0o644 });
    const env = { WHATSAPP_ACCESS_TOKEN: "EAAfake", WHATSAPP_APP_SECRET: "fake", WHATSAPP_VERIFY_TOKEN: "fake" };
    expect(await transcript("listen --port 0", { cwd, env })).toMatch(/registration\.json can be read by other users/);
  });

  test("a new folder is private, whatever the umask lets through", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "inner"));
    const before = process.umask(0);
    try {
      await transcript("listen --print-verify-token", { cwd: join(cwd, "inner") });
      expect(await transcript("settings", { cwd: join(cwd, "inner") })).toContain("exit 0");
    } finally {
      process.umask(before);
    }
  });
});
