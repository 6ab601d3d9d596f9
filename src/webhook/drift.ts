/** Compares received deliveries with the bundled shapes: what Meta sends now that wa-hook does not know, and the other way round. */
import { asJsonObject } from "../json.ts";
import { isMessage, pathOf, walk, type Part, type Place, type Visitor } from "./drift-parts.ts";
import { requiredOf, typeOf, type Shape, type Shapes } from "./drift-shapes.ts";
import { isDocumented, isEnum, printableKey, printableWord } from "./drift-values.ts";

/** How a delivery can differ; the most serious ones first. */
const CHANGES = [
  "malformed",
  "missing-key",
  "new-type",
  "unknown-field",
  "unknown-kind",
  "new-value",
  "new-key",
] as const;

/** One difference, however often it occurs. It has no personal data: of values, only Meta's own words. */
export interface Difference {
  change: (typeof CHANGES)[number];
  /** The webhook field. */
  field: string;
  /** The type of the message, the status, or the field. */
  kind: string;
  /** In the `value` of the change: `messages[].text.formatting`. */
  path: string;
  /** The JSON type or the word that was received. */
  got?: string;
  /** The JSON types or some of the words of the bundled shapes. */
  known?: readonly string[];
  /** How often it occurs. */
  count: number;
  /** When the first and the last of these deliveries were received, in milliseconds since 1970; missing when that is not recorded. */
  firstSeen?: number;
  lastSeen?: number;
  example: { delivery: string; path: string };
}

/** A delivery to compare. */
export interface Sample {
  /** For people: `@12`, `received.ndjson:3`. */
  name: string;
  body: Uint8Array;
  /** In milliseconds since 1970. */
  receivedAt?: number;
}

/** Keeps hostile deliveries from filling the memory; further differences are only counted. */
const MAX_DIFFERENCES = 1000;
const MAX_KNOWN = 8;

export class Drift {
  /** The deliveries compared. */
  deliveries = 0;
  /** Occurrences of differences that were not kept, because there are too many. */
  dropped = 0;
  readonly #shapes: Shapes;
  readonly #found = new Map<string, Difference>();

  constructor(shapes: Shapes) {
    this.#shapes = shapes;
  }

  /** Never throws, whatever the body. */
  add(sample: Sample): void {
    this.deliveries++;
    const comparison = new Comparison(this.#shapes, (found, place) => this.#count(sample, found, place));
    let payload: unknown;
    try {
      payload = JSON.parse(Buffer.from(sample.body).toString("utf8"));
    } catch {
      return this.#count(sample, { change: "malformed", field: "", kind: "delivery", got: "not JSON" }, undefined);
    }
    walk(payload, comparison);
  }

  /** The most serious ones first, of these the most frequent. */
  differences(): Difference[] {
    const rank = ({ change }: Difference) => CHANGES.indexOf(change);
    return [...this.#found.values()].toSorted((a, b) => rank(a) - rank(b) || b.count - a.count);
  }

  #count({ name, receivedAt }: Sample, found: Found, place: Place | undefined): void {
    const path = pathOf(place, printableKey, true);
    const key = [found.change, found.field, found.kind, path, found.got].join(" ");
    let difference = this.#found.get(key);
    if (difference === undefined) {
      if (this.#found.size >= MAX_DIFFERENCES) {
        this.dropped++;
        return;
      }
      const example = { delivery: name, path: pathOf(place, printableKey, false) };
      const { change, field, kind, ...received } = found;
      difference = { change, field, kind, path, ...received, count: 0, example };
      this.#found.set(key, difference);
    }
    difference.count++;
    if (receivedAt === undefined) return;
    difference.firstSeen = Math.min(difference.firstSeen ?? receivedAt, receivedAt);
    difference.lastSeen = Math.max(difference.lastSeen ?? receivedAt, receivedAt);
  }
}

type Found = Omit<Difference, "path" | "count" | "example">;
type Report = (found: Found, place: Place | undefined) => void;

class Comparison implements Visitor<Shape> {
  readonly #shapes: Shapes;
  readonly #report: Report;

  constructor(shapes: Shapes, report: Report) {
    this.#shapes = shapes;
    this.#report = report;
  }

  root(part: Part): Shape | undefined {
    const { scope, kind, place } = part;
    const { kinds, scopes } = this.#shapes;
    if (isMessage(part) && kind !== "message" && !kinds.has(`message ${kind}`)) {
      this.#found(part, { change: "unknown-kind", got: printableWord(kind) }, { parent: place, key: "type" });
    } else if (scope === "status" && kind !== "status" && !kinds.has(`status ${kind}`)) {
      this.#found(part, { change: "unknown-kind", got: printableWord(kind) }, { parent: place, key: "status" });
    }
    const shape = scopes.get(scope);
    if (shape !== undefined) return shape;
    if (scope === `field ${part.field}`) this.#found(part, { change: "unknown-field" }, place);
    // The content of a message of unknown type is unknown as well.
    else if (kinds.has(`message ${kind}`)) this.#found(part, { change: "new-key", got: typeOf(part.value) }, place);
    return undefined;
  }

  item(shape: Shape): Shape | undefined {
    return shape.item;
  }

  key(
    part: Part,
    shape: Shape,
    { key, value, place, depth }: { key: string; value: unknown; place: Place; depth: number },
  ) {
    if (shape.free) return undefined;
    const known = shape.keys.get(key);
    if (known === undefined) {
      this.#found(part, { change: "new-key", got: typeOf(value) }, place);
      return undefined;
    }
    // The kind has been compared as a whole.
    const isKind = depth === 0 && key === (part.scope === "status" ? "status" : isMessage(part) ? "type" : undefined);
    if (isEnum(part.scope, key) && !isKind) this.#compareWord(part, known, { key, value, place });
    return known;
  }

  #compareWord(
    part: Part,
    { words }: Shape,
    { key, value, place }: { key: string; value: unknown; place: Place },
  ): void {
    if (words.size === 0 || (typeof value !== "string" && typeof value !== "number")) return;
    const word = String(value);
    const parent = place.parent?.key;
    if (words.has(word) || isDocumented(typeof parent === "string" ? parent : "", key, word)) return;
    const known = key === "code" ? {} : { known: [...words].slice(0, MAX_KNOWN) };
    this.#found(part, { change: "new-value", got: printableWord(word), ...known }, place);
  }

  value(part: Part, shape: Shape, { value, place }: { value: unknown; place: Place | undefined }): boolean {
    const type = typeOf(value);
    if (shape.types.size > 0 && !shape.types.has(type)) {
      this.#found(part, { change: "new-type", got: type, known: [...shape.types] }, place);
      return false;
    }
    const object = asJsonObject(value);
    if (object === undefined) return true;
    for (const key of requiredOf(shape, part)) {
      if (!Object.hasOwn(object, key)) this.#found(part, { change: "missing-key" }, { parent: place, key });
    }
    return true;
  }

  #found({ field, kind }: Part, found: Omit<Found, "field" | "kind">, place: Place | undefined): void {
    this.#report({ ...found, field: printableWord(field), kind: printableWord(kind) }, place);
  }
}
