/** The workflow that publishes: who may do what in it, and what stops it. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";
import { parse } from "yaml";

import { temporaryFolder } from "./support/world.ts";

interface Workflow {
  on: { push: { tags?: string[] } };
  permissions: object;
  jobs: Record<
    string,
    { needs?: string; permissions: object; steps: { name?: string; uses?: string; run?: string }[] }
  >;
}

const { on, permissions, jobs } = parse(readFileSync(".github/workflows/release.yml", "utf8")) as Workflow;
const commandsOf = (job: string) => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

test("a tag is published after the whole check, by a job that may do nothing else and runs nobody's code", () => {
  expect([on, permissions]).toEqual([{ push: { tags: ["v*"] } }, {}]);
  expect([jobs["check"]?.permissions, jobs["publish"]?.permissions]).toEqual([
    { contents: "read" },
    { "id-token": "write" },
  ]);
  expect(jobs["publish"]?.needs).toBe("check");
  expect(commandsOf("check").slice(1)).toEqual([
    "npm ci",
    "npm audit signatures",
    "npm run check",
    "git diff --exit-code",
    "npm pack",
  ]);
  expect(commandsOf("publish")).toEqual(["npm publish ./wa-hook-*.tgz --provenance --access public"]);
});

test.skipIf(process.platform === "win32").each([
  ["v1.2.0", "## 1.2.0 (2026-08-01)", 0],
  ["v1.2.0", "## [1.2.0] - 2026-08-01", 0],
  ["v1.2.0", "## 1.2.0", 0],
  ["v1.2.0", "## 1.2.0 (unreleased)", 1],
  ["v1.2.0", "## 1.2.01", 1],
  ["v1.2.0", "## 1x2.0", 1],
  ["v1.2.1", "## 1.2.1", 1],
  ["1.2.0", "## 1.2.0", 1],
])("version 1.2.0 with the tag %s and the changelog %s: %i", (tag, changelog, status) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "package.json"), '{ "version": "1.2.0" }');
  writeFileSync(join(cwd, "CHANGELOG.md"), `# Changelog\n\n${changelog}\n\n- A change.\n`);
  const [script = ""] = commandsOf("check");
  const env = { ...process.env, GITHUB_REF_NAME: tag };
  expect(spawnSync("bash", ["-e", "-c", script], { cwd, env }).status).toBe(status);
});
