// Writes what is generated from the registry and committed: docs/reference/, docs/public/llms.txt and SKILL.md.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

import { llmsText, skill } from "./agents.js";
import { pagesOf } from "./markdown.js";
import { problemsIn, problemsPage } from "./problems.js";

/** @typedef {import("../src/cli/reference.ts").Reference} Reference */

const PAGES = "docs/reference";

/**
 * Every generated file with its content, by its path.
 * @param {Reference} reference
 * @returns {Map<string, string>}
 */
export function filesOf(reference) {
  const { description, homepage: site, repository } = JSON.parse(readFileSync("package.json", "utf8"));
  const pages = pagesOf(reference, repository.url.replace(/^git\+|\.git$/g, ""));
  pages.set("problems.md", problemsPage(problemsIn("src").problems, reference));
  return new Map([
    ...[...pages].map(([file, text]) => [`${PAGES}/${file}`, text]),
    ["docs/public/llms.txt", llmsText(reference, { description, site })],
    ["SKILL.md", skill(reference, { description, site })],
  ]);
}

function write(files) {
  mkdirSync(PAGES, { recursive: true });
  for (const file of readdirSync(PAGES)) if (!files.has(`${PAGES}/${file}`)) rmSync(`${PAGES}/${file}`);
  for (const [file, text] of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  write(filesOf(JSON.parse(readFileSync("dist/commands.json", "utf8"))));
}
