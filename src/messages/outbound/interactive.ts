/** An interactive message; each `interactive.type` is a kind of its own in `interactive/`. */
import { formatValue, mismatch, orList, type Problem } from "../kind.ts";
import { interactiveKinds } from "./interactive/index.ts";
import type { OutboundKind } from "./kind.ts";

export const interactive: OutboundKind = {
  name: "interactive",
  examples: Object.fromEntries(
    interactiveKinds.flatMap(({ name, examples }) =>
      Object.entries(examples).map(([variant, example]) => [`${name}.${variant}`, example]),
    ),
  ),
  read(message) {
    const found = findInteractive(message);
    if ("read" in found) return found.read(message);
    return found.reason === "unknown-value" ? { summary: "", unknown: [found] } : { problems: [found], unknown: [] };
  },
};

/** The kind of an interactive message, or the problem with its type; an unknown type has the reason `unknown-value`. */
export function findInteractive(message: unknown): OutboundKind | Problem {
  const content = keyOf(message, "interactive");
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return mismatch("interactive", "an object", content, formatValue);
  }
  const type = keyOf(content, "type");
  const kind = interactiveKinds.find(({ name }) => typeof type === "string" && name === type.toLowerCase());
  return kind ?? typeProblem("interactive.type", interactiveKinds, type);
}

/** A type that is none of the kinds: sent as unknown when it is a word. */
export function typeProblem(path: string, kinds: readonly OutboundKind[], type: unknown): Problem {
  const problem = mismatch(path, orList(kinds.map(({ name }) => formatValue(name))), type, formatValue);
  return typeof type === "string" && type !== "" ? { ...problem, reason: "unknown-value" } : problem;
}

function keyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
