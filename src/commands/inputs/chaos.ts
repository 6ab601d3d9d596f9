/** Flags of chaos: which habits of Meta deliveries have, and how fast they are. */
import * as z from "zod";

import { input } from "../../terminal/command.ts";
import { CHAOS_KINDS, type ChaosKind } from "../../webhook/chaos.ts";

export const chaosInput = input(
  "--chaos <list>",
  `Simulate Meta's irregular delivery: ${CHAOS_KINDS.join(",")}`,
  z.string().transform(readChaos).optional(),
);

/** `--time-scale`: how many times as fast as Meta. */
export function timeScaleInput(fallback: number) {
  return input(
    "--time-scale <n>",
    `Speed of retries and late copies relative to Meta's (default: ${fallback})`,
    z
      .string()
      .regex(/^\d+(\.\d+)?$/, "must be a number, such as 1 or 1000")
      .transform(Number)
      .refine((factor) => factor > 0, "must be more than 0")
      .default(fallback),
  );
}

function readChaos(typed: string, context: z.RefinementCtx): ChaosKind[] {
  const given = typed.split(",").map((name) => name.trim());
  const kinds = CHAOS_KINDS.filter((kind) => given.includes(kind));
  if (kinds.length === new Set(given).size) return kinds;
  context.addIssue(`must be one or more of ${CHAOS_KINDS.join(", ")}`);
  return z.NEVER;
}
