/** The built program: signals, pipes, disks. */
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { post, serve, signed, wireOf } from "../support/http.ts";
import { BIN, portOf, programEnv, run, waHook, withoutRights } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const url = (port: number) => `http://127.0.0.1:${port}/webhook`;

test("prints its version", async () => {
  const program = waHook(["--version"], { cwd: temporaryFolder() });
  expect(await program.exit).toBe(0);
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(program.stdout.text).toBe(`${version}\n`);
});

test("without a build, it names the command that builds it", async () => {
  const clone = temporaryFolder();
  mkdirSync(join(clone, "bin"));
  copyFileSync(BIN, join(clone, "bin/wa-hook.js"));
  writeFileSync(join(clone, "package.json"), '{ "type": "module" }');
  const program = run([process.execPath, "bin/wa-hook.js", "listen"], { cwd: clone, env: programEnv });
  expect(await program.exit).toBe(2);
  expect(program.stderr.text).toBe("error: wa-hook is not built\n  → run npm ci && npm run build\n");
});

// Windows has neither these signals nor these file modes.
describe.skipIf(process.platform === "win32")("on POSIX systems", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("listen ends with 0 and a summary on %s", async (signal) => {
    const program = waHook(["listen", "--port", "0"], { cwd: temporaryFolder(), env: programEnv });
    const port = await portOf(program);
    await post(url(port), wireOf("text"), signed(wireOf("text")));
    program.process.kill(signal);
    expect(await program.exit).toBe(0);
    expect(program.stdout.text).toContain("Sheena");
    expect(program.stderr.text).toContain("1 delivery · 1 event (1 text)");
  });

  test("a second SIGINT ends listen at once, with the summary and 0, while the app has not responded", async () => {
    const app = await serve(() => {});
    const argv = ["listen", "--port", "0", "--forward-to", String(app.port)];
    const program = waHook(argv, { cwd: temporaryFolder(), env: programEnv });
    const port = await portOf(program);
    await post(url(port), wireOf("text"), signed(wireOf("text")));
    program.process.kill("SIGINT");
    await program.stderr.until("Waiting up to 5 s for 1 response from the app");
    program.process.kill("SIGINT");
    expect(await program.exit).toBe(0);
    expect(program.stderr.text).toContain("1 failed attempt to forward");
    expect(program.stdout.text + program.stderr.text).not.toContain("destroyed");
  });

  test("a reader that leaves early, like head, ends the program quietly", async () => {
    const program = run(["sh", "-c", `"${process.execPath}" "${BIN}" fixtures list --json | head -n 1`], {
      cwd: temporaryFolder(),
      env: programEnv,
    });
    expect(await program.exit).toBe(0);
    expect(program.stdout.text.split("\n")).toHaveLength(2);
    expect(program.stderr.text).toBe("");
  });

  test("a full disk gets 500 and is reported, and the listener keeps running", async () => {
    const cwd = temporaryFolder();
    // A limit on the size of files is met like a full disk: the write fails.
    const limited = `ulimit -f 300; exec "${process.execPath}" "${BIN}" listen --port 0`;
    const program = run(["bash", "-c", limited], { cwd, env: programEnv });
    const port = await portOf(program);
    const send = (id: string, body = wireOf("text", id)) => post(url(port), body, signed(body));
    expect(await send("wamid.first")).toBe(200);
    const small = wireOf("text", "wamid.second").toString();
    const large = Buffer.from(small.replace(/^\{/, `{"pad":"${"x".repeat(600_000)}",`));
    expect(await send("", large)).toBe(500);
    await program.stdout.until(/not recorded, responded with 500 so that Meta retries/);
    expect(await send("wamid.second")).toBe(200);
    program.process.kill("SIGINT");
    expect(await program.exit).toBe(0);
    expect(program.stderr.text).toContain("1 not recorded");
    const store = await openStore(join(cwd, ".wa-hook/events.db"));
    // What could not be recorded is not taken for seen when it comes again.
    expect([...store.deliveries()].map(({ verdict, events }) => [verdict, events[0]?.id])).toEqual([
      ["accepted", "wamid.first"],
      ["accepted", "wamid.second"],
    ]);
    await store.close();
  });

  test("a read-only store is reported and not changed", async ({ skip }) => {
    const rights = withoutRights() ?? skip("nobody may read this folder");
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o755);
    mkdirSync(join(cwd, "theirs"));
    const file = join(cwd, "theirs/events.db");
    await (await openStore(file)).close();
    chmodSync(file, 0o444);
    for (const each of readdirSync(join(cwd, "theirs"))) {
      if (rights.uid !== undefined) chownSync(join(cwd, "theirs", each), rights.uid, rights.uid);
    }
    const program = waHook(["listen", "--port", "0", "--store", file], { cwd, env: programEnv, ...rights });
    expect(await program.exit).toBe(2);
    expect(program.stderr.text).toContain(`error: ${file} is read-only`);
  });

  test("a read-only folder is reported when a file must be created in it", async ({ skip }) => {
    const rights = withoutRights() ?? skip("nobody may read this folder");
    const cwd = temporaryFolder();
    if (process.getuid?.() !== 0) chmodSync(cwd, 0o555);
    else {
      chownSync(cwd, 0, 0);
      chmodSync(cwd, 0o755);
    }
    const program = waHook(["listen", "--port", "0"], { cwd, ...rights });
    expect(await program.exit).toBe(2);
    expect(program.stderr.text).toMatch(
      /cannot create .*\.wa-hook: permission denied\n.*→ run wa-hook in a writable folder/,
    );
  });

  test("an unreadable env file is reported", async ({ skip }) => {
    const rights = withoutRights() ?? skip("nobody may read this folder");
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o755);
    writeFileSync(join(cwd, ".env"), "APP_ID=1", { mode: 0o000 });
    const program = waHook(["settings"], { cwd, ...rights });
    expect(await program.exit).toBe(2);
    expect(program.stderr.text).toContain("the env file .env cannot be read: permission denied");
  });

  test("two listeners that start at once in a new folder agree on the development secrets", async () => {
    const cwd = temporaryFolder();
    const programs = [1, 2, 3].map(() => waHook(["listen", "--port", "0", "--json"], { cwd }));
    const tokens = await Promise.all(
      programs.map(async ({ stdout }) => (await stdout.until(/"verifyToken":"([^"]*)"/))[1]),
    );
    expect(new Set(tokens).size).toBe(1);
    for (const { process: child } of programs) child.kill("SIGINT");
    expect(await Promise.all(programs.map(({ exit }) => exit))).toEqual([0, 0, 0]);
  });
});
