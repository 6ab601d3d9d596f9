/** The apps of docs/snippets/ are right: each passes every check of `wa-hook check`. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { freePort } from "../support/http.ts";
import { testWorld } from "../support/world.ts";

interface Snippet {
  file: string;
  /** The command that runs it on a port. */
  start: (port: number) => readonly string[];
  /** What this machine lacks for it. */
  missing?: string | undefined;
}

const snippet = (file: string) => resolve("docs/snippets", file);
const server = (file: string) => resolve("test/docs/servers", file);
const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const pythonWith = (modules: string) =>
  ["python3", "/usr/bin/python3"].find((python) => works(python, "-c", `import ${modules}`));
const django = pythonWith("django");
const fastapi = pythonWith("fastapi, uvicorn");
const laravel = `require "Illuminate/Routing/autoload.php";`;

const SNIPPETS: readonly Snippet[] = [
  { file: "express.js", start: () => ["node", snippet("express.js")] },
  { file: "fastify.js", start: () => ["node", snippet("fastify.js")] },
  { file: "hono.js", start: () => ["node", snippet("hono.js")] },
  { file: "next.js", start: () => ["node", server("next.js")] },
  {
    file: "nest.ts",
    start: () => ["node", server("nest.js")],
    missing: existsSync("docs/node_modules/@nestjs") ? undefined : "docs/node_modules (npm ci --prefix docs)",
  },
  {
    file: "django_app.py",
    start: (port) => [django ?? "", snippet("django_app.py"), "runserver", "--noreload", String(port)],
    missing: django === undefined ? "Django for Python" : undefined,
  },
  {
    file: "fastapi_app.py",
    start: (port) => [fastapi ?? "", "-m", "uvicorn", "--app-dir", snippet(""), "fastapi_app:app", "--port", `${port}`],
    missing: fastapi === undefined ? "FastAPI and uvicorn for Python" : undefined,
  },
  {
    file: "laravel.php",
    start: (port) => ["php", "-S", `127.0.0.1:${port}`, server("laravel.php")],
    missing: works("php", "-r", laravel) ? undefined : "PHP with illuminate/routing",
  },
  {
    file: "main.go",
    start: () => ["go", "run", snippet("main.go")],
    missing: works("go", "version") ? undefined : "Go",
  },
];

for (const { file, missing } of SNIPPETS) {
  if (missing !== undefined) console.warn(`docs/snippets/${file} was not run: this machine lacks ${missing}`);
}

test.each(SNIPPETS)(
  "$file passes every check",
  async ({ start, missing }) => {
    if (missing !== undefined) return;
    const port = await freePort();
    const { PATH = "", HOME = "" } = process.env;
    const secrets = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
    const world = testWorld({ env: { PATH, HOME, PORT: String(port), PYTHONDONTWRITEBYTECODE: "1", ...secrets } });
    const code = await main(["check", String(port), "--quiet", "--start", start(port).map(quoted).join(" ")], world);
    expect([world.stdout.text, code]).toEqual([expect.stringMatching(/^\s*\d+ passed, \d+ not checked/), 0]);
  },
  120_000,
);

test("every snippet is on the page about signatures", () => {
  const page = readFileSync("docs/guides/signatures.md", "utf8");
  const apps = readdirSync("docs/snippets").filter((file) => /\.(js|ts|py|php|go)$/.test(file));
  expect(SNIPPETS.map(({ file }) => file).toSorted()).toEqual(
    apps.filter((file) => file !== "signature.js").toSorted(),
  );
  for (const file of apps) expect(page).toContain(`<<< @/snippets/${file}`);
});

function quoted(word: string): string {
  return `"${word}"`;
}
