/** A message to answer with a tap; `interactive.type` says which sort, and each sort is a kind of its own. */
import { anyOf, type Kind, mismatch, type Problem, show } from "../kind.ts";
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

/** The kind of an interactive message, or why it has none. */
export function findInteractive(message: unknown): Kind | Problem {
  const content = keyOf(message, "interactive");
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return mismatch("interactive", "an object", content, show);
  }
  const type = keyOf(content, "type");
  const names = interactiveKinds.map(({ name }) => show(name));
  return interactiveKinds.find(({ name }) => name === type) ?? mismatch("interactive.type", anyOf(names), type, show);
}

function keyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
