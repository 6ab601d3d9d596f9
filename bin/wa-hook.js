#!/usr/bin/env node
// Starts the command line; everything is in dist/, which the build makes from src/.
import { main, realWorld } from "../dist/cli.js";

const code = await main(process.argv.slice(2), realWorld());
// Everything is done; but after a broken connection ngrok's SDK holds a call that never ends, and would hold the process.
process.stdout.write("", () => process.exit(code));
