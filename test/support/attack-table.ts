/** Prints what the attacks of one run came to. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROWS } from "./attacks.ts";

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "wa-hook-attacks-"));
  const file = join(folder, "rows.ndjson");
  process.env[ROWS] = file;
  return () => {
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    const rows = [{ attack: "attack", before: "before", after: "after" }, ...lines.map((line) => JSON.parse(line))];
    const widthOf = (key: string) => Math.max(...rows.map((row) => row[key].length));
    const [attack, before] = [widthOf("attack"), widthOf("before")];
    for (const row of rows) {
      console.log(`${row.attack.padEnd(attack)}  ${row.before.padEnd(before)}  ${row.after}`);
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
