/** The table of faults: what each one did to acknowledged deliveries. */
import { appendFileSync } from "node:fs";

import { collectRows } from "./printed-rows.ts";

/** The file that collects the rows of one run. */
const ROWS = "WA_HOOK_FAULT_ROWS";

interface Row {
  fault: string;
  runs: number;
  acknowledged: number;
  /** Acknowledged deliveries that are in the store. */
  found: number;
  /** Deliveries that the app got once, with a remark on the others. */
  forwarded: string;
}

/** Adds a row to the table at the end of the run. */
export function reportFault({ fault, runs, acknowledged, found, forwarded }: Row): void {
  const file = process.env[ROWS];
  const row = { fault, runs: String(runs), acknowledged: String(acknowledged), found: String(found), forwarded };
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** For Vitest: prints the table when all tests are done. */
export function setup(): () => void {
  const numbers = { runs: "runs", acknowledged: "acknowledged", found: "found" };
  return collectRows(ROWS, { fault: "fault", ...numbers, forwarded: "forwarded once" });
}
