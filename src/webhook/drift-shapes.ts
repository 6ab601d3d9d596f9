/** The shapes of the bundled deliveries: their keys, JSON types, Meta's words, and the keys that are always there and needed. */
import * as z from "zod";

import { asJsonObject } from "../json.ts";
import { inboundKinds } from "../messages/inbound/index.ts";
import { statusKinds } from "../messages/statuses/index.ts";
import { isMessage, walk, type Part, type Place, type Visitor } from "./drift-parts.ts";
import { isEnum } from "./drift-values.ts";
import type { WebhookEvent } from "./event.ts";
import { fields } from "./fields/index.ts";
import { fixtures, type Fixture } from "./fixtures.ts";
import { readPayload } from "./payload.ts";

export interface Shape {
  /** The JSON types that occur; empty for a key that is read but in no bundled delivery. */
  types: Set<JsonType>;
  keys: Map<string, Shape>;
  item?: Shape;
  /** The values of a key whose values are Meta's words. */
  words: Set<string>;
  /** Its keys are the business's own. */
  free: boolean;
  /** The keys that an object of this kind always has and that are needed to read it. */
  required: Map<string, readonly string[]>;
}

export type JsonType = "string" | "number" | "boolean" | "null" | "object" | "array";

export interface Shapes {
  /** By the scope of the part. */
  scopes: ReadonlyMap<string, Shape>;
  /** Types of messages and statuses: `message text`, `status read`. */
  kinds: ReadonlySet<string>;
}

/** Objects whose keys the business chooses. */
const FREE = new Set(["notes"]);

/** The shapes of all bundled deliveries, and the keys that the kinds read. It takes some hundred milliseconds. */
export function bundledShapes(): Shapes {
  const learner = new Learner();
  // An invented shape says nothing about Meta.
  for (const each of fixtures().filter(({ source }) => source !== "invented")) learner.learn(each);
  learner.require();
  for (const { name, schema, aliases = [] } of fields) {
    const shape = learner.scope(`field ${name}`);
    if (schema !== undefined) addKeys(shape, schema);
    for (const alias of aliases) learner.scopes.set(`field ${alias}`, shape);
  }
  for (const { name, schema } of inboundKinds) {
    const message = learner.scope("message");
    addKeys(message, schema);
    const content = message.keys.get(name);
    const bundled = learner.scopes.get(`content ${name}`);
    if (content !== undefined && bundled !== undefined) merge(bundled, content);
  }
  for (const { name, schema } of statusKinds) addKeys(learner.scope(name === "payment" ? name : "status"), schema);
  return learner;
}

function emptyShape(): Shape {
  return { types: new Set(), keys: new Map(), words: new Set(), free: false, required: new Map() };
}

export function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : (typeof value as JsonType);
}

const UNTYPED = "message of ";

/** Messages and statuses have keys by their kind; other parts are the same everywhere. A message without a type is one of its field. */
function kindOf({ scope, kind, field }: Part): string {
  if (scope === "message" && kind === "message") return `${UNTYPED}${field}`;
  return scope === "status" || isMessage({ scope }) ? kind : "";
}

/** The keys that an object of the part must have; for an unknown kind, those that all kinds must have. */
export function requiredOf({ required }: Shape, part: Part): readonly string[] {
  const known = required.get(kindOf(part));
  if (known !== undefined) return known;
  const [first = [], ...others] = [...required].flatMap(([kind, keys]) => (kind.startsWith(UNTYPED) ? [] : [keys]));
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

/** Objects of one kind: how many there were, how many had each key, and where the first one was. */
interface Seen {
  count: number;
  keys: Map<string, number>;
  payload: Fixture["payload"];
  place: Place | undefined;
}

class Learner implements Shapes, Visitor<Shape> {
  readonly scopes = new Map<string, Shape>();
  readonly kinds = new Set<string>();
  readonly #seen = new Map<Shape, Map<string, Seen>>();
  #payload: Fixture["payload"] | undefined;

  learn({ payload }: Fixture): void {
    this.#payload = payload;
    walk(payload, this);
  }

  scope(name: string): Shape {
    return made(this.scopes, name);
  }

  root(part: Part): Shape {
    this.kinds.add(`${part.scope} ${part.kind}`);
    return this.scope(part.scope);
  }

  item(shape: Shape): Shape {
    return (shape.item ??= emptyShape());
  }

  key(part: Part, shape: Shape, { key, value }: { key: string; value: unknown }): Shape {
    const child = made(shape.keys, key);
    if (isEnum(part.scope, key) && (typeof value === "string" || typeof value === "number")) {
      child.words.add(String(value));
    }
    return child;
  }

  value(part: Part, shape: Shape, { value, place }: { value: unknown; place: Place | undefined }): boolean {
    shape.types.add(typeOf(value));
    shape.free ||= typeof place?.key === "string" && FREE.has(place.key);
    const object = asJsonObject(value);
    if (object === undefined || this.#payload === undefined) return true;
    const byKind = this.#seen.get(shape) ?? new Map<string, Seen>();
    this.#seen.set(shape, byKind);
    const seen = byKind.get(kindOf(part)) ?? {
      count: 0,
      keys: new Map<string, number>(),
      payload: this.#payload,
      place,
    };
    byKind.set(kindOf(part), seen);
    seen.count++;
    for (const key of Object.keys(object)) seen.keys.set(key, (seen.keys.get(key) ?? 0) + 1);
    return true;
  }

  /** Tries which of the keys that are always there are needed, by leaving each out. */
  require(): void {
    for (const [shape, byKind] of this.#seen) {
      for (const [kind, { count, keys, payload, place }] of byKind) {
        const always = [...keys].filter(([, times]) => times === count).map(([key]) => key);
        shape.required.set(
          kind,
          always.filter((key) => isNeeded(payload, place, key)),
        );
      }
    }
  }
}

function made(shapes: Map<string, Shape>, name: string): Shape {
  const shape = shapes.get(name) ?? emptyShape();
  shapes.set(name, shape);
  return shape;
}

/** Whether the payload cannot be read as well without this key of the object at the place. */
function isNeeded(payload: Fixture["payload"], place: Place | undefined, key: string): boolean {
  const copy = structuredClone(payload);
  const object = objectAt(copy, place);
  if (object === undefined) return false;
  const before = quality(readPayload(copy));
  delete object[key];
  return quality(readPayload(copy)) < before;
}

/** Fewer problems, and more events that have an identity and a time. */
function quality(events: readonly WebhookEvent[]): number {
  let sum = 0;
  for (const { problems, unknown, id, at, key, group } of events) {
    sum += [id, at, key].filter((each) => each !== undefined).length;
    sum -= (problems?.length ?? 0) * 100 + (unknown === true ? 100 : 0) + (group === "malformed" ? 100 : 0);
  }
  return sum;
}

function objectAt(root: unknown, place: Place | undefined): Record<string, unknown> | undefined {
  const value = place === undefined ? root : valueAt(root, place);
  return asJsonObject(value);
}

function valueAt(root: unknown, { parent, key }: Place): unknown {
  const within = parent === undefined ? root : valueAt(root, parent);
  return typeof within === "object" && within !== null ? (within as Record<string | number, unknown>)[key] : undefined;
}

/** Adds the keys of a schema without their types: those of the schemas are wider than what Meta sends. */
function addKeys(shape: Shape, schema: z.core.$ZodType): void {
  if (schema instanceof z.ZodObject) {
    for (const [key, inner] of Object.entries(schema.shape)) addKeys(made(shape.keys, key), inner as z.core.$ZodType);
  } else if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) addKeys(shape, schema.unwrap());
  else if (schema instanceof z.ZodArray) addKeys((shape.item ??= emptyShape()), schema.element);
  else if (schema instanceof z.ZodUnion) for (const option of schema.options) addKeys(shape, option);
}

/** Adds the keys of one shape to another. */
function merge(into: Shape, from: Shape): void {
  for (const [key, inner] of from.keys) merge(made(into.keys, key), inner);
  if (from.item !== undefined) merge((into.item ??= emptyShape()), from.item);
}
