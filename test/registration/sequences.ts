/** Random sequences of what can happen to a callback at Meta. */
import * as fc from "fast-check";

import type { Level } from "../../src/graph/subscriptions.ts";
import type { Failure } from "./meta-peer.ts";

export type Command =
  | { do: "start"; who: 0 | 1; fresh: boolean; failure?: Failure | undefined }
  | { do: "end" | "move"; who: 0 | 1; failure?: Failure | undefined }
  | { do: "kill"; who: 0 | 1 }
  | { do: "start-both" | "end-both" }
  /** A colleague sets another URL or the original, removes what is there, or changes the subscription. */
  | { do: "colleague"; what: "set" | "repair" | "remove" | "toggle" | "add-field" };

export interface Sequence {
  level: Level;
  /** What is there at first. */
  original: boolean;
  subscribed: boolean;
  fields: readonly string[];
  /** The two folders are one user's, so that they know of each other. */
  oneUser: boolean;
  /** The original answers the handshake with our verify token at the end. */
  restorable: boolean;
  replacesFields: boolean;
  commands: readonly Command[];
}

const who = fc.constantFrom<0 | 1>(0, 0, 1);
const failure = fc.option(
  fc.record({
    at: fc.integer({ min: 1, max: 9 }),
    kind: fc.constantFrom<Failure["kind"]>("drop-before", "drop-after", "kill-before", "kill-after", "outage", "error"),
  }),
  { nil: undefined },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("start" as const), who, fresh: fc.boolean(), failure }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("end" as const), who, failure }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("move" as const), who, failure }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("kill" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("start-both" as const, "end-both" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("colleague" as const),
      what: fc.constantFrom(
        "set" as const,
        "repair" as const,
        "remove" as const,
        "toggle" as const,
        "add-field" as const,
      ),
    }),
  },
);

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  level: fc.constantFrom<Level>("phone", "waba", "app"),
  original: fc.boolean(),
  subscribed: fc.boolean(),
  fields: fc.constantFrom(["messages"], ["account_update"], ["account_update", "messages"]),
  oneUser: fc.constantFrom(true, true, false),
  restorable: fc.constantFrom(true, true, true, false),
  replacesFields: fc.boolean(),
  commands: fc.array(command, { minLength: 2, maxLength: 8 }),
});
