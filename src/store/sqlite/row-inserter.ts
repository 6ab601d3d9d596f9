/** Inserts many rows with few statements. */
import type { Database, Statement } from "libsql";

/** A power of two: the largest statement. */
const MAX_ROWS = 32;

export class RowInserter {
  readonly #width: number;
  readonly #prepare: (rows: number) => Statement;
  readonly #statements = new Map<number, Statement>();

  constructor(database: Database, table: string, columns: readonly string[]) {
    this.#width = columns.length;
    const row = `(${columns.map(() => "?").join(", ")})`;
    this.#prepare = (rows) =>
      database.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array(rows).fill(row).join(", ")}`);
  }

  /**
   * Inserts rows whose values stand one after the other, and returns the id of the first. Inside one transaction the ids of the others
   * follow it, because nobody else can insert.
   */
  insert(values: readonly unknown[]): number {
    const count = values.length / this.#width;
    let [done, last] = [0, 0];
    while (done < count) {
      const rows = Math.min(MAX_ROWS, 2 ** Math.floor(Math.log2(count - done)));
      const part = values.slice(done * this.#width, (done + rows) * this.#width);
      last = Number(this.#statementFor(rows).run(part).lastInsertRowid);
      done += rows;
    }
    return last - count + 1;
  }

  #statementFor(rows: number): Statement {
    const known = this.#statements.get(rows);
    if (known !== undefined) return known;
    const statement = this.#prepare(rows);
    this.#statements.set(rows, statement);
    return statement;
  }
}
