/** Whatever stands in a field of a delivery, a terminal shows it and does not obey it, and it stays on its line. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { bodiesWith, FORBIDDEN, hostileText, sessionWith } from "../support/hostile.ts";

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
