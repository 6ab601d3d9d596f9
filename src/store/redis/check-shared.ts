/** Checks a shared store and the settings of its server, without changing them: one finding per question. */
import type { Finding } from "../../report/finding.ts";
import { listed } from "../listed.ts";
import { isMalformed } from "../sqlite/rows.ts";
import { readForwards } from "./check-forwards.ts";
import type { Reply } from "./connection.ts";
import { numberOf } from "./entries.ts";
import { RedisStore } from "./redis-store.ts";

const MB = 1024 * 1024;
/** Below this version commands are missing. */
const SINCE = [6, 2];
const NO_EVICTION = "noeviction";

type Check = (store: RedisStore, info: Info, signal: AbortSignal) => Finding | Promise<Finding>;
/** A field of INFO. */
type Info = (name: string) => string | undefined;

/** Yields a finding per check. Throws as `RedisStore.open` does. */
export async function* checkShared(location: string, signal: AbortSignal): AsyncGenerator<Finding, void, void> {
  const store = await RedisStore.open(location);
  try {
    const text = String(await store.connection.command(["INFO"]));
    const info: Info = (name) => new RegExp(`^${name}:(.*)$`, "m").exec(text)?.[1]?.trim();
    for (const check of [
      checkServer,
      checkDurability,
      checkReplicas,
      checkMemory,
      checkDeliveries,
      checkForwards,
      checkRejected,
      checkGroups,
    ] satisfies Check[]) {
      if (signal.aborted) return;
      yield await check(store, info, signal);
    }
  } finally {
    await store.close();
  }
}

function checkServer(_: RedisStore, info: Info): Finding {
  const server = { code: "store.server", title: "Server", expected: "Redis 6.2 or later, or Valkey" };
  const [valkey, redis] = [info("valkey_version"), info("redis_version") ?? "0"];
  const got = valkey === undefined ? `Redis ${redis}` : `Valkey ${valkey}`;
  const [major = 0, minor = 0] = redis.split(".").map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = SINCE;
  const isNew = major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
  return isNew ? { ...server, status: "pass", got } : { ...server, status: "fail", got, fix: "upgrade the server" };
}

const BY = { always: "appendfsync always", waitaof: "each delivery is waited for (WAITAOF)", nothing: "" };

function checkDurability({ weak, by }: RedisStore): Finding {
  const durable = {
    code: "store.durability",
    title: "Durability",
    expected: "what is acknowledged is on the server's disk",
  };
  if (weak === undefined) return { ...durable, status: "pass", got: BY[by] };
  const fix = "set appendonly yes and appendfsync always in the configuration of Redis";
  return { ...durable, status: "warn", got: weak, fix };
}

function checkReplicas({ connection }: RedisStore, info: Info): Finding {
  const { replicas: wanted } = connection;
  const replicas = { code: "store.replicas", title: "Replicas", expected: "as many as the URL of the store waits for" };
  const connected = Number(info("connected_slaves") ?? 0);
  const got = `${connected} connected, ${wanted === 0 ? "not waited for" : `${wanted} waited for`}`;
  if (connected >= wanted) return { ...replicas, status: "pass", got };
  const fix = "check the replicas of the Redis server: deliveries get 500 until they are connected";
  return { ...replicas, status: "fail", got, fix };
}

/** A server that deletes keys when it is full would forget deliveries, and what has been seen. */
function checkMemory(_: RedisStore, info: Info): Finding {
  const memory = { code: "store.memory", title: "Memory", expected: "maxmemory-policy noeviction" };
  const [used, most] = [Number(info("used_memory") ?? 0), Number(info("maxmemory") ?? 0)];
  const policy = info("maxmemory_policy") ?? NO_EVICTION;
  const amount = `${(used / MB).toFixed(1)} MB used${most > 0 ? ` of ${(most / MB).toFixed(1)} MB` : ""}`;
  if (policy === NO_EVICTION || most === 0) return { ...memory, status: "pass", got: `${amount}, ${policy}` };
  const got = `${amount}, ${policy}: deletes keys when the memory is full`;
  return { ...memory, status: "fail", got, fix: `set maxmemory-policy ${NO_EVICTION}` };
}

/** Each of them is read, and the counter of their bytes is compared unless something was recorded or deleted meanwhile. */
async function checkDeliveries(store: RedisStore, _: Info, signal: AbortSignal): Promise<Finding> {
  const deliveries = { code: "store.deliveries", title: "Deliveries", expected: "every delivery can be read" };
  const held = async () => {
    const length = await store.connection.command(["XLEN", store.connection.key("log")]);
    return `${await store.version} ${Number(length)}`;
  };
  const before = await held();
  const malformed: string[] = [];
  let [count, bytes] = [0, 0];
  for await (const row of store.rows({})) {
    if (signal.aborted) break;
    count++;
    if (isMalformed(row)) malformed.push(`${row.id}: ${row.malformed}`);
    else bytes += row.body.length + Buffer.byteLength(JSON.stringify(row.headers));
  }
  if (malformed.length > 0) {
    const fix = "they cannot be repaired; to delete them: wa-hook events prune --before <time>";
    return { ...deliveries, status: "fail", got: listed(malformed, "malformed delivery", "malformed deliveries"), fix };
  }
  const counted = Number(await store.connection.command(["GET", store.connection.key("bytes")]));
  const isSame = (await held()) === before;
  const got = `${count}, none malformed`;
  if (!isSame || counted === bytes) return { ...deliveries, status: "pass", got };
  const wrong = `${got}; their size is counted as ${counted} bytes and is ${bytes}`;
  const fix = "--keep-size deletes by what is counted; check which other program writes to this store";
  return { ...deliveries, status: "warn", got: wrong, fix };
}

/** A pending forward that no listener finds would never be sent. */
async function checkForwards(store: RedisStore, _: Info, signal: AbortSignal): Promise<Finding> {
  const forwards = {
    code: "store.forwards",
    title: "Forwards",
    expected: "each belongs to a delivery and is found by its app",
  };
  const { total, pending, failed, lost, unqueued, unknown } = await readForwards(store, signal);
  const problems = [
    ...(lost > 0 ? [`${lost} without a delivery`] : []),
    ...(unqueued > 0 ? [`${unqueued} pending and not queued`] : []),
    ...(unknown > 0 ? [`${unknown} in an unknown state`] : []),
  ];
  const counts = `${total} (${pending} pending, ${failed} failed)`;
  if (problems.length === 0) return { ...forwards, status: "pass", got: counts };
  const fix = "check which other program writes to this store; wa-hook events retry queues a delivery again";
  return { ...forwards, status: "fail", got: `${counts}: ${problems.join(", ")}`, fix };
}

/** Only the newest rejected deliveries are kept, so that they are listed apart. */
async function checkRejected({ connection, entries }: RedisStore): Promise<Finding> {
  const rejected = { code: "store.rejected", title: "Rejected", expected: "each in the list is in the store" };
  const rows = (await connection.command(["LRANGE", connection.key("rejected"), "0", "-1"])) as Buffer[];
  const found = await Promise.all(rows.map((row) => entries.one(numberOf(row))));
  const lost = found.filter((row) => row === undefined).length;
  if (lost === 0) return { ...rejected, status: "pass", got: `${rows.length} kept` };
  const fix = "check which other program writes to this store; these leave the list by themselves";
  return { ...rejected, status: "warn", got: `${lost} of ${rows.length} without a delivery`, fix };
}

/** One that is slower than `--keep` misses deliveries. */
async function checkGroups({ connection, entries }: RedisStore): Promise<Finding> {
  const groups = { code: "store.groups", title: "Developers", expected: "no group of listen --from missed a delivery" };
  const exists = Number(await connection.command(["EXISTS", connection.key("log")])) === 1;
  const rows = exists ? ((await connection.command(["XINFO", "GROUPS", connection.key("log")])) as Reply[][]) : [];
  const oldest = Number((await entries.first())?.id ?? 0);
  const all = rows.map((row) => {
    const field = (name: string) => row[row.findIndex((each) => String(each) === name) + 1];
    const last = Number(numberOf(field("last-delivered-id")));
    return { text: `${String(field("name"))} (${Number(field("pending"))} pending)`, hasMissed: last + 1 < oldest };
  });
  const late = all.filter(({ hasMissed }) => hasMissed).map(({ text }) => text);
  const got =
    all.length === 0
      ? "no groups"
      : listed(
          all.map(({ text }) => text),
          "group",
        );
  if (late.length === 0) return { ...groups, status: "pass", got };
  const fix = "start its wa-hook listen --from, keep more with --keep, or delete it with XGROUP DESTROY";
  return { ...groups, status: "warn", got: `${listed(late, "group")}: deleted deliveries were not taken`, fix };
}
