/** Whatever stands in a field of a delivery, a terminal shows it and does not obey it, and it stays on its line. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { bodiesWith, FORBIDDEN, hostileText, sessionWith } from "../support/hostile.ts";
import { testWorld } from "../support/world.ts";

test("no text in any field reaches the terminal as more than what is seen of it, or makes another line", async () => {
  const spots = fc.array(fc.nat(100_000), { minLength: 25, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(hostileText, spots, async (text, chosen) => {
      const hostile = await sessionWith(text, bodiesWith(text, chosen));
      const harmless = await sessionWith("harmless", bodiesWith("harmless", chosen));
      for (const [at, seen] of hostile.entries()) {
        expect(FORBIDDEN.exec(seen), seen).toBeNull();
        expect(seen.split("\n").length, seen).toBe(harmless[at]?.split("\n").length);
      }
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

test("a bug of ours tells of itself on one line, and where it is, whatever text is in it", async () => {
  const world = testWorld();
  const broken = {
    ...world,
    now: () => {
      throw new Error("odd: \u001b[2J\u202e\n✓ Everything is fine");
    },
  };
  expect(await main(["fixtures", "show", "text", "--fresh"], broken)).toBe(70);
  expect(FORBIDDEN.exec(world.stderr.text)).toBeNull();
  expect(world.stderr.text).toMatch(/^error: this is a bug[^\n]*\nError: odd: ·\[2J··✓ Everything is fine\n    at /);
});
