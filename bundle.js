// What is bundled, and how: the command line, the API, and the parts that they share.
import { readFileSync } from "node:fs";

const { version, dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** @type {import("rolldown").BuildOptions & { output: import("rolldown").OutputOptions }} */
export const bundle = {
  input: { cli: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  // Large or native, and not needed by every command: they come from node_modules, where they are used.
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
  // Chunks may import from an entry, so that starting loads one file less.
  preserveEntrySignatures: "allow-extension",
  transform: { target: "node20", define: { WA_HOOK_VERSION: JSON.stringify(version) } },
  output: { dir: "dist", format: "esm", chunkFileNames: "[name]-[hash].js", minify: true, cleanDir: true },
};
