#!/usr/bin/env node
// Starts the command line; everything is in dist/, which the build makes from src/.
import { main, realWorld } from "../dist/cli.js";

process.exitCode = await main(process.argv.slice(2), realWorld());
