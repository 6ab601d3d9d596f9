/** Reads all forwards of a shared store and compares them with the queues of the apps. */
import type { ForwardState } from "../forward.ts";
import type { Connection, Reply } from "./connection.ts";
import type { RedisStore } from "./redis-store.ts";
import { APPS } from "./scripts.ts";

/** How many fields of the hash the server is asked for at a time. */
const AT_ONCE = "1000";
const STATES: ReadonlySet<string> = new Set<ForwardState>(["pending", "delivered", "failed"]);

export interface ForwardCounts {
  total: number;
  pending: number;
  failed: number;
  /** Their delivery is not in the store. */
  lost: number;
  /** Pending, and in the queue of no app. */
  unqueued: number;
  unknown: number;
}

export async function readForwards(store: RedisStore, signal: AbortSignal): Promise<ForwardCounts> {
  const { connection } = store;
  const counts: ForwardCounts = { total: 0, pending: 0, failed: 0, lost: 0, unqueued: 0, unknown: 0 };
  let cursor = "0";
  do {
    const scan = ["HSCAN", connection.key("forwards"), cursor, "MATCH", "t*", "COUNT", AT_ONCE];
    const [next, fields] = (await connection.command(scan)) as [Buffer, Buffer[]];
    const apps = new Map<string, string>();
    for (let at = 0; at + 1 < fields.length; at += 2) apps.set(String(fields[at]).slice(1), String(fields[at + 1]));
    await addPage(store, apps, counts);
    cursor = String(next);
  } while (cursor !== "0" && !signal.aborted);
  return counts;
}

/** `apps` by the id of their forward. */
async function addPage(
  { connection, entries }: RedisStore,
  apps: ReadonlyMap<string, string>,
  counts: ForwardCounts,
): Promise<void> {
  if (apps.size === 0) return;
  const ids = [...apps.keys()];
  const fields = ids.map((id) => `s${id}`);
  const states = (await connection.command(["HMGET", connection.key("forwards"), ...fields])) as Reply[];
  const oldest = Number((await entries.first())?.id ?? Infinity);
  for (const [index, id] of ids.entries()) {
    const state = String(states[index] ?? "pending");
    counts.total++;
    if (Math.floor(Number(id) / APPS) < oldest) counts.lost++;
    if (!STATES.has(state)) counts.unknown++;
    if (state === "failed") counts.failed++;
    if (state !== "pending") continue;
    counts.pending++;
    if (!(await isQueued(connection, id, apps.get(id) ?? ""))) counts.unqueued++;
  }
}

/** One that was settled or deleted meanwhile counts as queued. */
async function isQueued(connection: Connection, id: string, app: string): Promise<boolean> {
  const [score, values] = await Promise.all([
    connection.command(["ZSCORE", connection.key(`pending:${app}`), id]),
    connection.command(["HMGET", connection.key("forwards"), `t${id}`, `s${id}`]),
  ]);
  const [to, state] = values as Reply[];
  return score !== null || to === null || state !== null;
}
