/** An interactive message; each `interactive.type` is a kind of its own in `interactive/`. */
import { orList, type Kind, mismatch, type Problem, formatValue } from "../kind.ts";
import { interactiveKinds } from "./interactive/index.ts";

export const interactive: Kind = {
  name: "interactive",
  examples: Object.fromEntries(
    interactiveKinds.flatMap(({ name, examples }) =>
      Object.entries(examples).map(([variant, example]) => [`${name}.${variant}`, example]),
    ),
  ),
  read(message) {
    const kind = findInteractive(message);
    return "read" in kind ? kind.read(message) : { problems: [kind] };
  },
};

/** The kind of an interactive message, or the problem with its type. */
export function findInteractive(message: unknown): Kind | Problem {
  const content = keyOf(message, "interactive");
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return mismatch("interactive", "an object", content, formatValue);
  }
  const type = keyOf(content, "type");
  const names = interactiveKinds.map(({ name }) => formatValue(name));
  return (
    interactiveKinds.find(({ name }) => name === type) ?? mismatch("interactive.type", orList(names), type, formatValue)
  );
}

function keyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
