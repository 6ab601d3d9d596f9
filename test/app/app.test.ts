/** The developer's app as a child process: started, awaited, ended with everything that it started. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { startApp, type AppOptions } from "../../src/app/app.ts";
import { withSettings } from "../../src/app/environment.ts";
import { freePort, serve } from "../support/http.ts";
import { isRunning } from "../support/processes.ts";
import { temporaryFolder } from "../support/world.ts";

const NODE = JSON.stringify(process.execPath);
const SERVER = 'require("http").createServer((_, r) => r.writeHead(404).end()).listen(process.env.PORT, "127.0.0.1")';
const CHILD = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" })`;

async function start(script: string, options: Partial<AppOptions> = {}) {
  const [cwd, port] = [temporaryFolder(), await freePort()];
  writeFileSync(join(cwd, "app.cjs"), script);
  const env = { PATH: process.env["PATH"], PORT: String(port) };
  const url = new URL(`http://127.0.0.1:${port}/webhook`);
  const { signal } = new AbortController();
  return startApp(`${NODE} app.cjs`, { cwd, env, url, signal, waitMs: 10_000, ...options });
}

describe("an app", () => {
  test("is ready when its URL responds with any status, and its output is passed on without control characters", async () => {
    const lines: string[] = [];
    const script = String.raw`console.log("\u001b[31mlistening\u001b[0m soon\u0007!"); ${SERVER}`;
    await using app = await start(script, { onOutput: (line) => lines.push(line) });
    expect(lines).toEqual(["listening soon·!"]);
    expect(isRunning(app.pid)).toBe(true);
  });

  test("that ends before it responds is an error with its exit code and its last lines", async () => {
    const started = start('console.error("Error: no DATABASE_URL"); process.exitCode = 3');
    await expect(started).rejects.toMatchObject({
      code: "app.not-started",
      message: expect.stringContaining("ended with exit code 3 before it responded") as string,
      about: ["Error: no DATABASE_URL"],
    });
  });

  test("that does not respond in time is ended, and the error names its URL", async () => {
    const lines: string[] = [];
    const script = "console.log(process.pid); setInterval(() => {}, 1000)";
    const started = start(script, { waitMs: 500, onOutput: (line) => lines.push(line) });
    await expect(started).rejects.toThrow(/did not respond at http:.* within 0\.5 s/);
    expect(isRunning(Number(lines[0]))).toBe(false);
  });

  test("is not started where another program responds already", async () => {
    const { url } = await serve((_, response) => void response.end());
    await expect(start(SERVER, { url: new URL(url) })).rejects.toMatchObject({ code: "app.already-running" });
  });

  test.runIf(process.platform === "linux")(
    "is ended with the processes that it started, also when its shell has ended",
    async () => {
      const script = `const child = ${CHILD}; console.log(child.pid); ${SERVER}`;
      const lines: string[] = [];
      const app = await start(script, { onOutput: (line) => lines.push(line) });
      const grandchild = Number(lines[0]);
      expect(isRunning(grandchild)).toBe(true);
      await app.close();
      expect([isRunning(grandchild), isRunning(app.pid)]).toEqual([false, false]);
      expect(await app.exited).toMatchObject({ signal: "SIGTERM" });
    },
  );
});

test("settings replace every other name of theirs, and no port", () => {
  const own = { PATH: "/bin", ACCESS_TOKEN: "real", WABA_ID: "1", PORT: "80" };
  const merged = withSettings(own, { WHATSAPP_ACCESS_TOKEN: "emulated", GRAPH_API_URL: "http://127.0.0.1:1" });
  expect(merged).toEqual({
    PATH: "/bin",
    WABA_ID: "1",
    PORT: "80",
    WHATSAPP_ACCESS_TOKEN: "emulated",
    ACCESS_TOKEN: "emulated",
    GRAPH_API_URL: "http://127.0.0.1:1",
  });
});
