/** How deep and how large JSON from outside may be: what comes after may then go through it in any way. */

/** Deeper than anything that Meta documents, and far from what a stack can hold. */
const MAX_DEPTH = 64;
/** Objects, lists and plain values together; the largest message of contacts has fewer. */
const MAX_VALUES = 10_000;

/** What is wrong with it, for the end of a sentence that begins with "the body"; nothing when it is fine. */
export function complexityOf(value: unknown): string | undefined {
  let level = [value];
  let values = 0;
  // Level by level, and not by recursion, which ends where the stack does.
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (values > MAX_VALUES) return `has more than ${MAX_VALUES} values`;
    if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
    level = level.flatMap((each): unknown[] => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return undefined;
}
