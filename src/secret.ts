/** A secret must be one: whoever signs or compares with an empty key accepts everybody. */
import { UsageError } from "./errors.ts";

/** Returns the secret as it is. Throws a `UsageError` when it is no text, empty or only white space; `name` says which: `appSecret`. */
export function requireSecret(value: unknown, name: string): string {
  if (typeof value === "string" && !isBlank(value)) return value;
  const got =
    typeof value === "string" ? (value === "" ? "empty" : "only white space") : `${typeof value}, not a string`;
  throw new UsageError(`${name} is ${got}`, {
    code: "secret.empty",
    hint: "set it to a secret of at least one visible character: with an empty key every signature can be forged",
  });
}

/** Whether there is nothing in it that could be a secret. */
export function isBlank(value: string): boolean {
  return value.trim() === "";
}
