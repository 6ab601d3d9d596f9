/** Forwards in a Redis server. */
import { parseObject } from "../../json.ts";
import type { Forward, ForwardResult, ForwardState } from "../forward.ts";
import type { ForwardStats } from "../retention.ts";
import type { Connection, Reply } from "./connection.ts";
import { APPS, SETTLE } from "./scripts.ts";

/** The delivery of a forward. */
function deliveryOf(forward: string): string {
  return String(Math.floor(Number(forward) / APPS));
}

/** The id of the forward of a delivery to its app at this index. */
export function forwardId(delivery: string, index: number): string {
  return String(Number(delivery) * APPS + index);
}

export class Forwards {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Of a delivery, oldest first. */
  async of(delivery: string): Promise<Forward[]> {
    if (!/^\d{1,15}$/.test(delivery)) return [];
    // A delivery has no more forwards than there have ever been apps.
    const apps = Number(await this.#connection.command(["SCARD", this.#key("apps")]));
    return this.read(Array.from({ length: Math.min(apps, APPS) }, (_, index) => forwardId(delivery, index)));
  }

  /** Those of them that exist. */
  async read(ids: readonly string[]): Promise<Forward[]> {
    if (ids.length === 0) return [];
    const fields = ids.flatMap((id) => [`t${id}`, `s${id}`, `r${id}`]);
    const values = (await this.#connection.command(["HMGET", this.#connection.key("forwards"), ...fields])) as Reply[];
    return ids.flatMap((id, index) => {
      const [to, state, result] = values.slice(3 * index, 3 * index + 3);
      return to === null || to === undefined ? [] : [forwardOf(id, String(to), { state, result })];
    });
  }

  /** The ids of pending forwards to an app, oldest first. */
  async pendingIds(to: string, after: string, limit: number): Promise<string[]> {
    const key = this.#connection.key(`pending:${to}`);
    const reply = await this.#connection.command([
      "ZRANGEBYSCORE",
      key,
      after === "-inf" ? after : `(${after}`,
      "+inf",
      "LIMIT",
      "0",
      String(limit),
    ]);
    return (reply as Reply[]).map(String);
  }

  async settle({ id, state, ...result }: ForwardResult): Promise<void> {
    await this.#connection.script(SETTLE, [id, state, JSON.stringify(result)]);
  }

  /** By app, for those that have pending or failed forwards; `receivedAt` reads the time of a delivery. */
  async stats(receivedAt: (delivery: string) => Promise<number | undefined>): Promise<ForwardStats[]> {
    const apps = (await this.#connection.command(["SMEMBERS", this.#key("apps")])) as Reply[];
    const all = await Promise.all(
      apps.map(String).map(async (to): Promise<ForwardStats> => {
        const [pending, failed, [oldest]] = await Promise.all([
          this.#connection.command(["ZCARD", this.#key(`pending:${to}`)]),
          this.#connection.command(["ZCARD", this.#key(`failed:${to}`)]),
          this.pendingIds(to, "-inf", 1),
        ]);
        const oldestPending = oldest === undefined ? undefined : await receivedAt(deliveryOf(oldest));
        const counts = { to, pending: Number(pending), failed: Number(failed) };
        return { ...counts, ...(oldestPending === undefined ? {} : { oldestPending }) };
      }),
    );
    return all.filter(({ pending, failed }) => pending + failed > 0);
  }

  #key(name: string): string {
    return this.#connection.key(name);
  }
}

function forwardOf(
  id: string,
  to: string,
  { state, result }: { state: Reply | undefined; result: Reply | undefined },
): Forward {
  const saved = result === null || result === undefined ? {} : (parseObject(String(result)) as Partial<Forward>);
  const { attempts = 0, at, status, ms, response, nextAt } = saved;
  return {
    id,
    delivery: deliveryOf(id),
    to,
    state: state === null || state === undefined ? "pending" : (String(state) as ForwardState),
    attempts,
    ...(at === undefined ? {} : { at }),
    ...(status === undefined ? {} : { status }),
    ...(ms === undefined ? {} : { ms }),
    ...(response === undefined ? {} : { response }),
    ...(nextAt === undefined ? {} : { nextAt }),
  };
}
