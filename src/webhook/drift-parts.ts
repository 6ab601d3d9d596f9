/** Divides a payload into parts that are compared with bundled parts of the same kind, wherever they occur. */
import { asJsonObject, type JsonObject, stringAt } from "../json.ts";

/** Where a value is in the payload; written down only when it is printed. */
export interface Place {
  parent: Place | undefined;
  /** A key, or the index in a list. */
  key: string | number;
}

/** A value with a shape of its own. */
export interface Part {
  /** Parts of the same scope have the same shape: `field calls`, `message`, `content text`, `status`. */
  scope: string;
  /** The webhook field. */
  field: string;
  /** The type of the message, the status, or the field. */
  kind: string;
  value: unknown;
  place: Place | undefined;
}

/** An entry of an object in a part. `depth` is 0 in the object that the part is. */
interface Entry {
  key: string;
  value: unknown;
  /** The object that has the entry. */
  of: JsonObject;
  depth: number;
  place: Place;
}

type Inner = Omit<Part, "place">;

/** What the walk reports: a shape is whatever the visitor knows of a value. */
export interface Visitor<Shape> {
  /** The shape of a part, or undefined when nothing is known of it. */
  root(part: Part): Shape | undefined;
  /** The shape of an item of a list that is no part. */
  item(shape: Shape): Shape | undefined;
  /** The shape of the value of a key; undefined when nothing is known of it. */
  key(part: Part, shape: Shape, entry: Entry): Shape | undefined;
  /** Returns whether to look into the value. */
  value(part: Part, shape: Shape, at: { value: unknown; place: Place | undefined; depth: number }): boolean;
}

/** Deeper than any payload. */
const MAX_DEPTH = 64;

/** Shows a payload to a visitor, part by part. */
export function walk<Shape>(payload: unknown, visitor: Visitor<Shape>): void {
  enter({ scope: "delivery", field: "", kind: "delivery", value: payload, place: undefined }, visitor);
}

function enter<Shape>(part: Part, visitor: Visitor<Shape>): void {
  const shape = visitor.root(part);
  if (shape !== undefined) visit(part, shape, { value: part.value, place: part.place, depth: 0 }, visitor);
}

function visit<Shape>(
  part: Part,
  shape: Shape,
  { value, place, depth }: { value: unknown; place: Place | undefined; depth: number },
  visitor: Visitor<Shape>,
): void {
  if (depth > MAX_DEPTH || !visitor.value(part, shape, { value, place, depth })) return;
  if (Array.isArray(value)) {
    const inner = visitor.item(shape);
    if (inner === undefined) return;
    for (const [key, item] of value.entries()) {
      visit(part, inner, { value: item, place: { parent: place, key }, depth: depth + 1 }, visitor);
    }
    return;
  }
  const of = asJsonObject(value);
  if (of === undefined) return;
  for (const key of Object.keys(of)) {
    const entry = { key, value: of[key], of, depth, place: { parent: place, key } };
    const inner = innerPart(part, entry);
    if (inner !== undefined) {
      enter({ ...inner, place: entry.place }, visitor);
      continue;
    }
    const known = visitor.key(part, shape, entry);
    if (known === undefined) continue;
    if (isListOfParts(part, entry)) visitList(part, known, entry, visitor);
    else visit(part, known, { value: entry.value, place: entry.place, depth: depth + 1 }, visitor);
  }
}

function visitList<Shape>(
  part: Part,
  shape: Shape,
  { key, value, place, depth }: Entry,
  visitor: Visitor<Shape>,
): void {
  if (!visitor.value(part, shape, { value, place, depth }) || !Array.isArray(value)) return;
  for (const [index, item] of value.entries()) {
    enter({ ...itemPart(key, part, item), place: { parent: place, key: index } }, visitor);
  }
}

/** The message within an edit: without an id and a time. */
const EDITED = "edited message";

export function isMessage({ scope }: Pick<Part, "scope">): boolean {
  return scope === "message" || scope === EDITED;
}

/** The part that the value of a key is. */
function innerPart(part: Part, { key, value, of, depth }: Entry): Inner | undefined {
  const { scope, field, kind } = part;
  if (scope === "delivery" && key === "value" && depth > 0) {
    const name = stringAt(of, "field") ?? "";
    return { scope: `field ${name}`, field: name, kind: name, value };
  }
  if (isMessage(part) && key === kind && depth === 0) return { scope: `content ${kind}`, field, kind, value };
  if (scope !== "content edit" || key !== "message") return undefined;
  return { ...itemPart("messages", part, value), scope: EDITED };
}

const LISTS = new Set(["contacts", "messages", "message_echoes", "statuses"]);

function isListOfParts({ scope, field }: Part, { key, value, depth }: Entry): boolean {
  if (!Array.isArray(value)) return false;
  // Flows have errors of a shape of their own, and calls have statuses.
  if (key === "errors") return field !== "flows";
  if (!LISTS.has(key) || scope !== `field ${field}` || (key === "statuses" && field === "calls")) return false;
  return key !== "contacts" || depth === 0;
}

function itemPart(key: string, { field, kind }: Part, value: unknown): Inner {
  const item = asJsonObject(value);
  switch (key) {
    case "errors":
      return { scope: "error", field, kind, value };
    case "contacts":
      return { scope: "contact", field, kind, value };
    case "statuses": {
      const isPayment = stringAt(item, "type") === "payment";
      const status = stringAt(item, "status") ?? "status";
      return { scope: isPayment ? "payment" : "status", field, kind: isPayment ? "payment" : status, value };
    }
    default:
      return { scope: "message", field, kind: stringAt(item, "type") ?? "message", value };
  }
}

/** `entry[0].changes[0].value.messages[0].text`, or with `[]` for every index and without what leads to the value of a change. */
export function pathOf(place: Place | undefined, nameOf: (key: string) => string, isPattern: boolean): string {
  const keys: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.parent) keys.push(at.key);
  keys.reverse();
  const shown = isPattern && keys[4] === "value" && keys.length > 5 ? keys.slice(5) : keys;
  let path = "";
  for (const key of shown) {
    if (typeof key === "number") path += isPattern ? "[]" : `[${key}]`;
    else path += path === "" ? nameOf(key) : `.${nameOf(key)}`;
  }
  return path;
}
