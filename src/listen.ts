/** Starts a server, or says in words why that cannot be. */
import type { Server } from "node:http";

import { systemCode, UnavailableError, UsageError } from "./errors.ts";

interface Place {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Who listens, for the advice: `wa-hook listen`. */
  command: string;
}

/** Resolves when connections are taken. Rejects with an `UnavailableError` when the port is taken and a `UsageError` when it cannot be. */
export async function listenOn(server: Server, place: Place): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, place)));
    server.listen(place.port, place.host, resolve);
  });
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
