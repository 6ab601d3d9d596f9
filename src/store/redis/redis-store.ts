/** The shared store: deliveries of any number of listeners on one Redis server, or one that speaks its protocol. */
import { createHash } from "node:crypto";

import { UnavailableError, UsageError } from "../../errors.ts";
import { SEEN_FOR_MS } from "../duplicates.ts";
import type { Forward, ForwardResult, PendingRange } from "../forward.ts";
import type { Customer, Kinded, Query, Retry } from "../query.ts";
import type { RecordedStore } from "../readable.ts";
import { NOTHING_PRUNED, type Pruned, type PruneLimits, type StoreStats } from "../retention.ts";
import { withoutSecrets } from "../secret-headers.ts";
import { isMalformed, type Malformed, type Range } from "../sqlite/rows.ts";
import { judge, REJECTED_KEPT, type Delivery, type Received, type Recorded, type Verdict } from "../store.ts";
import { addressOf } from "./address.ts";
import { Connection } from "./connection.ts";
import type { Durability } from "./durability.ts";
import { Entries } from "./entries.ts";
import { forwardId, Forwards } from "./forwards.ts";
import { APPS, PRUNE, RECORD, REQUEUE } from "./scripts.ts";
import { Search } from "./search.ts";
import { Syncing } from "./syncing.ts";

/** Limit for writes that wait for the server, as for the store on disk. Rejected deliveries cannot block accepted ones. */
const WAITING_BYTES = 64 * 1024 * 1024;
/** Deliveries that are deleted in one step, which blocks the server. */
const PRUNED_AT_ONCE = 20;

export class RedisStore implements RecordedStore {
  readonly connection: Connection;
  readonly entries: Entries;
  readonly forwards: Forwards;
  readonly #search: Search;
  readonly #syncing: Syncing;
  #waitingBytes = { accepted: 0, rejected: 0 };
  /** There is no index of events: each query reads the stream. */
  readonly unindexed = 0;

  private constructor(connection: Connection, syncing: Syncing) {
    this.connection = connection;
    this.entries = new Entries(connection);
    this.forwards = new Forwards(connection);
    this.#search = new Search(this.entries, this.forwards);
    this.#syncing = syncing;
  }

  /** Throws a `UsageError`, a `CredentialsError` or an `UnavailableError`; none of them contains the password. */
  static async open(location: string): Promise<RedisStore> {
    const connection = await Connection.open(addressOf(location));
    try {
      return new RedisStore(connection, await Syncing.open(connection));
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** The address without its password. */
  get shown(): string {
    return this.connection.shown;
  }

  /** What a crash of the server can lose although it was acknowledged; nothing when all is durable. */
  get weak(): string | undefined {
    return this.#syncing.weak;
  }

  get by(): Durability["by"] {
    return this.#syncing.by;
  }

  /** Resolves once the delivery and its forwards are durable, as far as the server can do that: see `weak`. */
  record(delivery: Received, written?: (recorded: Recorded) => void): Promise<Recorded> {
    return this.#record(delivery, "", written);
  }

  /** Records what was received elsewhere: it is for no app, also not for those that take deliveries with `--from`. */
  import(delivery: Received): Promise<Recorded> {
    return this.#record(delivery, "1");
  }

  async #record(delivery: Received, imported: "" | "1", written?: (recorded: Recorded) => void): Promise<Recorded> {
    const { length } = delivery.body;
    const kind = delivery.reason === undefined ? "accepted" : "rejected";
    const limit = kind === "rejected" ? REJECTED_KEPT.bytes : WAITING_BYTES;
    if (this.#waitingBytes[kind] + length > limit) throw overloaded(this.shown);
    this.#waitingBytes[kind] += length;
    try {
      const [n, verdict, count] = (await this.connection.script(RECORD, recordOf(delivery, imported))) as [
        number,
        Buffer,
        number,
      ];
      const id = String(n);
      const forwards = Array.from({ length: count }, (_, index) => forwardId(id, index));
      const recorded = { id, verdict: String(verdict) as Verdict, forwards };
      written?.(recorded);
      await this.#syncing.synced();
      return recorded;
    } finally {
      this.#waitingBytes[kind] -= length;
    }
  }

  async isDuplicate(delivery: Received): Promise<boolean> {
    const names = [...new Set(delivery.keys.filter((key) => key !== undefined))];
    const scope = delivery.scope ?? "";
    const keys = names.map((key) => this.connection.key(`seen:${hashOf(`${scope}${key}`)}`));
    const seen = keys.length === 0 ? [] : ((await this.connection.command(["MGET", ...keys])) as (Buffer | null)[]);
    const at = new Map(names.map((key, index) => [`${scope}${key}`, seen[index] ?? undefined]));
    const isNew = (key: string) => {
      const time = at.get(key);
      return time === undefined || delivery.receivedAt - Number(time) > SEEN_FOR_MS;
    };
    return judge(delivery, isNew) === "duplicate";
  }

  settle(result: ForwardResult): Promise<void> {
    return this.forwards.settle(result);
  }

  forwardsOf(delivery: string): Promise<Forward[]> {
    return this.forwards.of(delivery);
  }

  async pending({ to, after = "0", limit }: PendingRange): Promise<Forward[]> {
    return this.forwards.read(await this.forwards.pendingIds(to, after, limit));
  }

  async get(id: string): Promise<Delivery | undefined> {
    const row = await this.entries.one(id);
    if (row === undefined || !isMalformed(row)) return row;
    throw new UsageError(`delivery ${row.id} in ${this.shown} is malformed: ${row.malformed}`, {
      code: "store.malformed",
      hint: "it cannot be repaired; run wa-hook events list for the others",
      facts: { id: row.id },
    });
  }

  async last(): Promise<Delivery | undefined> {
    const id = await this.lastId();
    return id === undefined ? undefined : this.get(id);
  }

  lastId(): Promise<string | undefined> {
    return this.entries.lastId();
  }

  async *deliveries(newest?: number): AsyncGenerator<Delivery, void, void> {
    for await (const row of this.rows(newest === undefined ? {} : { newest })) if (!isMalformed(row)) yield row;
  }

  rows(range: Range): AsyncGenerator<Delivery | Malformed, void, void> {
    return this.entries.of(range);
  }

  matching(query: Query): AsyncGenerator<Delivery | Malformed, void, void> {
    return this.#search.find(query);
  }

  async count(query: Query, atMost?: number): Promise<number> {
    const { newest: _, ...conditions } = query;
    if (Object.keys(conditions).length === 0)
      return Number(await this.connection.command(["XLEN", this.connection.key("log")]));
    return this.#search.count(query, atMost);
  }

  customers(limit: number): Promise<Customer[]> {
    return this.#search.customers(limit);
  }

  kinds(): Promise<Kinded[]> {
    return this.#search.kinds();
  }

  async index(): Promise<void> {}

  async requeue(deliveries: readonly string[], { to = "", onlyFailed = false }: Retry): Promise<string[]> {
    const apps = await this.connection.script(REQUEUE, [to, onlyFailed ? "1" : "0", ...deliveries]);
    return (apps as Buffer[]).map(String);
  }

  /** The number of deliveries ever recorded. */
  get version(): Promise<number> {
    return this.connection.command(["GET", this.connection.key("count")]).then(Number);
  }

  async stats(pruned: Pruned = NOTHING_PRUNED): Promise<StoreStats> {
    const { connection, weak } = this;
    const [deliveries, bytes, oldest, forwards] = await Promise.all([
      connection.command(["XLEN", connection.key("log")]),
      connection.command(["GET", connection.key("bytes")]),
      this.entries.first(),
      this.forwards.stats(async (id) => timeOf(await this.entries.one(id))),
    ]);
    const first = timeOf(oldest);
    return {
      deliveries: Number(deliveries),
      bytes: Number(bytes),
      ...(first === undefined ? {} : { oldest: first }),
      forwards,
      pruned,
      ...(weak === undefined ? {} : { weak }),
    };
  }

  /**
   * Deletes some deliveries beyond these limits, in the order in which they were recorded. Resolves with nothing deleted when there are no
   * more.
   */
  async prune({ before = Number.MIN_SAFE_INTEGER, bytes = Number.MAX_SAFE_INTEGER }: PruneLimits): Promise<Pruned> {
    const reply = await this.connection.script(PRUNE, [String(before), String(bytes), String(PRUNED_AT_ONCE)]);
    const [deliveries = 0, freed = 0, pending = 0] = reply as number[];
    return { deliveries, bytes: freed, pending };
  }

  async close(): Promise<void> {
    this.connection.close();
  }
}

function timeOf(row: Delivery | Malformed | undefined): number | undefined {
  return row === undefined || isMalformed(row) ? undefined : row.receivedAt;
}

/** The arguments of the script. */
function recordOf(
  { receivedAt, headers, body, keys, scope = "", reason, forwardTo = [], answered }: Received,
  imported: "" | "1",
): (string | Buffer)[] {
  if (forwardTo.length > APPS) {
    throw new UsageError(`a shared store forwards to at most ${APPS} apps`, {
      code: "store.apps",
      hint: "leave some --forward-to out, or start a listener with --from for each of them",
    });
  }
  const { state = "", ...result } = answered ?? {};
  return [
    String(receivedAt),
    JSON.stringify(withoutSecrets(headers)),
    Buffer.from(body.buffer, body.byteOffset, body.length),
    // The text of a rejected delivery is never empty there, because that says that it is accepted.
    reason === undefined ? "" : reason || "rejected",
    String(REJECTED_KEPT.deliveries),
    String(REJECTED_KEPT.bytes),
    String(SEEN_FOR_MS),
    state,
    JSON.stringify(result),
    imported,
    String(keys.length),
    ...keys.map((key) => (key === undefined ? "" : hashOf(`${scope}${key}`))),
    ...forwardTo,
  ];
}

/** Keys are long and contain text from outside. */
function hashOf(key: string): string {
  return createHash("sha1").update(key).digest("base64url");
}

function overloaded(shown: string): UnavailableError {
  return new UnavailableError(`too many pending writes to ${shown}`, {
    code: "store.behind",
    hint: "check the load and the disk of the Redis server",
  });
}
