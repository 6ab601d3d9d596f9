/** Where deliveries go: a port, a path or a URL; without one, the listener's own endpoint. */
import { UsageError } from "../../errors.ts";
import { endpoint, type SourcedValue } from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";

/** `name` is how the input is called in an error. Throws a `UsageError` when it is no endpoint. */
export function targetOf(
  typed: string | undefined,
  port: (Omit<SourcedValue, "value"> & { value: number }) | undefined,
  { name, command }: { name: string; command: string },
): URL {
  const own = `http://127.0.0.1:${port?.value ?? DEFAULT_PORT}/webhook`;
  const checked = endpoint(own).safeParse(typed ?? own);
  if (checked.success) return checked.data;
  const message = `${name} ${checked.error.issues[0]?.message}; got ${JSON.stringify(typed)}`;
  throw new UsageError(message, { code: "input.invalid", hint: `run wa-hook ${command} --help` });
}
