// Loaded before the program (`node --import`): every sync of the store's log whose number is in FAILING_SYNCS fails as on a broken disk.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const failing = new Set(process.env.FAILING_SYNCS.split(",").map(Number));
const { fdatasync } = fs;
let count = 0;

fs.fdatasync = (log, done) => {
  if (failing.has(++count)) setImmediate(done, Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" }));
  else fdatasync(log, done);
};
syncBuiltinESMExports();
