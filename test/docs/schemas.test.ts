/** What `--json` prints is as its JSON Schema says; `-u` writes the schemas, as `npm run schemas` does. */
import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { eventSchemas, pathOf, textOf } from "../../docs/schemas/events.js";
import { commands } from "../../src/commands/index.ts";
import { problemsIn } from "../support/schemas.ts";
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

test("every event has a description, and its schema can be told from what has another type", () => {
  const without = Object.entries(written).flatMap(([path, { anyOf = [] }]) =>
    anyOf
      .filter(({ description }) => description === undefined)
      .map((event) => `${path} ${event.properties?.["type"]?.const}`),
  );
  expect(without).toEqual([]);
});

/** The command lines of the transcripts, each with the lines that it printed. */
const transcripts = readdirSync("test/transcripts").flatMap((file) => {
  const [, ...runs] = `\n${readFileSync(`test/transcripts/${file}`, "utf8")}`.split("\n$ wa-hook ");
  return runs.map((run) => ({ file, line: run.split("\n", 1)[0] ?? "", printed: run.split("\n").slice(1) }));
});

const printed = transcripts.flatMap(({ file, line, printed }) =>
  printed
    .filter((each) => /^(?:\(stderr\) )?\{"/.test(each))
    .map((each) => ({ file, line, path: each.startsWith("(") ? "error.schema.json" : pathOf(nameIn(line)), each })),
);

function nameIn(line: string): string {
  const words = wordsOf(line);
  return (
    [words.slice(0, 2), words.slice(0, 1)].map((each) => each.join(" ")).find((each) => names.includes(each)) ?? ""
  );
}

test("every event in the transcripts is as its schema says", () => {
  const ofJson = printed.filter(({ line }) => wordsOf(line).includes("--json"));
  expect(ofJson.length).toBeGreaterThan(30);
  for (const { file, line, path, each } of ofJson) {
    expect(problemsIn(path, JSON.parse(each.replace("(stderr) ", ""))), `${file}: ${line}`).toEqual([]);
  }
});
