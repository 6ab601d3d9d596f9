// Builds what is published: a bundle for the command line, one for the API and for each test runner, the parts that they share, the
// inspector's page, the API's declarations, and the notices of other people's code in it.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { build } from "rolldown";

import { bundle, pageBundle, writePageFiles } from "./bundle.js";
import { noticesOf } from "./notices.js";
import { manPages } from "./reference/man.js";
import { eventSchemas } from "./reference/schemas.js";

const { output } = await build(bundle);
const page = await build(pageBundle);
writePageFiles("dist/page");
writeFileSync("THIRD-PARTY-NOTICES", noticesOf([...output, ...page.output]));
await describe();
writeDeclarations("dist/types");

/** What would take time to compute at the start: the registry of the commands and the list of the fixtures; and the man pages. */
async function describe() {
  const { describeCommands, describeFixtures } = await import(pathToFileURL(resolve("dist/cli.js")).href);
  const commands = await describeCommands(eventSchemas());
  writeFileSync("dist/commands.json", JSON.stringify(commands));
  mkdirSync("dist/man");
  const { homepage } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const [file, text] of manPages(commands, homepage)) writeFileSync(`dist/man/${file}`, text);
  // Beside the license, where those look who read packages.
  copyFileSync("docs/public/llms.txt", "llms.txt");
  writeFileSync("dist/fixtures.json", JSON.stringify(await describeFixtures()));
}

/** Declarations of what the entry points reach, and no others: the rest would need the types of bundled packages. */
function writeDeclarations(folder) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
  const reached = new Set();
  // The compiler leaves out what is a declaration already.
  copyFileSync("src/testing/jest-matchers.d.ts", `${folder}/testing/jest-matchers.d.ts`);
  const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const { types } of Object.values(exports)) if (types !== undefined) follow(resolve(types), reached);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(file)) rmSync(file);
  }
}

function follow(file, reached) {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(file, "utf8").replaceAll(/(["'])(\.{1,2}\/[^"']*?)(?:\.d)?\.ts\1/g, (_, quote, path) => {
    follow(join(dirname(file), `${path}.d.ts`), reached);
    return `${quote}${path}.js${quote}`;
  });
  writeFileSync(file, text);
}
