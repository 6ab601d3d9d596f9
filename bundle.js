// What is bundled, and how: the command line, the API, its entry points for test runners, and the parts that they share; and the page.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { version, dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL("package.json", import.meta.url), "utf8"),
);

/**
 * Modules that libraries import, replaced with what wa-hook needs of them, because loading them takes a fifth of the time of `--help`.
 * @type {Record<string, { from?: RegExp, code: string }>}
 */
const REPLACED = {
  // The module is a copy of the global; making it opens the standard streams.
  "node:process": { code: "module.exports = globalThis.process;" },
  // For subcommands in files of their own, of which wa-hook has none.
  "node:child_process": { from: /\bcommander\b/, code: "module.exports = {};" },
  // Parts of prom-client that `monitor/exposition.ts` does not use; two of them import other packages.
  "./lib/summary": { from: /\bprom-client\b/, code: "module.exports = {};" },
  "./lib/pushgateway": { from: /\bprom-client\b/, code: "module.exports = {};" },
  "./lib/defaultMetrics": { from: /\bprom-client\b/, code: "module.exports = {};" },
  "./lib/cluster": { from: /\bprom-client\b/, code: "module.exports = {};" },
  // Of the MCP SDK: validates what a server asks of a person, and handles schemas of zod 3; wa-hook has neither.
  "../validation/ajv-provider.js": {
    from: /\bmodelcontextprotocol\b/,
    code: "module.exports = { AjvJsonSchemaValidator: class {} };",
  },
  "zod/v3": { from: /\bmodelcontextprotocol\b/, code: "module.exports = {};" },
  "zod-to-json-schema": { from: /\bmodelcontextprotocol\b/, code: "module.exports = {};" },
  // Detects what a terminal can show; `terminal/paint.ts` decides that itself.
  "#supports-color": { from: /\bchalk\b/, code: "module.exports = { stdout: false, stderr: false };" },
};

/** @type {import("rolldown").Plugin} */
const replace = {
  name: "replace",
  resolveId(id, from = "") {
    const { from: importer = /^/ } = REPLACED[id] ?? { from: /^\b$/ };
    return importer.test(from) ? `replaced:${id}` : undefined;
  },
  load: (id) => (id.startsWith("replaced:") ? REPLACED[id.slice("replaced:".length)]?.code : undefined),
};

/** @type {import("rolldown").BuildOptions & { output: import("rolldown").OutputOptions }} */
export const bundle = {
  input: {
    cli: "src/cli/main.ts",
    index: "src/index.ts",
    vitest: "src/testing/vitest.ts",
    jest: "src/testing/jest.ts",
    "node-test": "src/testing/node-test.ts",
  },
  platform: "node",
  plugins: [replace],
  // Large or native, and not needed by every command: they come from node_modules, where they are used.
  external: Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(/|$)`)),
  // Chunks may import from an entry, so that starting loads one file less.
  preserveEntrySignatures: "allow-extension",
  transform: { target: "node20", define: { WA_HOOK_VERSION: JSON.stringify(version) } },
  output: { dir: "dist", format: "esm", chunkFileNames: "[name]-[hash].js", minify: true, cleanDir: true },
};

/** @type {import("rolldown").BuildOptions & { output: import("rolldown").OutputOptions }} */
export const pageBundle = {
  input: { page: "src/inspector/page/main.tsx" },
  platform: "browser",
  transform: { target: "es2023" },
  // The plots are loaded with the view that has them.
  output: { dir: "dist/page", format: "esm", chunkFileNames: "[name].js", minify: true, cleanDir: true },
  preserveEntrySignatures: "allow-extension",
};

const pageSource = (name) => readFileSync(new URL(`src/inspector/page/${name}`, import.meta.url), "utf8");
/** Of the page, in this order. */
const STYLES = ["base", "frame", "conversations", "deliveries", "overview"];

/** What of the page is no script, into the folder of the bundle. */
export function writePageFiles(folder) {
  const plot = createRequire(import.meta.url).resolve("uplot/dist/uPlot.min.css");
  const styles = [readFileSync(plot, "utf8"), ...STYLES.map((name) => pageSource(`style/${name}.css`))].join("\n");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/page.css`, styles.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\s+/g, " "));
  for (const name of ["index.html", "favicon.svg"]) writeFileSync(`${folder}/${name}`, pageSource(name));
}
