/** An app that is kept running. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { Supervisor, type AppEvent, type SupervisorOptions } from "../../src/app/supervisor.ts";
import { freePort, serve } from "../support/http.ts";
import { isRunning } from "../support/processes.ts";
import { temporaryFolder } from "../support/world.ts";

const SERVER = 'require("http").createServer((_, r) => r.end()).listen(process.env.PORT, "127.0.0.1")';
/** Ends a moment after it responded. */
const BRIEF = `require("http").createServer((_, r) => r.end("", () => setTimeout(() => process.exit(7), 50)))
  .listen(process.env.PORT, "127.0.0.1")`;

async function supervised(script: string, options: Partial<SupervisorOptions> = {}) {
  const [cwd, port] = [temporaryFolder(), await freePort()];
  writeFileSync(join(cwd, "app.cjs"), script);
  const url = new URL(`http://127.0.0.1:${port}/webhook`);
  const supervisor = new Supervisor(`exec ${JSON.stringify(process.execPath)} app.cjs`, {
    cwd,
    env: { PATH: process.env["PATH"], PORT: String(port) },
    url,
    ...options,
  });
  onTestFinished(() => supervisor.close());
  const events = supervisor.events();
  const ended = supervisor.run().catch((error: unknown) => error);
  /** The next event with this state, or the next line. */
  const next = async (wanted: string): Promise<AppEvent> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error(`it ended without ${wanted}`);
      if ((value.type === "process" ? value.state : value.type) === wanted) return value;
    }
  };
  return { supervisor, next, ended, url };
}

test("an app that ends is started again, after a delay that doubles", async () => {
  const { supervisor, next } = await supervised(BRIEF, { backoffMs: 20 });
  const [first, second] = [await next("restarting"), await next("restarting")];
  expect(first).toMatchObject({ exit: { code: 7 }, restartInMs: 20 });
  expect(second).toMatchObject({ exit: { code: 7 }, restartInMs: 40 });
  expect(supervisor.status.restarts).toBe(2);
});

test("an app that ends before it ever responded is an error with its last lines", async () => {
  const { ended, next } = await supervised('console.error("Error: no DATABASE_URL"); process.exitCode = 3');
  expect(await next("stopped")).toMatchObject({ exit: { code: 3 } });
  expect(await ended).toMatchObject({
    code: "app.not-started",
    message: expect.stringContaining("ended with exit code 3 before it responded") as string,
    about: ["Error: no DATABASE_URL"],
  });
});

test("an app is restarted by hand at once, and what it has started ends with it", async () => {
  const child = `const { pid } = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);`;
  const { supervisor, next } = await supervised(`${child} ${SERVER}; console.log(pid)`, { backoffMs: 60_000 });
  const line = await next("output");
  await next("running");
  supervisor.restart();
  expect(await next("restarting")).not.toHaveProperty("exit");
  await next("running");
  expect(isRunning(Number(line.type === "output" && line.line))).toBe(false);
});

test("an app that listens elsewhere is reported with the URL where it should respond", async () => {
  const { next, url } = await supervised("setInterval(() => {}, 1000)", { silentMs: 30 });
  await next("starting");
  expect(await next("starting")).toMatchObject({ silent: url.href });
});

test("an app is not started where another program responds", async () => {
  const other = await serve((_, response) => response.end());
  const { ended } = await supervised(SERVER, { url: new URL(other.url) });
  expect(await ended).toMatchObject({ code: "app.already-running" });
});

test("closing ends the app during the delay before its next start too", async () => {
  const { supervisor, next } = await supervised(BRIEF, { backoffMs: 60_000 });
  await next("restarting");
  await supervisor.close();
  expect(supervisor.status).toMatchObject({ state: "stopped", restarts: 1 });
});
