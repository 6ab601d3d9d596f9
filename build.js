// Builds what is published: a bundle for the command line, one for the API, the parts that they share, and the API's declarations.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "rolldown";

const require = createRequire(import.meta.url);
const { version, dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

// What undici brings that is never used here, 50 kB to download: HTTP/2, which is off, bodies of the Fetch API, which it takes out of the
// cupboard for a FormData only, and its HTTP parser a second time, with SIMD; the one without runs on every processor.
const NOTHING = "\0nothing";
const withoutSpares = {
  name: "without-spares",
  resolveId(specifier, importer) {
    if (/\/(web\/fetch\/body|client-h2)\.js$/.test(specifier)) return NOTHING;
    if (!specifier.endsWith("/llhttp_simd-wasm.js")) return null;
    return this.resolve(specifier.replace("_simd", ""), importer, { skipSelf: true });
  },
  load(id) {
    if (id === NOTHING) return "module.exports = {}";
    if (!id.endsWith("/llhttp-wasm.js")) return null;
    // Base64 of the parser squeezed first is 5 kB less to download, and takes a millisecond to unfold.
    const squeezed = gzipSync(require(id), { level: 9 }).toString("base64");
    return `module.exports = require("node:zlib").gunzipSync(Buffer.from("${squeezed}", "base64"))`;
  },
};

await build({
  input: { cli: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  external: Object.keys(dependencies),
  plugins: [withoutSpares],
  // Chunks may import from an entry, so that starting loads one file less.
  preserveEntrySignatures: "allow-extension",
  transform: { target: "node20", define: { WA_HOOK_VERSION: JSON.stringify(version) } },
  output: { dir: "dist", format: "esm", chunkFileNames: "[name]-[hash].js", minify: true, cleanDir: true },
});
writeDeclarations("dist/types");

/** Declarations of what `index.d.ts` reaches, and no others: the rest would need the types of bundled packages. */
function writeDeclarations(folder) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
  const reached = new Set();
  follow(resolve(folder, "index.d.ts"), reached);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(file)) rmSync(file);
  }
}

function follow(file, reached) {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(file, "utf8").replaceAll(/(["'])(\.{1,2}\/[^"']*)\.ts\1/g, (_, quote, path) => {
    follow(join(dirname(file), `${path}.d.ts`), reached);
    return `${quote}${path}.js${quote}`;
  });
  writeFileSync(file, text);
}
