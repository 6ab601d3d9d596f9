/** Starts a server and explains why it cannot start; knows which URLs lead to it. */
import type { Server } from "node:http";

import { systemCode, UnavailableError, UsageError } from "../errors.ts";
import { isLoopback } from "./url.ts";

interface Address {
  host: string;
  /** 0 means any free port. */
  port: number;
  /** The command, for hints: `wa-hook listen`. */
  command: string;
}

/** Connections waiting to be accepted. Beyond that, a sender retries after a second. The system can allow fewer. */
const BACKLOG = 4096;

/** Resolves when connections are accepted. Rejects with an `UnavailableError` when the port is in use and a `UsageError` for an invalid address. */
export async function listenOn(server: Server, address: Address): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, address)));
    server.listen({ port: address.port, host: address.host, backlog: BACKLOG }, resolve);
  });
}

/** The origin at which programs on this machine reach a server with that address. */
export function originOf({ host, port }: Pick<Address, "host" | "port">): string {
  const any = host === "0.0.0.0" || host === "::";
  return `http://${any ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether a URL leads to a server that listens on that address. */
export function leadsTo(url: URL, { host, port }: Pick<Address, "host" | "port">): boolean {
  const target = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (target !== port) return false;
  const own = new URL(originOf({ host, port }));
  const isAny = host === "0.0.0.0" || host === "::";
  return url.hostname === own.hostname || (isLoopback(url) && (isAny || isLoopback(own)));
}

function explain(error: Error, { host, port, command }: Address): Error {
  const code = systemCode(error);
  if (code === "EADDRINUSE") {
    return new UnavailableError(`port ${port} on ${host} is in use by another program`, {
      code: "listen.port-in-use",
      hint: `stop that program, or use another port: ${command} --port ${port + 1}`,
      cause: error,
    });
  }
  if (code === "EACCES") {
    return new UsageError(`port ${port} requires elevated privileges`, {
      code: "listen.port-forbidden",
      hint: "use a port from 1024 on with --port",
      cause: error,
    });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new UsageError(`${host} is not an address of this machine`, {
      code: "listen.host",
      hint: "remove --host to listen on this machine only, or use one of its addresses",
      cause: error,
    });
  }
  return error;
}
