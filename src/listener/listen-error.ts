/** Why the listener could not be started, in words. */
import { systemCode, UnavailableError, UsageError } from "../errors.ts";

/** The error of `server.listen`, explained; one that is not known stays as it is. */
export function explainListen(error: unknown, host: string, port: number): unknown {
  const code = systemCode(error);
  if (code === "EADDRINUSE") {
    return new UnavailableError(`port ${port} on ${host} is taken by another program`, {
      code: "listen.port-taken",
      hint: `end that program, or take another port: wa-hook listen --port ${port + 1}`,
      cause: error,
    });
  }
  if (code === "EACCES") {
    const hint = "take a port of 1024 or more with --port";
    return new UsageError(`port ${port} may not be used without more rights`, {
      code: "listen.port-forbidden",
      hint,
      cause: error,
    });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    const hint = "leave --host away for this machine alone, or name one of its addresses";
    return new UsageError(`${host} is not an address of this machine`, { code: "listen.host", hint, cause: error });
  }
  return error;
}
