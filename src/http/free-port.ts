/** Finds a free port of this machine, for a server that somebody else starts or that others refer to before it listens. */
import { createServer } from "node:net";

/** How many ports after the first one are tried. */
const MORE_PORTS = 20;
/** An app may listen on either, and a port is in use when one of them is. */
const HOSTS = ["127.0.0.1", "::"] as const;

/** Below the ports that systems give to servers and connections without one of their own: another program gets none of these meanwhile. */
const ANY = { first: 10_000, count: 22_000 };
const MOST_TRIES = 100;

/** Any free port. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = ANY.first + Math.floor(Math.random() * ANY.count);
    if (tries === MOST_TRIES || (await isFree(port))) return port;
  }
}

/** The first free port from `first` on; any free one for 0, or when the next 20 are in use. */
export async function freePortFrom(first: number): Promise<number> {
  const last = Math.min(65_535, first + MORE_PORTS);
  for (let port = first; port > 0 && port <= last; port++) {
    if (await isFree(port)) return port;
  }
  return freePort();
}

async function isFree(port: number): Promise<boolean> {
  for (const host of HOSTS) if (!(await isFreeOn(host, port))) return false;
  return true;
}

async function isFreeOn(host: string, port: number): Promise<boolean> {
  const server = createServer();
  const listening = new Promise<boolean>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no such address, which is no reason against the port.
      resolve(error.code !== "EADDRINUSE" && error.code !== "EACCES");
    });
    server.listen({ host, port }, () => resolve(true));
  });
  const isFree = await listening;
  await new Promise((resolve) => server.close(resolve));
  return isFree;
}
