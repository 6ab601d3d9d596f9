/** Explains errors of a Redis server and of the way to it. */
import { CredentialsError, reasonOf, UnavailableError, UsageError, WaHookError } from "../../errors.ts";

/** The error with a hint. `shown` is the address of the store without its password. */
export function explainRedis(error: unknown, shown: string): WaHookError {
  if (error instanceof WaHookError) return error;
  const text = reasonOf(error);
  const [word = ""] = text.split(" ", 1);
  const details = (name: string, hint: string) => ({ code: `store.${name}`, hint, cause: error });
  switch (word) {
    case "OOM": {
      const hint = "raise maxmemory, or keep less with --keep and --keep-size";
      return new UnavailableError(`the memory of ${shown} is full`, details("full", hint));
    }
    case "MISCONF":
      return new UnavailableError(`${shown} cannot write to its disk`, details("disk", "free space on its disk"));
    case "READONLY": {
      const hint = "set the address of the primary in WHATSAPP_HOOK_STORE";
      return new UnavailableError(`${shown} is a read-only replica`, details("read-only", hint));
    }
    case "NOAUTH":
    case "WRONGPASS":
      return new CredentialsError(
        `${shown} did not accept the password`,
        details("password", "set the URL with user and password in WHATSAPP_HOOK_STORE, in the environment or .env"),
      );
    case "NOPERM":
      return new CredentialsError(`${shown} does not allow this: ${text}`, details("permission", "extend its ACL"));
    case "MOVED":
      return new UsageError(
        `${shown} is not the node of the cluster that has this store`,
        details("cluster", "set the address of the node that the cause names"),
      );
    default:
      return new UnavailableError(
        `${shown} did not respond: ${text}`,
        details("unreachable", "check that Redis runs there and that this machine reaches it"),
      );
  }
}
