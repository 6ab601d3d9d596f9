/** What `--json` prints is as its JSON Schema says; `-u` writes the schemas, as `npm run schemas` does. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";

import { eventSchemas, textOf } from "../../docs/schemas/events.js";
import { pathOf } from "../../docs/schemas/path.js";
import { commands } from "../../src/commands/index.ts";
import { problemsIn } from "../support/schemas.ts";
import { commandIn } from "../support/seen-events.ts";
import { wordsOf } from "../support/transcript.ts";

const written = eventSchemas();
const names = commands.map(({ name }) => name);

test("the schemas say what the types say, one file for each command", async () => {
  for (const [path, schema] of Object.entries(written)) {
    await expect(textOf(schema)).toMatchFileSnapshot(`../../schemas/${path}`);
  }
  expect(readdirSync("schemas/events").toSorted()).toEqual(
    names.map((name) => pathOf(name).replace("events/", "")).toSorted(),
  );
});

test("the schemas are valid in their dialect", () => {
  const ajv = new Ajv2020();
  for (const [path, schema] of Object.entries(written)) expect(ajv.validateSchema(schema), path).toBe(true);
});

test("every event has a description", () => {
  const without = Object.entries(written).flatMap(([path, { anyOf = [] }]) =>
    anyOf
      .filter(({ description }) => description === undefined)
      .map((event) => `${path} ${String(event.properties?.["type"]?.const)}`),
  );
  expect(without).toEqual([]);
});

test("a field that is missing, has another type or is not described is found, and readers accept the last of these", () => {
  const event = { type: "count", count: 3 };
  const path = pathOf("fixtures list");
  expect(problemsIn(path, event)).toEqual([]);
  expect(problemsIn(path, { type: "count" }).join("\n")).toContain('"missingProperty":"count"');
  expect(problemsIn(path, { ...event, count: "3" }).join("\n")).toContain("/count must be number");
  expect(problemsIn(path, { ...event, more: true }).join("\n")).toContain('"additionalProperty":"more"');
  expect(problemsIn(path, { type: "unheard-of" })).not.toEqual([]);
  expect(JSON.stringify(written)).not.toContain('"additionalProperties":false');
});

test("the schemas can be imported from the package", () => {
  const { resolve } = createRequire(import.meta.url);
  for (const path of Object.keys(written)) expect(resolve(`wa-hook/schemas/${path}`)).toMatch(/\.schema\.json$/);
});

test("an event that only a terminal gets is in no schema", () => {
  const types = (command: string) => written[pathOf(command)]?.anyOf?.map((event) => event.properties?.["type"]?.const);
  expect(types("listen")).toEqual(expect.arrayContaining(["delivery", "summary"]));
  expect(types("listen")).not.toEqual(expect.arrayContaining(["late"]));
  expect(types("listen")).not.toEqual(expect.arrayContaining(["keys"]));
});

/** The command lines of the transcripts, each with the lines that it printed. */
const transcripts = readdirSync("test/transcripts").flatMap((file) => {
  const [, ...runs] = `\n${readFileSync(`test/transcripts/${file}`, "utf8")}`.split("\n$ wa-hook ");
  return runs.map((run) => ({ file, line: run.split("\n", 1)[0] ?? "", printed: run.split("\n").slice(1) }));
});

const printed = transcripts.flatMap(({ file, line, printed }) =>
  printed
    .filter((each) => /^(?:\(stderr\) )?\{"/.test(each))
    .map((each) => ({
      file,
      line,
      path: each.startsWith("(") ? "error.schema.json" : pathOf(commandIn(wordsOf(line))),
      each,
    })),
);

test("every event in the transcripts is as its schema says", () => {
  const ofJson = printed.filter(({ line }) => wordsOf(line).includes("--json"));
  expect(ofJson.length).toBeGreaterThan(30);
  for (const { file, line, path, each } of ofJson) {
    expect(problemsIn(path, JSON.parse(each.replace("(stderr) ", ""))), `${file}: ${line}`).toEqual([]);
  }
});
