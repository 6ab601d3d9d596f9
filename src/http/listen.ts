/** Starts a server, or says in words why that cannot be; and where it is then. */
import type { Server } from "node:http";

import { systemCode, UnavailableError, UsageError } from "../errors.ts";

interface Place {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Who listens, for the advice: `wa-hook listen`. */
  command: string;
}

/** Connections that wait to be accepted; the next one's sender would try again only after a second. The system may allow fewer. */
const BACKLOG = 4096;

/** Resolves when connections are taken. Rejects with an `UnavailableError` when the port is taken and a `UsageError` when it cannot be. */
export async function listenOn(server: Server, place: Place): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, place)));
    server.listen({ port: place.port, host: place.host, backlog: BACKLOG }, resolve);
  });
}

/** Where a program on this machine reaches what listens on that address; every address of this machine is also 127.0.0.1. */
export function originOf({ host, port }: Pick<Place, "host" | "port">): string {
  const any = host === "0.0.0.0" || host === "::";
  return `http://${any ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

function explain(error: Error, { host, port, command }: Place): Error {
  const code = systemCode(error);
  if (code === "EADDRINUSE") {
    return new UnavailableError(`port ${port} on ${host} is taken by another program`, {
      code: "listen.port-taken",
      hint: `end that program, or take another port: ${command} --port ${port + 1}`,
      cause: error,
    });
  }
  if (code === "EACCES") {
    return new UsageError(`port ${port} may not be used without more rights`, {
      code: "listen.port-forbidden",
      hint: "take a port of 1024 or more with --port",
      cause: error,
    });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new UsageError(`${host} is not an address of this machine`, {
      code: "listen.host",
      hint: "leave --host away for this machine alone, or name one of its addresses",
      cause: error,
    });
  }
  return error;
}
