/** The bundled deliveries, read from what the build wrote down: naming, listing and sending them then loads no kind. */
import { readBuilt, readPackaged } from "../built.ts";
import type { Payload } from "./envelope.ts";
import { named, unknownFixture } from "./fixture-names.ts";
import type { Fixture, FixtureEntry } from "./fixtures.ts";

/** Every bundled fixture without its payload. */
export async function fixtureEntries(): Promise<readonly FixtureEntry[]> {
  return builtEntries() ?? (await describeFixtures());
}

/** The same from the kinds, for the build to write down. */
export async function describeFixtures(): Promise<FixtureEntry[]> {
  const { fixtures } = await import("./fixtures.ts");
  return fixtures().map(({ name, field, version, date, source, summary }) => {
    return { name, field, version, date, source, summary };
  });
}

/** The deliveries that `named` finds for a name; without a name, all of them. */
export async function bundled(typed?: string): Promise<{ name: string; payload: Payload }[]> {
  const entries = builtEntries();
  if (entries === undefined) return (await import("./fixtures.ts")).bundled(typed);
  const wanted = typed === undefined ? entries : named(typed, entries);
  return wanted.map(({ name }) => ({ name, payload: readPackaged(`fixtures/${name}.json`) as Payload }));
}

/** The delivery with exactly this name. Throws a `UsageError` that suggests the closest name. */
export async function bundledFixture(typed: string): Promise<Fixture> {
  const entry = (await fixtureEntries()).find(({ name }) => name === typed);
  const found = (await bundled(typed)).find(({ name }) => name === typed);
  if (entry !== undefined && found !== undefined) return { ...entry, payload: found.payload };
  throw unknownFixture(typed, await fixtureNames());
}

export async function fixtureNames(): Promise<string[]> {
  return (await fixtureEntries()).map(({ name }) => name);
}

function builtEntries(): FixtureEntry[] | undefined {
  return readBuilt("fixtures.json") as FixtureEntry[] | undefined;
}
