/** Collects rows during a run of tests and prints them as a table at its end. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `variable` names the file for the tests; `columns` are its keys and its headings. For a `setup` of Vitest. */
export function collectRows(variable: string, columns: Record<string, string>): () => void {
  const folder = mkdtempSync(join(tmpdir(), "wa-hook-rows-"));
  const file = join(folder, "rows.ndjson");
  process.env[variable] = file;
  return () => {
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    const rows = [columns, ...lines.map((line) => JSON.parse(line) as Record<string, string>)];
    const keys = Object.keys(columns);
    const widths = keys.map((key) => Math.max(...rows.map((row) => row[key]?.length ?? 0)));
    if (lines.length > 0) {
      for (const row of rows) {
        console.log(
          keys
            .map((key, at) => (row[key] ?? "").padEnd(widths[at] ?? 0))
            .join("  ")
            .trimEnd(),
        );
      }
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
