/** The model test: whatever happens in whatever order, what was at Meta is there in the end, or a colleague's change is, or the record says what is owed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { RealFolder } from "./folder.ts";
import { MetaPeer } from "./meta-peer.ts";
import { violationOf } from "./model.ts";
import { sequences } from "./sequences.ts";

const RUNS = Number(process.env["WA_HOOK_MODEL_RUNS"] ?? 100);
const SEED = Number(process.env["WA_HOOK_MODEL_SEED"] ?? 2026);

test(`in ${RUNS} sequences of starts, ends, kills, failures and colleagues, nothing that was at Meta is lost`, async () => {
  const peer = new MetaPeer();
  await peer.start();
  try {
    const property = fc.asyncProperty(sequences, async (sequence) => {
      expect(await violationOf(sequence, { peer, open: (place) => new RealFolder(place) })).toBeUndefined();
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false });
  } finally {
    peer.close();
  }
}, 600_000);
