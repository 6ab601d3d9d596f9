/** The store on disk: one SQLite file in WAL mode. Concurrent deliveries share one fsync. */
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type Database from "libsql";

import { UsageError } from "../../errors.ts";
import type { Forward, ForwardResult, PendingRange } from "../forward.ts";
import { nextTurn } from "../gather.ts";
import { Lock } from "../lock.ts";
import type { Customer, Kinded, Query, Retry } from "../query.ts";
import { NOTHING_PRUNED, type Keep, type StoreStats } from "../retention.ts";
import type { Delivery, Received, Recorded, Store } from "../store.ts";
import { BUSY_MS as HASTY_MS } from "./batch.ts";
import { BUSY_MS, connector, requireExisting, type Connect } from "./connection.ts";
import { EventIndex } from "./event-index.ts";
import { ForwardRows } from "./forward-rows.ts";
import { Pruner, type Pace } from "./pruner.ts";
import { Queries } from "./query.ts";
import { forgetSeen, usedBytes } from "./retention.ts";
import { isMalformed, Rows, type Malformed, type Range } from "./rows.ts";
import { pragma } from "./schema.ts";
import { explainStore, isBusy } from "./store-error.ts";
import { Writer } from "./writer.ts";

/** Between attempts to write while another process does. */
const RETRY_MS = 20;
/** A store that can also return malformed rows. */
export interface ReadableStore extends Store {
  /** Like `deliveries`, including malformed rows. */
  rows(range: Range): IterableIterator<Delivery | Malformed>;
  /** The id of the newest row, even if it is malformed. */
  lastId(): string | undefined;
  /** Oldest first, including malformed rows. Kinds, people and texts are found in what is indexed. */
  matching(query: Query): IterableIterator<Delivery | Malformed>;
  /** The number of deliveries that `matching` returns without `newest`; counting may stop at `atMost`. */
  count(query: Query, atMost?: number): number;
  /** The customers with the newest events, newest first. */
  customers(limit: number): Customer[];
  /** The customers of the newest 20 000 events, newest first. */
  recentCustomers(limit: number): Pick<Customer, "customer" | "last">[];
  /** The kinds of all indexed events. */
  kinds(): Kinded[];
  /** About how many deliveries are not indexed. */
  readonly unindexed: number;
  /** Adds all deliveries to the index of events. Stops early when `signal` aborts. */
  index(signal: AbortSignal): Promise<void>;
  /** Forwards deliveries once more, by a listener that runs or is started. Resolves with the endpoint of each forward. */
  requeue(deliveries: readonly string[], retry: Retry): Promise<string[]>;
  /** Whether exactly this delivery is recorded. */
  has(delivery: Pick<Received, "receivedAt" | "body">): boolean;
  /** Changes whenever another process has written. */
  readonly version: number;
}

export interface StoreOptions {
  /** Deliveries beyond these limits are deleted while the store is open; default: none. */
  keep?: Keep;
  /** How often, and how long a check can be deferred; default: every 10 s. */
  pace?: Pace;
}

/**
 * Opens the store in `file` and creates it (mode 0600) if needed.
 * Throws a `UsageError` for a file that is not a store, is damaged, is from a newer version or cannot be written; the file is not changed.
 */
export async function openStore(file: string, options: StoreOptions = {}): Promise<ReadableStore> {
  return open(file, options);
}

/** Opens an existing store for reading. */
export async function openExistingStore(file: string): Promise<ReadableStore> {
  requireExisting(file);
  return open(file);
}

/** Without `recording`, nothing is written at the start. */
async function open(file: string, recording?: StoreOptions): Promise<ReadableStore> {
  const connect = await connector(file, recording === undefined ? undefined : forgetAllSeen);
  try {
    const store = new SqliteStore(connect, file);
    if (recording !== undefined) store.catchUp();
    if (recording?.keep !== undefined) store.keep(recording.keep, recording.pace);
    return store;
  } catch (error) {
    throw explainStore(error, file);
  }
}

function forgetAllSeen(database: Database.Database): void {
  while (forgetSeen(database, Date.now()));
}

/** What reads an open database. */
function readersOf(database: Database.Database) {
  const rows = new Rows(database);
  return {
    rows,
    forwards: new ForwardRows(database),
    queries: new Queries(database, rows),
    index: new EventIndex(database, rows),
  };
}

class SqliteStore implements ReadableStore {
  #database: Database.Database;
  readonly #writer: Writer;
  #readers: ReturnType<typeof readersOf>;
  readonly #file: string;
  #notify: (notice: string) => void = () => {};
  #pruner: Pruner | undefined;

  constructor(connect: Connect, file: string) {
    this.#database = connect(BUSY_MS);
    this.#readers = readersOf(this.#database);
    this.#file = file;
    this.#writer = new Writer(this.#database, file, {
      open: () => connect(HASTY_MS),
      reopened: (database, loss) => {
        this.#database = database;
        this.#readers = readersOf(database);
        if (loss === undefined)
          return this.#notify(`${file} was opened again, its log could not be synced; recording continues`);
        this.#notify(`${file} was ${loss} while in use; recording continues in a new file`);
      },
    });
  }

  /** Loads the keys of seen events before the first delivery is written. */
  catchUp(): void {
    this.#writer.catchUp();
  }

  /** From now on, deletes what is beyond these limits. */
  keep(keep: Keep, pace?: Pace): void {
    const lost = (forwards: number) =>
      this.#notify(`${forwards} deliveries were deleted (--keep, --keep-size) before the app accepted them`);
    this.#pruner = new Pruner(this.#writer, keep, { lost, ...(pace === undefined ? {} : { pace }) });
  }

  stats(): StoreStats {
    const pruned = this.#pruner?.pruned ?? NOTHING_PRUNED;
    return this.#read(() => ({
      ...this.#readers.rows.held(),
      bytes: usedBytes(this.#database),
      forwards: this.#readers.forwards.stats(),
      pruned,
    }));
  }

  onNotice(notify: (notice: string) => void): void {
    this.#notify = notify;
  }

  record(delivery: Received, written?: (recorded: Recorded) => void): Promise<Recorded> {
    return this.#writer.record(delivery, written);
  }

  isDuplicate(delivery: Received): boolean {
    return this.#read(() => this.#writer.isDuplicate(delivery));
  }

  async reserve(to: string): Promise<Lock | undefined> {
    const name = createHash("sha256").update(to).digest("hex").slice(0, 16);
    return Lock.acquire(`${realpathSync(this.#file)}-forward-${name}`);
  }

  settle(result: ForwardResult): Promise<void> {
    return this.#writer.settle(result);
  }

  forwardsOf(delivery: string): Forward[] {
    return this.#read(() => this.#readers.forwards.of(delivery));
  }

  pending(range: PendingRange): Forward[] {
    return this.#read(() => this.#readers.forwards.pending(range));
  }

  get(id: string): Delivery | undefined {
    const row = this.#read(() => this.#readers.rows.one(id));
    if (row === undefined || !isMalformed(row)) return row;
    throw new UsageError(`delivery ${row.id} in ${this.#file} is malformed: ${row.malformed}`, {
      code: "store.malformed",
      hint: "it cannot be repaired; run wa-hook events list for the others",
      facts: { id: row.id },
    });
  }

  last(): Delivery | undefined {
    const id = this.lastId();
    return id === undefined ? undefined : this.get(id);
  }

  lastId(): string | undefined {
    return this.#read(() => this.#readers.rows.lastId());
  }

  *deliveries(newest?: number): IterableIterator<Delivery> {
    for (const row of this.rows(newest === undefined ? {} : { newest })) if (!isMalformed(row)) yield row;
  }

  rows(range: Range): IterableIterator<Delivery | Malformed> {
    return this.#explained(this.#readers.rows.of(range));
  }

  matching(query: Query): IterableIterator<Delivery | Malformed> {
    return this.#explained(this.#readers.queries.find(query));
  }

  *#explained<Row>(rows: IterableIterator<Row>): IterableIterator<Row> {
    for (;;) {
      const { done, value } = this.#read(() => rows.next());
      if (done === true) return;
      yield value;
    }
  }

  count(query: Query, atMost?: number): number {
    return this.#read(() => this.#readers.queries.count(query, atMost));
  }

  customers(limit: number): Customer[] {
    return this.#read(() => this.#readers.queries.customers(limit));
  }

  recentCustomers(limit: number): Pick<Customer, "customer" | "last">[] {
    return this.#read(() => this.#readers.queries.recentCustomers(limit));
  }

  kinds(): Kinded[] {
    return this.#read(() => this.#readers.queries.kinds());
  }

  get unindexed(): number {
    return this.#read(() => this.#readers.index.behind);
  }

  get version(): number {
    return this.#read(() => pragma(this.#database, "data_version"));
  }

  has({ receivedAt, body }: Pick<Received, "receivedAt" | "body">): boolean {
    const same = "SELECT 1 FROM deliveries INDEXED BY deliveries_time WHERE received_at = ? AND body = ?";
    return this.#read(() => this.#database.prepare(same).get([receivedAt, body]) !== undefined);
  }

  indexMore(): boolean {
    try {
      return this.#readers.index.more();
    } catch (error) {
      if (isBusy(error)) return true;
      throw explainStore(error, this.#file);
    }
  }

  async index(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#patiently(() => this.#readers.index.more()))) {
      await nextTurn();
    }
  }

  requeue(deliveries: readonly string[], retry: Retry): Promise<string[]> {
    return this.#patiently(() => this.#readers.forwards.requeue(deliveries, retry));
  }

  /** Writes between the transactions of another process. */
  async #patiently<Result>(write: () => Result): Promise<Result> {
    const deadline = performance.now() + BUSY_MS;
    for (;;) {
      try {
        return write();
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw explainStore(error, this.#file);
      }
      await sleep(RETRY_MS);
    }
  }

  #read<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw explainStore(error, this.#file);
    }
  }

  async close(): Promise<void> {
    this.#pruner?.close();
    await this.#writer.close();
    this.#database.close();
  }
}
