import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Problem } from "../../src/messages/kind.ts";
import { outboundExamples, outboundKinds, readOutbound } from "../../src/messages/outbound/index.ts";
import { interactiveKinds } from "../../src/messages/outbound/interactive/index.ts";
import { problemsOf, type JsonObject } from "./outbound-requests.ts";

function readProblems(request: unknown): Problem[] {
  const reading = readOutbound(request);
  return "problems" in reading ? reading.problems : [];
}

/** Free-form objects, and those that depend on the country. */
const FREE = /payload\.data$|parameters\.values$|saved_addresses\[0\]\.value$|validation_errors$/;
const FREE_IN_ORDERS = /action\.parameters(\.order|\.payment_settings.*)?$|\.order\./;

describe("every outbound kind", () => {
  const examples = outboundExamples();

  test("has a unique name, and examples with unique names", () => {
    const kinds = [...outboundKinds, ...interactiveKinds].map(({ name }) => name);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
    for (const kind of [...outboundKinds, ...interactiveKinds]) expect(Object.keys(kind.examples)).not.toEqual([]);
  });

  test.each(examples)("the example $name is valid and has the kind of its name", ({ name, request }) => {
    expect(problemsOf(request)).toEqual([]);
    const reading = readOutbound(JSON.parse(JSON.stringify(request)));
    expect(reading.kind).toBe(name.replace(/\..*/, ""));
    expect(reading).toHaveProperty("summary", expect.any(String));
  });

  test.each(examples)(
    "an unknown key is not refused, but reported with its path, anywhere in $name",
    ({ name, request }) => {
      const free = name.startsWith("order_") ? FREE_IN_ORDERS : FREE;
      const places = objectsIn(request).filter(({ place }) => !free.test(place));
      expect(places.length).toBeGreaterThan(0);
      for (const { place, holder } of places) {
        holder["surprise"] = 1;
        const unknown = {
          path: place === "" ? "surprise" : `${place}.surprise`,
          message: "is not a supported key",
          reason: "unknown",
        };
        const reading = readOutbound(request);
        expect(reading).toHaveProperty("summary");
        expect(reading.unknown).toEqual([unknown]);
        delete holder["surprise"];
      }
    },
  );

  test.each(examples)("a value of another type is reported with its path, anywhere in $name", ({ name, request }) => {
    const free = name.startsWith("order_") ? FREE_IN_ORDERS : FREE;
    for (const { place, holder } of objectsIn(request).filter(({ place }) => !free.test(place))) {
      for (const [key, value] of Object.entries(holder)) {
        const at = place === "" ? key : `${place}.${key}`;
        if (typeof value === "object") continue;
        // Contact cards and templates have free-form values under these keys.
        const fixed = /(^|\.)(type|sub_type|policy|mode|status|messaging_product|action\.name)$/.test(at);
        for (const other of fixed && !at.startsWith("contacts") ? [{}, "surprise"] : [{}]) {
          holder[key] = other;
          const problems = readProblems(request);
          const unknown = typeof other === "string" ? readOutbound(request).unknown : [];
          expect([...problems, ...unknown].map((problem) => problem.path)).toContain(at);
        }
        holder[key] = value;
      }
    }
  });

  test.each(examples.filter(({ request }) => "type" in request))(
    "$name without its message object is reported as missing",
    ({ request }) => {
      const { type, ...rest } = request as { type: string };
      const { [type]: _, ...bare } = rest as JsonObject;
      expect(readProblems({ ...bare, type })).toEqual([{ path: type, message: "is missing", reason: "missing" }]);
    },
  );

  test("examples are fresh copies", () => {
    const [first] = outboundExamples();
    (first?.request as { text: { body: string } }).text.body = "changed";
    expect(outboundExamples()[0]?.request).not.toEqual(first?.request);
  });
});

describe("for any input", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("__proto__", "constructor", "interactive", Number.MAX_VALUE, [], {}, null),
  );
  const expectReading = (request: unknown) => {
    const reading = readOutbound(request);
    if ("summary" in reading) expect(typeof reading.summary).toBe("string");
    else expect(reading.problems.length).toBeGreaterThan(0);
  };

  test("arbitrary JSON gives a summary or problems, and no exception", () => {
    fc.assert(fc.property(value, expectReading), { numRuns: 500 });
    const keys = fc.constantFrom(
      "messaging_product",
      "to",
      "type",
      "status",
      "text",
      "image",
      "interactive",
      "template",
      "__proto__",
    );
    fc.assert(fc.property(fc.dictionary(keys, value), expectReading), { numRuns: 500 });
  });

  test("a mutated example gives a summary or problems, and no exception", () => {
    const examples = outboundExamples();
    const changes = fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(examples.length - 1), changes, (which, places) => {
        const request = structuredClone(examples[which]?.request);
        for (const [at, replacement] of places) replace(request, at, replacement);
        expectReading(request);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Replaces the nth value inside a JSON value. */
function replace(root: unknown, at: number, replacement: unknown): void {
  const places: [holder: JsonObject, key: string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as JsonObject, key]);
      visit((node as JsonObject)[key]);
    }
  };
  visit(root);
  const place = places[at % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = replacement;
}

/** Every object inside a JSON value, including itself, with its path. */
function objectsIn(node: unknown, place = ""): { place: string; holder: JsonObject }[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((member, at) => objectsIn(member, `${place}[${at}]`));
  const inner = Object.entries(node).flatMap(([key, value]) =>
    objectsIn(value, place === "" ? key : `${place}.${key}`),
  );
  return [{ place, holder: node as JsonObject }, ...inner];
}
