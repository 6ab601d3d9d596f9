/** Deletes old deliveries from the SQLite store in small steps, and gives their space back to the disk. */
import type { Database } from "libsql";

import { SEEN_FOR_MS } from "../duplicates.ts";
import type { Pruned, PruneLimits } from "../retention.ts";
import { pragma } from "./schema.ts";
import { transact } from "./transact.ts";

/** One step holds a lock for a few milliseconds, because other processes and the senders wait for it. */
export const STEP_ROWS = 200;
/** Of headers and bodies; a single delivery can be larger. */
const STEP_BYTES = 2 * 1024 * 1024;
/** Pages that are given back to the disk in one step. */
const VACUUM_PAGES = 64;
const SEEN_ROWS = 200;

/** The bytes that the store takes on disk, without its free pages and its log. */
export function usedBytes(database: Database): number {
  return (pragma(database, "page_count") - pragma(database, "freelist_count")) * pragma(database, "page_size");
}

interface Row {
  key: string;
  received_at: number;
  size: number;
}

/**
 * Deletes up to `rows` deliveries with everything that belongs to them, the oldest first, in one transaction. Returns what it has deleted:
 * no deliveries when there is nothing left to delete.
 */
export function pruneStep(database: Database, limits: PruneLimits, rows = STEP_ROWS): Pruned {
  return transact(database, () => {
    const selected = select(database, limits, rows);
    const pending = selected.length === 0 ? 0 : remove(database, selected);
    return { deliveries: selected.length, bytes: selected.reduce((sum, { size }) => sum + size, 0), pending };
  });
}

/** By the time of receipt, as the index has it: ids are in another order when the clock was set back. */
function select(database: Database, { before = -Infinity, bytes = Infinity }: PruneLimits, most: number): Row[] {
  const excess = usedBytes(database) - bytes;
  const oldest = database
    .prepare(
      `SELECT CAST(id AS TEXT) AS key, received_at, coalesce(octet_length(headers) + octet_length(body), 0) AS size
       FROM deliveries ORDER BY received_at, id LIMIT ?`,
    )
    .all([most]) as Row[];
  let total = 0;
  const end = oldest.findIndex(({ received_at, size }, index) => {
    // A time that is no number is not old.
    const isKept = !(received_at < before) && total >= excess;
    if (isKept || (index > 0 && total + size > STEP_BYTES)) return true;
    total += size;
    return false;
  });
  return end < 0 ? oldest : oldest.slice(0, end);
}

/** Tables whose rows belong to a delivery, besides `deliveries` itself. */
const DEPENDENT = ["forwards", "events"];

/** Returns the number of forwards that were still to be sent. */
function remove(database: Database, rows: readonly Row[]): number {
  const ids = JSON.stringify(rows.map(({ key }) => key));
  const chosen = "(SELECT CAST(value AS INTEGER) FROM json_each(?))";
  const { pending } = database
    .prepare(`SELECT count(*) AS pending FROM forwards WHERE state = 'pending' AND delivery IN ${chosen}`)
    .get([ids]) as { pending: number };
  for (const table of DEPENDENT) {
    if (hasTable(database, table)) database.prepare(`DELETE FROM ${table} WHERE delivery IN ${chosen}`).run([ids]);
  }
  database.prepare(`DELETE FROM deliveries WHERE id IN ${chosen}`).run([ids]);
  return pending;
}

export function hasTable(database: Database, name: string): boolean {
  return database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get([name]) !== undefined;
}

/** Deletes keys that are too old to make a delivery a duplicate. Returns whether there can be more of them. */
export function forgetSeen(database: Database, now: number): boolean {
  // Rows are in the order of time, so the first recent one ends it.
  const recent = "SELECT id FROM seen WHERE at >= ? ORDER BY id LIMIT 1";
  const old = `SELECT id FROM seen WHERE id < coalesce((${recent}), 9e18) ORDER BY id LIMIT ${SEEN_ROWS}`;
  const { changes } = database.prepare(`DELETE FROM seen WHERE id IN (${old})`).run([now - SEEN_FOR_MS]);
  return changes === SEEN_ROWS;
}

/**
 * Gives some free pages back, and returns how many: none when there are none left, or when the store has no bookkeeping of them. The file
 * becomes smaller with the next `checkpoint`.
 */
export function shrinkStep(database: Database): number {
  if (!canShrink(database) || pragma(database, "freelist_count") === 0) return 0;
  const before = pragma(database, "page_count");
  database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
  return before - pragma(database, "page_count");
}

/** Copies the log into the file. Others are not held up: what they still read stays in the log. */
export function checkpoint(database: Database): void {
  database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get([]);
}

/** Stores of version 1 were created without it; `VACUUM` adds it. */
export function canShrink(database: Database): boolean {
  return pragma(database, "auto_vacuum") === 2;
}
