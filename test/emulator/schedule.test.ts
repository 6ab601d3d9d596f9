/** The priority queue of scheduled items. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { Schedule } from "../../src/emulator/webhooks/schedule.ts";

test("items are ordered by due time; ties keep their insertion order", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(20), fc.constant("take" as const)), { maxLength: 200 }), (steps) => {
      const schedule = new Schedule<{ due: number; order: number }>();
      let waiting: { due: number; order: number }[] = [];
      for (const [order, step] of steps.entries()) {
        if (step === "take") {
          waiting = waiting.toSorted((a, b) => a.due - b.due || a.order - b.order);
          expect(schedule.next).toBe(waiting[0]?.due);
          expect(schedule.take()).toEqual(waiting.shift());
        } else {
          const item = { due: step, order };
          waiting.push(item);
          schedule.add(item, step);
        }
        expect(schedule.size).toBe(waiting.length);
      }
    }),
  );
});
