/** Where a shared store is: a Redis server, a database of it, and the name of the store there. */
import { UsageError } from "../../errors.ts";
import { withoutPassword } from "../../http/url.ts";

export interface Address {
  host: string;
  port: number;
  tls: boolean;
  username?: string;
  password?: string;
  database: number;
  /** Several stores can be in one database. */
  name: string;
  /** How many replicas of the server must have a delivery before it is acknowledged. */
  replicas: number;
  /** The URL as it may be printed. */
  shown: string;
}

const DEFAULT_NAME = "events";
const NAME = /^[\w.-]{1,64}$/;

/** Whether a store is meant to be on a Redis server, and not in a file. */
export function isRedisUrl(location: string): boolean {
  return /^rediss?:\/\//i.test(location);
}

/**
 * Reads `redis://[user[:password]@]host[:port][/database][/name][?replicas=1]`, or `rediss:` for TLS. Throws a `UsageError`, which does not contain the
 * password.
 */
export function addressOf(location: string): Address {
  const shown = withoutPassword(location);
  if (!URL.canParse(location)) throw invalid(shown, "is not a URL");
  const url = new URL(location);
  const [first = "", second, ...more] = url.pathname.split("/").filter((part) => part !== "");
  const isDatabase = /^\d+$/.test(first);
  const name = (isDatabase ? second : first) || DEFAULT_NAME;
  if (url.hostname === "") throw invalid(shown, "has no host");
  if (more.length > 0 || (!isDatabase && second !== undefined)) throw invalid(shown, "has too many parts in its path");
  const [replicas = "0", ...others] = url.searchParams.getAll("replicas");
  const isKnown = others.length === 0 && [...url.searchParams.keys()].every((key) => key === "replicas");
  if (!isKnown || url.hash !== "") throw invalid(shown, "has options other than replicas");
  if (!/^\d$/.test(replicas)) throw invalid(shown, "has no number of replicas from 0 to 9");
  if (!NAME.test(name)) throw invalid(shown, "has a name of other characters than letters, digits, _ . and -");
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 6379),
    tls: url.protocol.toLowerCase() === "rediss:",
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    database: isDatabase ? Number(first) : 0,
    name,
    replicas: Number(replicas),
    shown,
  };
}

function invalid(shown: string, what: string): UsageError {
  return new UsageError(`the store ${shown} ${what}`, {
    code: "store.address",
    hint: "use redis://host:6379, redis://host:6379/0/team or rediss:// for TLS",
  });
}
