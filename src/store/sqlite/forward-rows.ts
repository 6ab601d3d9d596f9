/** Reads forwards from the SQLite store. */
import type { Database, Statement } from "libsql";

import type { Forward, ForwardState, PendingRange } from "../forward.ts";

const COLUMNS =
  "CAST(id AS TEXT) AS id, CAST(delivery AS TEXT) AS delivery, target, state, attempts, at, status, ms, response, next_at";

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

export class ForwardRows {
  readonly #of: Statement;
  readonly #pending: Statement;

  constructor(database: Database) {
    this.#of = database.prepare(`SELECT ${COLUMNS} FROM forwards WHERE delivery = ? ORDER BY id`);
    this.#pending = database.prepare(
      `SELECT ${COLUMNS} FROM forwards WHERE target = ? AND state = 'pending' AND id > ? ORDER BY forwards.id LIMIT ?`,
    );
  }

  of(delivery: string): Forward[] {
    return (this.#of.all([delivery]) as Row[]).map(read);
  }

  pending({ to, after = "0", limit }: PendingRange): Forward[] {
    return (this.#pending.all([to, after, limit]) as Row[]).map(read);
  }
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
