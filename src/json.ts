/** JSON from outside, where text that is none is nothing to stop for. */

/** The object or list that a text holds; nothing when it is no JSON, or JSON of another type. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
