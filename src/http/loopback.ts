/** `localhost` means both loopback addresses, whatever this machine's hosts file says: apps listen on 127.0.0.1, on ::1, or on both. */

import type { LookupAddress } from "node:dns";
import { existsSync, readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { join } from "node:path";

/** IPv4 first, because most servers listen there. */
const ADDRESSES: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/** Resolves `localhost` without asking the system. */
const lookup: LookupFunction = (_, options, callback) => {
  const [first] = ADDRESSES as readonly [LookupAddress];
  // Deferred, as the system's own lookup is.
  process.nextTick(() => {
    if (options.all === true) callback(null, [...ADDRESSES]);
    else callback(null, first.address, first.family);
  });
};

/** Options of a socket to the URL's host; with them, both addresses of `localhost` are tried. */
export function connectOptions({ hostname }: URL): {
  lookup?: LookupFunction;
  autoSelectFamily?: true;
  autoSelectFamilyAttemptTimeout?: number;
} {
  if (hostname !== "localhost") return {};
  return { lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT_MS };
}

/** Where nothing listens, a connection is refused at once. After the default of 250 ms, a busy app would count as absent. */
const ATTEMPT_MS = 5000;

/** The URLs that `localhost` stands for; any other URL stands for itself. For clients without `connectOptions`. */
export function loopbackUrls(url: URL): [URL, ...URL[]] {
  if (url.hostname !== "localhost") return [url];
  const [four, six] = [new URL(url), new URL(url)];
  four.hostname = "127.0.0.1";
  six.hostname = "[::1]";
  return [four, six];
}

/** The addresses that were tried, of the error of a connection that failed at all of them. */
export function triedAddresses(error: unknown): string[] {
  const failures: unknown[] = error instanceof AggregateError ? error.errors : [];
  const addresses = failures.map((each) => (each as { address?: unknown } | null)?.address);
  return addresses.filter((address) => typeof address === "string");
}

/** Whether this process runs in a container, where `localhost` is the container itself. */
export function isInContainer(root = "/"): boolean {
  if (existsSync(join(root, ".dockerenv")) || existsSync(join(root, "run/.containerenv"))) return true;
  try {
    return /\b(?:docker|containerd|kubepods|libpod|lxc)\b/.test(readFileSync(join(root, "proc/1/cgroup"), "utf8"));
  } catch {
    return false;
  }
}
