/** Prints what the attacks of one run came to. */
import { ROWS } from "./attacks.ts";
import { collectRows } from "./printed-rows.ts";

export const setup = (): (() => void) => collectRows(ROWS, { attack: "attack", before: "before", after: "after" });
