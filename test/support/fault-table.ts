/** Prints what the faults of one run came to. */
import { collectRows } from "./printed-rows.ts";

const COLUMNS = {
  fault: "fault",
  runs: "runs",
  acknowledged: "acknowledged",
  found: "found",
  forwarded: "forwarded once",
};

/** The variable of `reportFault`, whose file runs only inside of a test. */
export const setup = (): (() => void) => collectRows("WA_HOOK_FAULT_ROWS", COLUMNS);
