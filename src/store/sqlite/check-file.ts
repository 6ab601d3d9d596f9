/** Checks the file of a store without changing it: one finding per question. */
import { statSync } from "node:fs";

import type { Database } from "libsql";

import { reasonOf, UsageError, WaHookError } from "../../errors.ts";
import type { Finding } from "../../report/finding.ts";
import { listed } from "../listed.ts";
import { openUnchanged } from "./connection.ts";
import { canShrink, hasTable } from "./retention.ts";
import { isMalformed, Rows } from "./rows.ts";
import { APPLICATION_ID, pragma, VERSION } from "./schema.ts";

const MB = 1024 * 1024;
const MAX_ERRORS = 20;
const DAMAGED_FIX =
  "save what can be read with wa-hook events export > saved.ndjson, then move the file away: listen creates a new one";

type Check = (database: Database, file: string) => Finding;

/** Yields a finding per check. Throws a `UsageError` when there is no store in the file. */
export async function* checkFile(file: string, signal: AbortSignal): AsyncGenerator<Finding, void, void> {
  const database = await opened(file);
  if (!("prepare" in database)) return yield database;
  try {
    const kind = kindOf(database, file);
    yield kind;
    if (kind.status === "fail") return;
    const checks = kind.status === "pass" ? ALL : SMALL;
    for (const check of checks) {
      // Each of them can take seconds.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return;
      yield answered(() => check(database, file));
    }
  } finally {
    database.close();
  }
}

async function opened(file: string): Promise<Database | Finding> {
  try {
    return await openUnchanged(file);
  } catch (error) {
    if (error instanceof WaHookError) throw error;
    return damaged("store.file", "Store", error);
  }
}

/** A check that cannot read what it needs has found damage. */
function answered(check: () => Finding): Finding {
  try {
    return check();
  } catch (error) {
    return damaged("store.readable", "Readable", error);
  }
}

function damaged(code: string, title: string, error: unknown): Finding {
  return { code, status: "fail", title, expected: "a readable SQLite file", got: reasonOf(error), fix: DAMAGED_FIX };
}

function kindOf(database: Database, file: string): Finding {
  const kind = { code: "store.file", title: "Store", expected: `a wa-hook store of version ${VERSION}` };
  try {
    const version = pragma(database, "user_version");
    if (pragma(database, "application_id") !== APPLICATION_ID) throw foreign(file);
    const size = `${(statSync(file).size / MB).toFixed(1)} MB`;
    if (version === VERSION) return { ...kind, status: "pass", got: `version ${version}, ${size}` };
    if (version < VERSION) {
      const fix = "run wa-hook events list, which upgrades it";
      return { ...kind, status: "warn", got: `version ${version}, ${size}; not upgraded yet`, fix };
    }
    const fix = "run npm install wa-hook@latest";
    return { ...kind, status: "fail", got: `version ${version}, from a newer wa-hook`, fix };
  } catch (error) {
    if (error instanceof WaHookError) throw error;
    return damaged("store.file", "Store", error);
  }
}

function foreign(file: string): UsageError {
  return new UsageError(`${file} belongs to another program`, {
    code: "store.foreign",
    hint: "set another file with --store; this one was not changed",
  });
}

function checkIntegrity(database: Database): Finding {
  const integrity = { code: "store.integrity", title: "Integrity", expected: "every page and index is consistent" };
  const rows = database.prepare(`PRAGMA integrity_check(${MAX_ERRORS})`).all([]) as { integrity_check: string }[];
  const errors = rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
  if (errors.length === 0) return { ...integrity, status: "pass", got: "no errors" };
  return { ...integrity, status: "fail", got: listed(errors, "error"), fix: DAMAGED_FIX };
}

/** Tables and indexes of this version; later ones add to them. */
const PARTS = [
  "deliveries",
  "forwards",
  "seen",
  "deliveries_time",
  "deliveries_rejected",
  "deliveries_duplicate",
  "forwards_delivery",
  "forwards_pending",
  "forwards_failed",
];

function checkTables(database: Database): Finding {
  const tables = { code: "store.tables", title: "Tables and indexes", expected: "all that this version uses" };
  const rows = database.prepare("SELECT name FROM sqlite_master").all([]) as { name: string }[];
  const names = new Set(rows.map(({ name }) => name));
  const missing = PARTS.filter((part) => !names.has(part));
  if (missing.length === 0) return { ...tables, status: "pass", got: "complete" };
  return { ...tables, status: "fail", got: `${missing.join(", ")} missing`, fix: DAMAGED_FIX };
}

function checkDeliveries(database: Database): Finding {
  const deliveries = { code: "store.deliveries", title: "Deliveries", expected: "every delivery can be read" };
  const malformed: string[] = [];
  let count = 0;
  for (const row of new Rows(database).of({})) {
    count++;
    if (isMalformed(row)) malformed.push(`${row.id}: ${row.malformed}`);
  }
  if (malformed.length === 0) return { ...deliveries, status: "pass", got: `${count}, none malformed` };
  const fix = "they cannot be repaired; to delete them: wa-hook events prune --before <time>";
  return { ...deliveries, status: "fail", got: listed(malformed, "malformed delivery", "malformed deliveries"), fix };
}

function checkForwards(database: Database): Finding {
  const forwards = { code: "store.forwards", title: "Forwards", expected: "each belongs to a delivery" };
  const { total, pending, failed, lost, unknown } = database
    .prepare(
      `SELECT count(*) AS total, total(state = 'pending') AS pending, total(state = 'failed') AS failed,
         total(NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = forwards.delivery)) AS lost,
         total(state NOT IN ('pending', 'delivered', 'failed')) AS unknown FROM forwards`,
    )
    .get([]) as Record<"total" | "pending" | "failed" | "lost" | "unknown", number>;
  const problems = [
    ...(lost > 0 ? [`${lost} without a delivery`] : []),
    ...(unknown > 0 ? [`${unknown} in an unknown state`] : []),
  ];
  const counts = `${total} (${pending} pending, ${failed} failed)`;
  if (problems.length === 0) return { ...forwards, status: "pass", got: counts };
  const fix = "check which other program writes to this file; wa-hook ignores these rows";
  return { ...forwards, status: "fail", got: `${counts}: ${problems.join(", ")}`, fix };
}

function checkSeen(database: Database): Finding {
  const seen = { code: "store.seen", title: "Keys of seen events", expected: "every row is a list of keys" };
  const { total, malformed } = database
    .prepare(
      `SELECT count(*) AS total, total(CASE WHEN json_valid(keys) THEN json_type(keys) <> 'array' ELSE 1 END) AS malformed
       FROM seen`,
    )
    .get([]) as { total: number; malformed: number };
  if (malformed === 0) return { ...seen, status: "pass", got: `${total} rows, none malformed` };
  const fix = "check which other program writes to this file; duplicates of these events count as new";
  return { ...seen, status: "warn", got: `${malformed} of ${total} rows malformed`, fix };
}

/** The index of events is derived from the deliveries, so that it may be missing or behind, but not ahead. */
function checkEvents(database: Database): Finding {
  const events = { code: "store.events", title: "Index of events", expected: "each event belongs to a delivery" };
  if (!hasTable(database, "events")) return { ...events, status: "skip", got: "this store has none" };
  const { lost } = database
    .prepare(
      "SELECT count(*) AS lost FROM events WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = events.delivery)",
    )
    .get([]) as { lost: number };
  if (lost === 0) return { ...events, status: "pass", got: "consistent" };
  return {
    ...events,
    status: "warn",
    got: `${lost} events without a delivery`,
    fix: "it is rebuilt by a newer version",
  };
}

function checkSpace(database: Database, file: string): Finding {
  const space = { code: "store.space", title: "Space", expected: "free pages are given back to the disk" };
  const free = pragma(database, "freelist_count") * pragma(database, "page_size");
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const got = `${(free / MB).toFixed(1)} MB free in the file, log of ${(log / MB).toFixed(1)} MB`;
  if (canShrink(database)) return { ...space, status: "pass", got };
  return { ...space, status: "warn", got: `${got}; kept in the file`, fix: "run wa-hook events prune --before 30d" };
}

/** For a version whose columns are others. */
const SMALL: readonly Check[] = [checkIntegrity, checkSpace];
const ALL: readonly Check[] = [
  checkIntegrity,
  checkTables,
  checkDeliveries,
  checkForwards,
  checkSeen,
  checkEvents,
  checkSpace,
];
