/** What SKILL.md and llms.txt tell coding agents works: every command of the recipes runs, with the sample app in place of the reader's. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { emulated } from "../support/emulated.ts";
import { freePort } from "../support/http.ts";
import { recorded, text } from "../support/recorded.ts";
import { wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";

const template = readFileSync("reference/agents.md", "utf8").trim();
const recipes = [...template.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
/** Commands in the text. */
const mentioned = [...template.matchAll(/`wa-hook ([^`<]+)`/g)].map(([, line = ""]) => line);

/** A folder with the sample app, as `npm start` runs it, and with a passing test. */
async function project(): Promise<string> {
  const cwd = await recorded(text("wamid.1"));
  copyFileSync("test/apps/sample-bot.js", join(cwd, "bot.js"));
  const scripts = { start: "node bot.js", test: "node --eval 0" };
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ type: "module", scripts }));
  return cwd;
}

test("there are recipes, and both files have the whole template", () => {
  expect(recipes.length).toBeGreaterThan(5);
  for (const file of ["SKILL.md", "docs/public/llms.txt"]) expect(readFileSync(file, "utf8")).toContain(template);
});

test.each(recipes)("%s", async (line) => {
  const { env } = await emulated();
  const port = await freePort();
  const words = wordsOf(line.replace(/^wa-hook /, "").replaceAll(/\b3000\b/g, String(port)));
  const PATH = process.env["PATH"] ?? "";
  const settings = { ...env, PATH, PORT: String(port), WHATSAPP_HOOK_STORE: "events.db" };
  const world = testWorld({ cwd: await project(), env: settings });
  const code = await main(words, world);
  // Nothing is registered with the emulator, which is what doctor is for.
  const expected = words[0] === "doctor" ? 1 : 0;
  expect([code, world.stderr.text], world.stdout.text).toEqual([expected, expect.anything()]);
  const lines = words.includes("--json") ? world.stdout.text.split("\n").filter((each) => each !== "") : [];
  for (const each of lines) expect(JSON.parse(each)).toHaveProperty("type");
});

test("every command in the text exists", async () => {
  expect(mentioned.length).toBeGreaterThan(0);
  for (const line of mentioned) {
    const words = wordsOf(line).filter((word) => !word.startsWith("-"));
    expect([line, await main([...words, "--help"], testWorld())]).toEqual([line, 0]);
  }
});
