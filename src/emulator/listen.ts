/** Starts to listen, or says in words why that cannot be. */
import type { Server } from "node:http";

import { systemCode, UnavailableError, UsageError } from "../errors.ts";

export async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function explain(error: Error, host: string, port: number): Error {
  const code = systemCode(error);
  if (code === "EADDRINUSE") {
    return new UnavailableError(`port ${port} on ${host} is taken by another program`, {
      code: "emulate.port-taken",
      hint: `end that program, or take another port: wa-hook emulate --port ${port + 1}`,
      cause: error,
    });
  }
  if (code === "EACCES") {
    return new UsageError(`port ${port} may not be used without more rights`, {
      code: "emulate.port-forbidden",
      hint: "take a port of 1024 or more with --port",
      cause: error,
    });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new UsageError(`${host} is not an address of this machine`, {
      code: "emulate.host",
      hint: "leave --host away for this machine alone, or name one of its addresses",
      cause: error,
    });
  }
  return error;
}
