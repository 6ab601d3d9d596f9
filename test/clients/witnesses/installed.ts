/** The npm packages of the witnesses: the script `npm run witnesses` installs them into a temporary folder. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { Loose } from "../client.ts";

const folder = process.env["WITNESSES"] ?? "";
const require = createRequire(join(folder, "index.js"));

/** Loads a package; there are no types, since it is not a dependency. */
export function load(name: string): Loose {
  return require(name);
}

export function versionOf(name: string): string {
  const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
