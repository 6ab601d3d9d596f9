/** A mutated item never makes reading throw, and never changes how the items beside it are read. */
import fc from "fast-check";
import { expect, test } from "vitest";

import type { Payload } from "../../src/webhook/envelope.ts";
import type { WebhookEvent } from "../../src/webhook/event.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { readBody, readPayload } from "../../src/webhook/payload.ts";
import { encodeWire } from "../../src/webhook/wire.ts";

/** The number of runs over all fixtures; use `MUTATION_RUNS=100000` for a thorough test. */
const RUNS = Number(process.env["MUTATION_RUNS"] ?? 2000);

type Holder = Record<string | number, unknown>;

const bundled = fixtures();
const LISTS = ["messages", "statuses", "errors"] as const;
const GROUPS = ["message", "status", "error", "field", "malformed"];

/** Items that are not mutated, added to each list. */
const SIBLINGS: Record<(typeof LISTS)[number], object> = {
  messages: { from: "16505550099", id: "wamid.SIBLING", timestamp: "1785499300", type: "text", text: { body: "me" } },
  statuses: { id: "wamid.SIBLING", status: "delivered", timestamp: "1785499300", recipient_id: "16505550099" },
  errors: { code: 131016, title: "Service unavailable" },
};

const words = fc.constantFrom<unknown>(
  "__proto__",
  "constructor",
  "text",
  "payment",
  "unknown",
  "",
  "\u0000",
  "\ud800",
  Number.MAX_VALUE,
  -1,
  1.5,
  8_640_000_000_001,
  true,
  null,
  [],
  {},
  [[]],
);
const value = fc.oneof(words, fc.jsonValue());
const KEYS = ["__proto__", "constructor", "toString", "type", "id", "errors", "context", "contacts", "surprise"];
const mutation = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("drop", "clear", "replace", "convert", "duplicate", "nest", "add" as const),
  key: fc.constantFrom(...KEYS),
  value,
  times: fc.integer({ min: 1, max: 40 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

test.each(bundled)(
  "$name, mutated, does not throw and does not affect its neighbors",
  { timeout: 600_000 },
  ({ payload }) => {
    const whole = surround(payload);
    const clean = readPayload(whole.payload);
    const numRuns = Math.max(1, Math.ceil(RUNS / bundled.length));
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(mutations, fc.boolean(), (changes, isNarrow) => {
        const { payload: mutated, item, untouched } = surround(payload);
        const narrow = isNarrow && item !== undefined ? item : undefined;
        const [holder, key] = narrow ?? [mutated.entry[0]?.changes[0] as unknown as Holder, "value"];
        for (const change of changes) mutate(holder, key, change);
        const events = readPayload(mutated);
        for (const event of events) checkShape(event);
        const safe = narrow === undefined ? untouched.around : [...untouched.beside, ...untouched.around];
        for (const place of safe) {
          expect(events.filter(({ path }) => path.startsWith(place))).toEqual(
            clean.filter(({ path }) => path.startsWith(place)),
          );
        }
      }),
      { numRuns },
    );
  },
);

test("the neighbors of an item are read", () => {
  const { payload, untouched } = surround(fixture("text").payload);
  const places = [...untouched.beside, ...untouched.around];
  const events = readPayload(payload).filter(({ path }) => places.some((place) => path.startsWith(place)));
  expect(events.map(({ kind, summary, name }) => [kind, summary, name])).toEqual([
    ["text", '"me"', "Test Contact"],
    ["image", 'image/jpeg "This is the broken hinge, see the café receipt"', "Sheena"],
    ["account_update", expect.any(String), undefined],
  ]);
});

test("a mutated payload gives the same events from its bytes", () => {
  fc.assert(
    fc.property(fc.nat(bundled.length - 1), fc.array(mutation, { maxLength: 5 }), (which, changes) => {
      const holder = { payload: structuredClone(bundled[which]?.payload) as unknown };
      for (const change of changes) mutate(holder, "payload", change);
      const bytes = encodeWire(holder.payload);
      const events = readBody(bytes);
      for (const event of events) checkShape(event);
      expect(events).toEqual(readPayload(JSON.parse(bytes.toString("latin1"))));
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
});

function checkShape(event: WebhookEvent): void {
  expect(GROUPS).toContain(event.group);
  for (const text of [event.kind, event.field, event.path, event.summary]) expect(typeof text).toBe("string");
  if (event.problems !== undefined) expect(event.problems.length).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(event))).toEqual(event);
}

interface Surrounded {
  payload: Payload;
  /** The array of the first message, status or error. */
  item: [holder: Holder, key: number] | undefined;
  /** Paths that must keep their events: in the same list, and in other changes and entries. */
  untouched: { beside: string[]; around: string[] };
}

/** Adds neighbors to a fixture: in its list, its entry and its payload. */
function surround(original: Payload): Surrounded {
  const payload = structuredClone(original);
  const change = payload.entry[0]?.changes[0];
  const content = (change?.value ?? {}) as Record<string, unknown[] | undefined>;
  const list = change?.field === "messages" ? LISTS.find((key) => Array.isArray(content[key])) : undefined;
  const members = list === undefined ? undefined : content[list];
  const beside: string[] = [];
  if (list !== undefined && members !== undefined) {
    beside.push(`entry[0].changes[0].value.${list}[${members.length}]`);
    members.push(structuredClone(SIBLINGS[list]));
    content["contacts"] = [...(content["contacts"] ?? []), { profile: { name: "Test Contact" }, wa_id: "16505550099" }];
  }
  payload.entry[0]?.changes.push(...fixture("image.with-caption").payload.entry[0]!.changes);
  payload.entry.push(...fixture("account_update").payload.entry);
  const item = members === undefined ? undefined : ([members as unknown as Holder, 0] as [Holder, number]);
  return { payload, item, untouched: { beside, around: ["entry[0].changes[1]", "entry[1]"] } };
}

/** Mutates one value under a key, or the value of the key itself. */
function mutate(root: Holder, rootKey: string | number, { at, how, key, value: given, times }: Mutation): void {
  const places: [holder: Holder, key: string | number][] = [[root, rootKey]];
  collect(root[rootKey], places);
  const [holder, place] = places[at % places.length] as [Holder, string | number];
  const now = holder[place];
  switch (how) {
    case "drop":
      if (holder === root) holder[place] = null;
      else if (Array.isArray(holder)) holder.splice(Number(place), 1);
      else delete holder[place];
      return;
    case "clear":
      holder[place] = null;
      return;
    case "replace":
      holder[place] = structuredClone(given);
      return;
    case "convert":
      holder[place] = typeof now === "string" ? Number(now) || 0 : JSON.stringify(now);
      return;
    case "duplicate":
      if (typeof now === "string" && now.length < 10_000) holder[place] = now.repeat(times);
      else if (Array.isArray(now) && now.length < 100) holder[place] = [...now, ...structuredClone(now), ...now];
      else holder[place] = [now, structuredClone(now)];
      return;
    case "nest":
      for (let deep = 0; deep < times; deep++)
        holder[place] = deep % 2 === 0 ? { [key]: holder[place] } : [holder[place]];
      return;
    case "add":
      // Like JSON.parse, this creates an own key even for __proto__.
      if (typeof now === "object" && now !== null && !Array.isArray(now)) {
        const own = { value: structuredClone(given), enumerable: true, configurable: true, writable: true };
        Object.defineProperty(now, key, own);
      }
  }
}

function collect(node: unknown, places: [Holder, string | number][]): void {
  if (typeof node !== "object" || node === null || places.length > 500) return;
  for (const key of Object.keys(node)) {
    places.push([node as Holder, key]);
    collect((node as Holder)[key], places);
  }
}
