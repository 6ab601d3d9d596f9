/** What the build wrote down, so that starting does not compute it: the help of the commands and the list of the fixtures. */
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { eventSchemas } from "../../reference/schemas.js";
import { main } from "../../src/cli/main.ts";
import { describeCommands } from "../../src/cli/manifest.ts";
import { describeFixtures } from "../../src/webhook/fixture-catalog.ts";
import { waHook } from "../support/program.ts";
import { testWorld } from "../support/world.ts";

test("the build wrote down the registry as the commands have it", async () => {
  const built: unknown = JSON.parse(readFileSync("dist/commands.json", "utf8"));
  expect(built).toEqual(JSON.parse(JSON.stringify(await describeCommands(eventSchemas()))));
});

test("the build wrote down the list of the fixtures as the kinds have it", async () => {
  expect(JSON.parse(readFileSync("dist/fixtures.json", "utf8"))).toEqual(await describeFixtures());
});

test.each(["listen", "send text", "fixtures list"])(
  "the built help of %s is the same as from the sources",
  async (name) => {
    const program = waHook([...name.split(" "), "--help"], {});
    expect(await program.exit).toBe(0);
    const world = testWorld();
    expect(await main([...name.split(" "), "--help"], world)).toBe(0);
    expect(program.stdout.text).toBe(world.stdout.text);
  },
);
