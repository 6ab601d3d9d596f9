/** `action.yml` and the snippets of `docs/ci.md`: what of them is a script runs here, against an app. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { text } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";

import { freePort, serve } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

interface Step {
  if?: string;
  id?: string;
  uses?: string;
  env?: Record<string, string>;
  run?: string;
  with?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  runs: { using: string; steps: Step[] };
}

const { inputs, runs } = parse(readFileSync("action.yml", "utf8")) as Action;
const steps = runs.steps;
const runStep = steps.find(({ run }) => run?.includes("npx"));
const hashStep = steps.find(({ id }) => id === "last");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** A folder of commands before all others: `npx` runs this wa-hook, `npm start` the app, `npm ci` nothing. */
function commands(): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  const scripts = {
    npx: `[ "$1" = --yes ] && { echo "$2" >> npx.log; shift; }; shift\nexec "${process.execPath}" "${resolve("bin/wa-hook.js")}" "$@"`,
    npm: `[ "$1" = start ] && exec "${process.execPath}" app.js\nexit 0`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a script as a CI system does; what it leaves running ends with it. */
async function bash(script: string, cwd: string, env: Record<string, string>): Promise<Ran> {
  const path = `${commands()}${delimiter}${process.env["PATH"]}`;
  const child = spawn("bash", ["--noprofile", "--norc", "-c", script], {
    cwd,
    env: { PATH: path, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // Nothing was left.
    }
  };
  onTestFinished(end);
  const code = new Promise<number | null>((done) => child.on("exit", done));
  void code.then(end);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The step that runs wa-hook, with the inputs where the runner puts them. */
function act(
  given: { command?: string; args?: string; reports?: string; compare?: string },
  cwd: string,
): Promise<Ran> {
  const { command = "replay", args = "", reports = "", compare = "" } = given;
  return bash(runStep?.run ?? "", cwd, {
    WHATSAPP_APP_SECRET: "ci-secret",
    WA_HOOK_COMMAND: command,
    WA_HOOK_ARGS: args,
    WA_HOOK_REPORTS: reports,
    WA_HOOK_COMPARE: compare,
    WA_HOOK_VERSION: "1.2.3",
  });
}

async function app(status = 200): Promise<number> {
  const { port } = await serve((request, response) => {
    request.resume().on("end", () => response.writeHead(status).end());
  });
  return port;
}

const onWindows = process.platform === "win32";

test("no input is part of a script, each has a description, and the version is that of the package", () => {
  expect(runs.using).toBe("composite");
  for (const { run, uses, env = {} } of steps) {
    expect(run === undefined).toBe(uses !== undefined);
    if (run !== undefined) expect(run).not.toContain("${{");
    expect(Object.keys(env).filter((name) => name.startsWith("GITHUB_"))).toEqual([]);
  }
  for (const { description } of Object.values(inputs)) expect(description).toMatch(/\.$/);
  expect(inputs["version"]?.default).toBe(version);
  const used = new Set([...readFileSync("action.yml", "utf8").matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name));
  expect(used).toEqual(new Set(Object.keys(inputs)));
});

test("the cache is restored and saved under the same path and key, also after a failure", () => {
  const [restore, save] = ["restore", "save"].map((end) => steps.find(({ uses }) => uses?.includes(`cache/${end}@`)));
  expect(restore?.with?.["path"]).toBe(save?.with?.["path"]);
  expect(restore?.with?.["key"]).toBe(save?.with?.["key"]);
  expect(save?.if).toMatch(/^always\(\) && /);
});

test.skipIf(onWindows)("a branch of any name makes a key that the cache accepts", async () => {
  const cwd = temporaryFolder();
  const env = { RUN: "Build, test $(touch hacked)", BRANCH: "a,b\n`touch hacked`", DEFAULT_BRANCH: "main" };
  const output = join(cwd, "output");
  const { code } = await bash(hashStep?.run ?? "", cwd, { ...env, GITHUB_OUTPUT: output });
  expect(code).toBe(0);
  expect(readFileSync(output, "utf8")).toMatch(/^run=\d+_\d+\nbranch=\d+_\d+\ndefault=\d+_\d+\n$/);
  expect(existsSync(join(cwd, "hacked"))).toBe(false);
});

test.skipIf(onWindows)(
  "the action runs wa-hook with its arguments and reports, and ends with its exit code",
  async () => {
    const cwd = temporaryFolder();
    const args = `--to ${await app()}\n--set 'text.body=two words' --fresh`;
    const passed = await act({ command: "replay text", args, reports: "junit=out/r.xml\n\nhtml=r.html\n" }, cwd);
    expect(passed.stderr).toBe("");
    expect([passed.code, passed.stdout]).toEqual([0, expect.stringContaining("1 passed")]);
    expect(["out/r.xml", "r.html"].map((file) => existsSync(join(cwd, file)))).toEqual([true, true]);
    expect(readFileSync(join(cwd, "npx.log"), "utf8")).toBe("wa-hook@1.2.3\n");
    const failed = await act({ command: "replay text", args: `--to ${await app(500)}`, compare: "cache/l.json" }, cwd);
    expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining("1 failed")]);
    expect(existsSync(join(cwd, "cache/l.json"))).toBe(true);
  },
);

test.skipIf(onWindows)("nothing in an input is run or expanded, and an open quote is an error", async () => {
  const cwd = temporaryFolder();
  const evil = "$(touch hacked) `touch hacked` ; touch hacked * $HOME";
  const { code, stderr } = await act({ args: evil, reports: evil, command: `replay ${evil}` }, cwd);
  expect([code, existsSync(join(cwd, "hacked"))]).toEqual([2, false]);
  expect(stderr).not.toContain(process.env["HOME"] ?? "~");
  expect((await act({ args: "'open" }, cwd)).code).not.toBe(0);
});

const SNIPPETS = [...readFileSync("docs/ci.md", "utf8").matchAll(/^## (.+?)\n[\s\S]*?^```(yaml|sh)\n([\s\S]*?)^```$/gm)]
  .map(([, name = "", , snippet = ""]) => [name, snippet] as const)
  .slice(0, 4);
const snippet = (wanted: string) => SNIPPETS.find(([name]) => name === wanted)?.[1] ?? "";

interface Job {
  script: string[];
  variables: Record<string, string>;
  environment: Record<string, string>;
  steps: (string | { run?: string | { command: string; background?: boolean } })[];
}

/** The commands of each snippet, with the app's port instead of 3000. */
const scripts: Record<string, () => { script: string; env: Record<string, string> }> = {
  GitLab() {
    const { webhook } = parse(snippet("GitLab")) as { webhook: Job };
    return { script: `set -eo pipefail\n${webhook.script.join("\n")}`, env: webhook.variables };
  },
  CircleCI() {
    const { webhook } = (parse(snippet("CircleCI")) as { jobs: { webhook: Job } }).jobs;
    const lines = webhook.steps.flatMap((step) => {
      if (typeof step === "string" || step.run === undefined) return [];
      if (typeof step.run === "string") return [step.run];
      return [`${step.run.command}${step.run.background === true ? " &" : ""}`];
    });
    return { script: `set -eo pipefail\n${lines.join("\n")}`, env: webhook.environment };
  },
  "Plain shell": () => ({ script: snippet("Plain shell"), env: {} }),
};

test.skipIf(onWindows).each(Object.keys(scripts))("the snippet for %s passes with a right app", async (name) => {
  const cwd = temporaryFolder();
  const port = await freePort();
  writeFileSync(join(cwd, "app.js"), APP.replace("3000", String(port)));
  const { script, env } = scripts[name]?.() ?? { script: "", env: {} };
  expect(script).toContain("npm start &");
  const { code, stdout, stderr } = await bash(script.replaceAll("--to 3000", `--to ${port} text image`), cwd, env);
  expect([code, stdout], stderr).toEqual([0, expect.stringContaining("2 passed")]);
});

test("the snippet for GitHub Actions uses inputs that the action has", () => {
  const { jobs } = parse(snippet("GitHub Actions")) as { jobs: { webhook: { steps: Step[] } } };
  const step = jobs.webhook.steps.find(({ uses }) => uses?.startsWith("wa-hook/wa-hook@"));
  expect(step?.uses).toBe(`wa-hook/wa-hook@v${version}`);
  for (const name of Object.keys(step?.with ?? {})) expect(Object.keys(inputs)).toContain(name);
});

test("the table of inputs in docs/ci.md has all of them", () => {
  const docs = readFileSync("docs/ci.md", "utf8");
  const rows = [...docs.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name).slice(0, Object.keys(inputs).length);
  expect(rows).toEqual(Object.keys(inputs));
});

/** An app as people write it: it verifies the signature over the raw body. */
const APP = `
const { createHmac } = require("node:crypto");
require("node:http")
  .createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const hash = createHmac("sha256", process.env.WHATSAPP_APP_SECRET).update(Buffer.concat(parts)).digest("hex");
      const right = request.headers["x-hub-signature-256"] === "sha256=" + hash;
      response.writeHead(request.method === "POST" && !right ? 401 : 200).end();
    });
  })
  .listen(3000, "127.0.0.1");
`;
