/** `wa-hook dev` as people run it: the built program with a real app, until nothing of it is left. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "vitest";

import { responds } from "../../../src/http/wait.ts";
import { freePort } from "../../support/http.ts";
import { isRunning } from "../../support/processes.ts";
import { waHook } from "../../support/program.ts";
import { hasPty, waHookInTerminal } from "../../support/pty.ts";
import { temporaryFolder } from "../../support/world.ts";

const BOT = resolve("test/apps/sample-bot.js");
const PID = /starting, process (\d+)/;

test("a customer is answered, a killed app runs again, and Ctrl-C leaves neither process nor port behind", async () => {
  const [cwd, app, page] = [temporaryFolder(), await freePort(), await freePort()];
  const flags = ["--port", "0", "--page-port", String(page), "--forward-to", String(app)];
  const dev = waHook(["dev", ...flags, "--", process.execPath, BOT], { cwd });
  await dev.stderr.until("running");
  dev.process.stdin?.write("Hello\n");
  await dev.stdout.until(/app +→ text .*"You wrote: Hello"/);
  const [, first = ""] = await dev.stderr.until(PID);
  process.kill(Number(first), "SIGKILL");
  const again = await dev.stderr.until(/was ended by SIGKILL; restarting in 500 ms[^]*process (\d+)[^]*running/);
  dev.process.stdin?.write("Hello again\n");
  await dev.stdout.until(/"You wrote: Hello again"/);
  const [, emulator = ""] = /Graph API +(\S+)/.exec(dev.stderr.text) ?? [];
  const [, callback = ""] = /Callback URL +(\S+)/.exec(dev.stderr.text) ?? [];
  dev.process.kill("SIGINT");
  expect(await dev.exit).toBe(0);
  expect([first, again[1]].map((pid) => isRunning(Number(pid)))).toEqual([false, false]);
  const urls = [emulator, callback, `http://127.0.0.1:${app}`, `http://127.0.0.1:${page}`];
  expect(await Promise.all(urls.map((url) => responds(new URL(url))))).toEqual([false, false, false, false]);
});

test("a second Ctrl-C ends at once an app that ignores the first", async () => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "app.cjs"),
    `process.on("SIGTERM", () => {});
     require("http").createServer((_, r) => r.end()).listen(process.env.PORT, "127.0.0.1")`,
  );
  const dev = waHook(["dev", "--port", "0", "--no-page", "--", process.execPath, "app.cjs"], { cwd });
  const [, pid] = await dev.stderr.until(/process (\d+)[^]*running/);
  dev.process.kill("SIGINT");
  await dev.stderr.until("Waiting up to 5 s for the app to end. Ctrl-C again stops now.");
  const since = performance.now();
  dev.process.kill("SIGINT");
  await dev.exit;
  expect(performance.now() - since).toBeLessThan(3000);
  expect(isRunning(Number(pid))).toBe(false);
});

test.runIf(hasPty)(
  "on a terminal, output appears above the prompt, rs restarts the app, and Ctrl-C stops",
  async () => {
    const cwd = temporaryFolder();
    const flags = ["--port", "0", "--no-color"];
    const terminal = waHookInTerminal(["dev", ...flags, "--", process.execPath, BOT], {
      cwd,
      env: { PATH: process.env["PATH"], TZ: "UTC", TERM: "xterm" },
    });
    await terminal.shows("Ready.", "running");
    terminal.enter("Hello");
    await terminal.shows('customer ← text        Sheena  "Hello"', "Meta     ← read", "> ");
    terminal.enter("rs");
    await terminal.shows("… restarting", "running");
    terminal.interrupt();
    expect(await terminal.recording()).toMatch(/✓ stopped[^]*exit 0\n$/);
  },
);
