/** Names of bundled deliveries: which ones a typed name means, and what to suggest for an unknown one. */
import { UsageError } from "../errors.ts";
import { closest, globOf } from "./words.ts";

/** The fixture with this name, or else all fixtures under it (`status`); those that match a pattern (`status.*`). */
export function named<Named extends { name: string }>(typed: string, all: readonly Named[]): Named[] {
  if (typed.includes("*")) {
    const pattern = globOf(typed);
    return all.filter(({ name }) => pattern.test(name));
  }
  const exact = all.filter(({ name }) => name === typed);
  return exact.length > 0 ? exact : all.filter(({ name }) => name.startsWith(`${typed}.`));
}

/** The error for an unknown name. */
export function unknownFixture(typed: string, names: readonly string[]): UsageError {
  return new UsageError(`unknown fixture ${typed}`, { code: "fixture.unknown", hint: suggestFixture(typed, names) });
}

/** A hint for an unknown name. */
export function suggestFixture(typed: string, names: readonly string[]): string {
  const close = closest(typed, names);
  return close === undefined ? "run wa-hook fixtures list for the bundled fixtures" : `did you mean ${close}?`;
}
