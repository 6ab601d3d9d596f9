/** Runs work in one transaction. The path of acknowledgments has statements of its own for it (`batch.ts`). */
import type { Database } from "libsql";

/** Commits what `work` does and returns its result. When anything throws, nothing is changed. */
export function transact<Result>(database: Database, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite rolls back by itself when the disk is full.
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
