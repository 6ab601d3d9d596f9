// The published JavaScript: one bundle for the command line, one for the API, shared parts beside them.
import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

export default defineConfig({
  input: { cli: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  external: ["libsql"],
  transform: { target: "node20", define: { WA_HOOK_VERSION: JSON.stringify(version) } },
  output: { dir: "dist", format: "esm", chunkFileNames: "[name]-[hash].js", minify: true, cleanDir: true },
});
