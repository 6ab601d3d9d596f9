/** Reads forwards from the SQLite store. */
import type { Database, Statement } from "libsql";

import type { Forward, ForwardState, PendingRange } from "../forward.ts";
import type { Retry } from "../query.ts";
import type { ForwardStats } from "../retention.ts";
import { transact } from "./transact.ts";

const COLUMNS =
  "CAST(id AS TEXT) AS id, CAST(delivery AS TEXT) AS delivery, target, state, attempts, at, status, ms, response, next_at";

const FRESH = "state = 'pending', attempts = 0, at = NULL, status = NULL, ms = NULL, response = NULL, next_at = NULL";

interface Row {
  id: string;
  delivery: string;
  target: string;
  state: ForwardState;
  attempts: number;
  at: number | null;
  status: number | null;
  ms: number | null;
  response: string | null;
  next_at: number | null;
}

interface StatsRow {
  target: string;
  state: ForwardState;
  forwards: number;
  /** When the delivery of the oldest one was received. */
  oldest: number | null;
}

export class ForwardRows {
  readonly #of: Statement;
  readonly #pending: Statement;
  readonly #database: Database;
  readonly #stats: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#of = database.prepare(`SELECT ${COLUMNS} FROM forwards WHERE delivery = ? ORDER BY forwards.id`);
    this.#pending = database.prepare(
      `SELECT ${COLUMNS} FROM forwards WHERE target = ? AND state = 'pending' AND id > ? ORDER BY forwards.id LIMIT ?`,
    );
    this.#stats = database.prepare(
      `SELECT target, state, forwards,
         (SELECT received_at FROM deliveries WHERE id = (SELECT delivery FROM forwards WHERE id = first)) AS oldest
       FROM (${countsOf("pending")} UNION ALL ${countsOf("failed")})`,
    );
  }

  of(delivery: string): Forward[] {
    return (this.#of.all([delivery]) as Row[]).map(read);
  }

  /** By target, for those that have pending or failed forwards. */
  stats(): ForwardStats[] {
    const found = new Map<string, ForwardStats>();
    for (const { target, state, forwards, oldest } of this.#stats.all([]) as StatsRow[]) {
      const stats = found.get(target) ?? { to: target, pending: 0, failed: 0 };
      found.set(target, stats);
      if (state === "failed") stats.failed = forwards;
      else Object.assign(stats, { pending: forwards, ...(oldest === null ? {} : { oldestPending: oldest }) });
    }
    return [...found.values()];
  }

  pending({ to, after = "0", limit }: PendingRange): Forward[] {
    return (this.#pending.all([to, after, limit]) as Row[]).map(read);
  }

  /**
   * Sets the forwards of these deliveries to pending, due now, as if they had never been attempted; creates those to `to` that are missing.
   * Returns the endpoint of each. Throws `SQLITE_BUSY` while another process writes.
   */
  requeue(deliveries: readonly string[], { to, onlyFailed = false }: Retry): string[] {
    const which = `delivery = ?${onlyFailed ? " AND state = 'failed'" : ""}`;
    const one = this.#database.prepare(
      `UPDATE forwards SET ${FRESH} WHERE delivery = ? AND target = ? RETURNING target`,
    );
    const all = this.#database.prepare(`UPDATE forwards SET ${FRESH} WHERE ${which} RETURNING target`);
    const insert = this.#database.prepare("INSERT INTO forwards (delivery, target) VALUES (?, ?)");
    const targets: string[] = [];
    transact(this.#database, () => {
      for (const delivery of deliveries) {
        const rows = (to === undefined ? all.all([delivery]) : one.all([delivery, to])) as { target: string }[];
        for (const { target } of rows) targets.push(target);
        if (to === undefined || rows.length > 0) continue;
        insert.run([delivery, to]);
        targets.push(to);
      }
    });
    return targets;
  }
}

function countsOf(state: "pending" | "failed"): string {
  return `SELECT target, '${state}' AS state, count(*) AS forwards, min(id) AS first
    FROM forwards WHERE state = '${state}' GROUP BY target`;
}

function read({ target, at, status, ms, response, next_at: nextAt, ...row }: Row): Forward {
  return {
    ...row,
    to: target,
    ...(at === null ? {} : { at }),
    ...(status === null ? {} : { status }),
    ...(ms === null ? {} : { ms }),
    ...(response === null ? {} : { response }),
    ...(nextAt === null ? {} : { nextAt }),
  };
}
