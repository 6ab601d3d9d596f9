/** Whether what a Redis server has answered is on its disk. */
import type { Connection } from "./connection.ts";

/**
 * `always`: it answers after the sync of its append-only file. `waitaof`: the sync is waited for, also that of replicas. Otherwise a text
 * that says what a crash of the server can lose.
 */
export type Durability = { by: "always" | "waitaof" } | { by: "nothing"; weak: string };

/** Since this version there is WAITAOF. Source: redis.io, commands, WAITAOF. */
const WAITAOF_SINCE = [7, 2];

export async function durabilityOf(connection: Connection): Promise<Durability> {
  const info = String(await connection.command(["INFO"]));
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(info)?.[1]?.trim();
  if (field("aof_enabled") !== "1") {
    return { by: "nothing", weak: "appendonly is off: a crash of Redis loses acknowledged deliveries" };
  }
  const policy = await appendfsync(connection);
  const canWait = hasWaitaof(field("redis_version") ?? "");
  if (policy === "always" && (!canWait || connection.replicas === 0)) return { by: "always" };
  if (canWait) return { by: "waitaof" };
  const what = policy === undefined ? "appendfsync cannot be read" : `appendfsync is ${policy}, not always`;
  return { by: "nothing", weak: `${what}: a power failure can lose the last acknowledged deliveries` };
}

function hasWaitaof(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = WAITAOF_SINCE;
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/** Nothing where an ACL or a provider does not allow CONFIG. */
async function appendfsync(connection: Connection): Promise<string | undefined> {
  try {
    const reply = await connection.command(["CONFIG", "GET", "appendfsync"]);
    return Array.isArray(reply) && reply[1] !== undefined ? String(reply[1]) : undefined;
  } catch {
    return undefined;
  }
}
