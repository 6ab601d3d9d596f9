/** Finds a free port of this machine, for a server that somebody else starts or that others refer to before it listens. */
import { createServer, type AddressInfo } from "node:net";

/** How many ports after the first one are tried. */
const MORE_PORTS = 20;
/** An app may listen on either, and a port is in use when one of them is. */
const HOSTS = ["127.0.0.1", "::"] as const;

/** The first free port from `first` on; any free one when the next 20 are in use. */
export async function freePortFrom(first: number): Promise<number> {
  const last = Math.min(65_535, first + MORE_PORTS);
  for (let port = first; port > 0 && port <= last; port++) {
    if (await isFree(port)) return port;
  }
  return (await portOn(HOSTS[0], 0)) ?? first;
}

async function isFree(port: number): Promise<boolean> {
  for (const host of HOSTS) if ((await portOn(host, port)) === undefined) return false;
  return true;
}

/** The port that a server got there; undefined when it is in use. */
async function portOn(host: string, port: number): Promise<number | undefined> {
  const server = createServer();
  const listening = new Promise<number | undefined>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no such address, which is no reason against the port.
      resolve(error.code === "EADDRINUSE" || error.code === "EACCES" ? undefined : port);
    });
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
  const got = await listening;
  await new Promise((resolve) => server.close(resolve));
  return got;
}
