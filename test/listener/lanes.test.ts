/** Laws of the lanes, for whatever order things come and end in. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { Lanes } from "../../src/listener/lanes.ts";

interface Entry {
  id: number;
  lanes: string[];
}

const entries = fc
  .array(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 }), { maxLength: 40 })
  .map((all) => all.map((lanes, id): Entry => ({ id, lanes })));

test("each entry runs once, never beside or before an older one that shares a lane", () => {
  fc.assert(
    fc.property(entries, fc.infiniteStream(fc.nat()), (all, choices) => {
      const lanes = new Lanes<Entry>();
      const running: Entry[] = [];
      const done = new Set<number>();
      const start = (entry: Entry) => {
        for (const other of all.slice(0, entry.id)) {
          if (other.lanes.some((lane) => entry.lanes.includes(lane))) expect(done).toContain(other.id);
        }
        running.push(entry);
      };
      const finishOne = () => {
        const [entry] = running.splice((choices.next().value ?? 0) % running.length, 1);
        if (entry === undefined) return;
        done.add(entry.id);
        for (const next of lanes.leave(entry)) start(next);
      };
      for (const entry of all) {
        if (lanes.enter(entry)) start(entry);
        if ((choices.next().value ?? 0) % 3 === 0 && running.length > 0) finishOne();
      }
      while (running.length > 0) finishOne();
      expect(done.size).toBe(all.length);
    }),
  );
});
