/** Attack: whatever happens to a registered callback, in whatever order, 2 000 times. */
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { RealFolder } from "../registration/folder.ts";
import { MetaPeer } from "../registration/meta-peer.ts";
import { violationOf } from "../registration/model.ts";
import { sequences } from "../registration/sequences.ts";
import { reportAttack } from "../support/attacks.ts";

const RUNS = 2000;
const SEED = Number(process.env["WA_HOOK_MODEL_SEED"] ?? 2026);

test("2 000 sequences of starts, ends, kills, failures and colleagues lose nothing that was at Meta", async () => {
  const peer = new MetaPeer();
  await peer.start();
  const violations: string[] = [];
  const open = (place: ConstructorParameters<typeof RealFolder>[0]) => new RealFolder(place);
  try {
    for (const sequence of fc.sample(sequences, { numRuns: RUNS, seed: SEED })) {
      const violation = await violationOf(sequence, { peer, open });
      if (violation !== undefined) violations.push(`${JSON.stringify(sequence)}\n${violation}`);
    }
  } finally {
    peer.close();
  }
  reportAttack({
    attack: `${RUNS} sequences of start, end, kill, colleague and failure (seed ${SEED})`,
    before: "367 lose what was at Meta",
    after: `${violations.length} lose it`,
  });
  expect(violations).toEqual([]);
}, 600_000);
