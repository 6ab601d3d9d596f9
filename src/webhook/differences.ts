/** What differs between two deliveries: headers by name, payloads by JSON path. */
import { asJsonObject, isReadable } from "../json.ts";

/** A header or a value that differs between two deliveries. */
export interface Difference {
  type: "difference";
  part: "header" | "payload";
  change: "added" | "removed" | "changed";
  /** A header's name in lower case, or a path such as `entry[0].changes[0].field`; empty for the whole payload. */
  path: string;
  /** In the first delivery. */
  before?: unknown;
  /** In the second delivery. */
  after?: unknown;
}

interface Compared {
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

export function* differences(first: Compared, second: Compared): Generator<Difference, void, void> {
  yield* compare("header", "", headersOf(first), headersOf(second));
  const [before, after] = [payloadOf(first.body), payloadOf(second.body)];
  if (before !== undefined && after !== undefined) {
    yield* compare("payload", "", before.value, after.value);
    return;
  }
  const [left, right] = [first.body, second.body].map((body) => Buffer.from(body));
  if (left?.equals(right ?? Buffer.alloc(0)) === false) {
    yield { type: "difference", part: "payload", change: "changed", path: "" };
  }
}

/** Several headers of one name are one list. */
function headersOf({ headers }: Compared): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = values.get(key);
    values.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(values);
}

/** Undefined for a body that is not JSON, or nested so deeply that it cannot be walked. */
function payloadOf(body: Uint8Array): { value: unknown } | undefined {
  const text = Buffer.from(body).toString("utf8");
  return isReadable(text) ? { value: JSON.parse(text) as unknown } : undefined;
}

function* compare(
  part: Difference["part"],
  path: string,
  before: unknown,
  after: unknown,
): Generator<Difference, void, void> {
  const [left, right] = [entriesOf(before), entriesOf(after)];
  if (left === undefined || right === undefined || Array.isArray(before) !== Array.isArray(after)) {
    if (!isSame(before, after)) yield { type: "difference", part, change: "changed", path, before, after };
    return;
  }
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const at = pathTo(path, key, part);
    const [was, is] = [left.get(key), right.get(key)];
    if (!right.has(key)) yield { type: "difference", part, change: "removed", path: at, before: was };
    else if (!left.has(key)) yield { type: "difference", part, change: "added", path: at, after: is };
    else yield* compare(part, at, was, is);
  }
}

function entriesOf(value: unknown): Map<string | number, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.entries());
  const item = asJsonObject(value);
  return item === undefined ? undefined : new Map(Object.entries(item));
}

/** Of two values that are not both objects or both lists. */
function isSame(before: unknown, after: unknown): boolean {
  return before === after || (typeof before === "object" && JSON.stringify(before) === JSON.stringify(after));
}

function pathTo(path: string, key: string | number, part: Difference["part"]): string {
  if (part === "header") return String(key);
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
