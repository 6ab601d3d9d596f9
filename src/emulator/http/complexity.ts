/** Limits the depth and size of JSON input, so that later code can walk it recursively. */

/** Deeper than any message that Meta documents, and shallow enough for recursion. */
const MAX_DEPTH = 64;
/** Objects, lists and primitive values together; the largest contacts message has fewer. */
const MAX_VALUES = 10_000;

/** Describes an exceeded limit, to follow the words "the body"; undefined when the value is within the limits. */
export function complexityOf(value: unknown): string | undefined {
  let level = [value];
  let values = 0;
  // Breadth-first, because recursion would overflow the stack on the very input that this rejects.
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (values > MAX_VALUES) return `has more than ${MAX_VALUES} values`;
    if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
    level = level.flatMap((each): unknown[] => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return undefined;
}
