/** Prunes a shared store on request, in the order in which deliveries were recorded. */
import {
  added,
  NOTHING_PRUNED,
  pruneInterrupted,
  type Pruned,
  type PruneLimits,
  type PrunePlan,
  type PruneRequest,
  type PruneResult,
  type StorePruner,
} from "../retention.ts";
import { RedisStore } from "./redis-store.ts";
import { PLAN } from "./scripts.ts";

/** Deliveries that are looked at in one step, which blocks the server. */
const PLANNED_AT_ONCE = 100;
const SCANNED_AT_ONCE = "1000";

export class SharedPruner implements StorePruner, Disposable {
  readonly #store: RedisStore;

  private constructor(store: RedisStore) {
    this.#store = store;
  }

  /** Throws as `RedisStore.open` does. */
  static async open(location: string): Promise<SharedPruner> {
    return new SharedPruner(await RedisStore.open(location));
  }

  /** Up to the first delivery that stays. */
  async plan(request: PruneRequest): Promise<PrunePlan> {
    const { before = Number.MIN_SAFE_INTEGER, bytes } = limitsOf(request);
    const { connection } = this.#store;
    const held = Number(await connection.command(["GET", connection.key("bytes")]));
    const excess = bytes === undefined ? 0 : held - bytes;
    const plan = { deliveries: 0, bytes: 0 };
    let after = 0;
    do {
      const given = [after, before, excess - plan.bytes, PLANNED_AT_ONCE].map((each) => each.toFixed());
      const [deliveries = 0, size = 0, last = 0] = (await connection.script(PLAN, given)) as number[];
      plan.deliveries += deliveries;
      plan.bytes += size;
      after = last;
    } while (after > 0);
    return plan;
  }

  async *prune(request: PruneRequest, signal: AbortSignal): AsyncGenerator<Pruned, PruneResult, void> {
    let pruned = NOTHING_PRUNED;
    for (;;) {
      if (signal.aborted) throw pruneInterrupted();
      const step = await this.#store.prune(limitsOf(request));
      if (step.deliveries === 0) break;
      pruned = added(pruned, step);
      yield pruned;
    }
    if (request.all === true) await this.#forgetSeen(signal);
    return { ...pruned, freed: 0, reusable: 0 };
  }

  /** The keys of all stores of the database are looked through, a thousand at a time. */
  async #forgetSeen(signal: AbortSignal): Promise<void> {
    const { connection } = this.#store;
    let cursor = "0";
    do {
      if (signal.aborted) throw pruneInterrupted();
      const scan = ["SCAN", cursor, "MATCH", connection.key("seen:*"), "COUNT", SCANNED_AT_ONCE];
      const [next, keys] = (await connection.command(scan)) as [Buffer, Buffer[]];
      if (keys.length > 0) await connection.command(["UNLINK", ...keys]);
      cursor = String(next);
    } while (cursor !== "0");
  }

  [Symbol.dispose](): void {
    this.#store.connection.close();
  }
}

/** All is also what was received by a clock that is ahead. */
function limitsOf({ all = false, ...limits }: PruneRequest): PruneLimits {
  return all ? { before: Number.MAX_SAFE_INTEGER } : limits;
}
