/** `--report` and `--compare` as they are typed, with `replay` against an app. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { reportText } from "../../src/commands/views/report-text.ts";
import { formatReport } from "../../src/report/formats.ts";
import type { Suite } from "../../src/report/suite.ts";
import { APP_SECRET, serve } from "../support/http.ts";
import { settled, transcript, wordsOf } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";
import { EXPLAINED_REPORT } from "./sample.ts";

/** An app whose response can change; a delivery whose body contains one of `rejects` gets 500. */
async function app(): Promise<{ port: number; rejects: string[] }> {
  const rejects: string[] = [];
  const { port } = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString();
      response.writeHead(rejects.some((each) => body.includes(each)) ? 500 : 200).end();
    });
  });
  return { port, rejects };
}

const TEXT = '"type":"text"';
const IMAGE = '"type":"image"';
const env = { WHATSAPP_APP_SECRET: APP_SECRET };

test("several reports are written at once into folders that did not exist, besides the lines", async () => {
  const { port, rejects } = await app();
  rejects.push(IMAGE);
  const cwd = temporaryFolder();
  const formats = { junit: "a/b/r.xml", json: "r.json", tap: "r.tap", html: "r.html", pretty: "r.txt", github: "r.md" };
  const flags = Object.entries(formats).map(([format, file]) => `--report ${format}=${file}`);
  const seen = await transcript(`replay text image --to ${port} ${flags.join(" ")}`, { cwd, env });
  expect(seen).toContain("1 passed, 1 failed");
  expect(seen).toMatch(/exit 1\n$/);
  const text = (file: string) => readFileSync(join(cwd, file), "utf8");
  expect(text("a/b/r.xml")).toMatch(/^<\?xml[\s\S]*<\/testsuites>\n$/);
  expect((JSON.parse(text("r.json")) as Suite[]).map(({ name }) => name)).toEqual(["text", "image"]);
  // The app's log knows the message by its ID.
  expect(text("r.html")).toMatch(/<dt>request<\/dt><dd class="code"><bdi>wamid\./);
  expect(text("r.tap")).toMatch(/^TAP version 14\n1\.\.2\nok 1[\s\S]*\n$/);
  expect(text("r.html")).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(text("r.md")).toMatch(/^### ❌ wa-hook replay\n/);
  expect(text("r.txt")).toBe(
    [
      "wa-hook replay",
      "",
      "text",
      "✓ Status                   200",
      "",
      "image",
      "✗ Status                   500",
      "    expected: 200",
      "    → check the app's log for the error",
      "",
      "1 × Status: 500, expected 200 (image)",
      "    → check the app's log for the error",
      "1 failed, 1 passed",
      "",
    ].join("\n"),
  );
  expect(readdirSync(cwd).toSorted()).toEqual([".wa-hook", "a", "r.html", "r.json", "r.md", "r.tap", "r.txt"]);
});

test.each(["json", "junit", "tap", "html"])("--report %s prints nothing but the report on stdout", async (format) => {
  const { port } = await app();
  const world = testWorld({ env: { ...env, GITHUB_ACTIONS: "true" } });
  expect(await main(["replay", "text", "--to", String(port), "--report", format], world)).toBe(0);
  const starts: Record<string, RegExp> = {
    json: /^\[/,
    junit: /^<\?xml/,
    tap: /^TAP version 14\n/,
    html: /^<!doctype/,
  };
  expect(world.stdout.text).toMatch(starts[format] ?? /^$/);
  expect(world.stdout.text).not.toContain("::error");
});

test("wrong --report flags are refused before anything is sent", async () => {
  const seen = [
    await transcript("replay text --report xml"),
    await transcript("replay text --report json --report tap"),
    await transcript("replay text --report pretty --report json"),
    await transcript("replay text --report json=r --report html=./r"),
    await transcript("replay text --report junit="),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot("../transcripts/report-refused.txt");
});

test("a report replaces its file at once, keeps a link, and others are written when one cannot be", async () => {
  const { port } = await app();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "old.xml"), "old");
  symlinkSync("old.xml", join(cwd, "link.xml"));
  mkdirSync(join(cwd, "folder.xml"));
  const line = `replay text --to ${port} --report junit=folder.xml --report json=link.xml --report tap=r.tap`;
  const seen = await transcript(line, { cwd, env });
  expect(seen).toContain("(stderr) error: cannot write the report folder.xml: illegal operation on a directory");
  expect(seen).toMatch(/exit 2\n$/);
  expect(readFileSync(join(cwd, "old.xml"), "utf8")).toMatch(/^\[/);
  expect(readdirSync(cwd).toSorted()).toEqual([".wa-hook", "folder.xml", "link.xml", "old.xml", "r.tap"]);
  if (process.platform !== "win32") expect(statSync(join(cwd, "r.tap")).mode & 0o777).toBe(0o666 & ~process.umask());
});

test("on GitHub Actions, failures are annotated and the job summary is written without being asked for", async () => {
  const { port, rejects } = await app();
  rejects.push(IMAGE);
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "summary.md"), "of another step\n");
  const world = (more: Record<string, string> = {}) =>
    testWorld({
      cwd,
      env: { ...env, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "summary.md"), FORCE_COLOR: "1", ...more },
    });
  const run = async (line: string, given = world()) => {
    await main(wordsOf(`replay text image --to ${port} ${line}`), given);
    return given;
  };
  const annotation =
    "::error title=wa-hook replay%3A Status::Status: 500, expected 200 (image)%0A→ check the app's log";
  for (const line of ["", "--quiet", "--report junit=r.xml", "--report json"]) {
    const { stdout, stderr } = await run(line);
    expect(
      stderr.text.split("\n").filter((each) => each.startsWith(annotation)),
      line,
    ).toHaveLength(1);
    expect(stdout.text).not.toContain("::error");
  }
  const summary = () => readFileSync(join(cwd, "summary.md"), "utf8");
  expect(summary()).toMatch(/^of another step\n### ❌ wa-hook replay\n\n1 failed, 1 passed\n/);
  expect(summary().match(/^### /gm)).toHaveLength(4);
  for (const line of ["--report pretty", "--json"]) {
    const { stdout, stderr } = await run(line);
    expect(stdout.text + stderr.text, line).not.toContain("::error");
  }
  expect(summary().match(/^### /gm)).toHaveLength(5);
  const { stderr } = await run("--report github", testWorld({ cwd, env }));
  expect(stderr.text).toContain(annotation);
});

test("what changed since the last run is shown in the lines and in each report", async () => {
  const { port, rejects } = await app();
  const cwd = temporaryFolder();
  const line = `replay text image --to ${port}`;
  rejects.push(IMAGE);
  const first = await transcript(line, { cwd, env });
  expect(first).not.toContain("last run");
  rejects.splice(0, 1, TEXT);
  const second = await transcript(`${line} --report json=r.json`, { cwd, env });
  const third = await transcript(line, { cwd, env });
  rejects.splice(0);
  const fourth = await transcript(`${line} --json`, { cwd, env });
  const last = await transcript(line, { cwd, env });
  expect(last).not.toContain("last run");
  const all = [second, third, fourth].map((each) => each.replaceAll(/"(ms|p50|p95|max|perSecond)":[\d.]+/g, '"$1":0'));
  await expect(settled(all.join("\n"), cwd)).toMatchFileSnapshot("../transcripts/report-changes.txt");
  const suites = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as Suite[];
  expect(suites.map(({ findings }) => findings[0]?.change)).toEqual(["new", "fixed"]);
  if (process.platform !== "win32") expect(statSync(join(cwd, ".wa-hook/last-run.json")).mode & 0o777).toBe(0o600);
});

test.each(["html", "github", "tap", "pretty"] as const)("the %s report names the likely cause", (format) => {
  const text = format === "pretty" ? reportText(EXPLAINED_REPORT) : formatReport(format, EXPLAINED_REPORT, { at: 0 });
  const flat = text.replaceAll(/<[^>]+>|[*#]/g, " ").replaceAll(/\s+/g, " ");
  expect(flat.toLowerCase()).toMatch(
    /likely cause:? the app verifies the signature of the parsed body → verify it over the raw request body/,
  );
});

test("runs of other targets are not compared, except in a file that is named", async () => {
  const [one, two] = [await app(), await app()];
  two.rejects.push(TEXT);
  const cwd = temporaryFolder();
  const replay = (port: number, more = "") => transcript(`replay text --to ${port} ${more}`, { cwd, env });
  await replay(one.port);
  expect(await replay(two.port)).not.toContain("last run");
  await replay(one.port, "--compare cache/last.json");
  expect(await replay(two.port, "--compare cache/last.json")).toContain("Since the last run: 1 new failure");
});

test("a file that is none of a last run is refused, and a damaged one of our own is replaced", async () => {
  const { port } = await app();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "package.json"), "{}");
  const seen = await transcript(`replay text --to ${port} --compare package.json`, { cwd, env });
  expect(seen).toContain("package.json is not a last run saved by wa-hook");
  expect(seen).toMatch(/exit 2\n$/);
  expect(readFileSync(join(cwd, "package.json"), "utf8")).toBe("{}");
  mkdirSync(join(cwd, ".wa-hook"), { recursive: true, mode: 0o700 });
  writeFileSync(join(cwd, ".wa-hook/last-run.json"), '{"version":1,"ru');
  expect(await transcript(`replay text --to ${port}`, { cwd, env })).toMatch(/exit 0\n$/);
  expect(readFileSync(join(cwd, ".wa-hook/last-run.json"), "utf8")).toMatch(/^\{"version":1,"runs":\[\{"of":/);
});

test("an interrupted run does not become the last one", async () => {
  const { port, rejects } = await app();
  rejects.push(TEXT);
  const world = testWorld({ env });
  const running = main(["replay", "text", "--to", String(port), "--repeat", "100000"], world);
  await world.stdout.until("✗ text");
  world.stop();
  expect(await running).toBe(130);
  expect(existsSync(join(world.cwd, ".wa-hook/last-run.json"))).toBe(false);
});
