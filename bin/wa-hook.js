#!/usr/bin/env node
// Starts the command line; everything is in dist/, which the build makes from src/.
import { existsSync } from "node:fs";

const cli = new URL("../dist/cli.js", import.meta.url);
const { main, realWorld } = await import(cli.href).catch((error) => {
  if (existsSync(cli)) throw error;
  process.stderr.write("error: wa-hook is not built\n  → run npm ci && npm run build\n");
  process.exit(2);
});

const code = await main(process.argv.slice(2), realWorld());
// Everything is done; but after a broken connection ngrok's SDK holds a call that never ends, and would hold the process.
process.stdout.write("", () => process.exit(code));
