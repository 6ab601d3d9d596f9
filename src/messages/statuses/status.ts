/** What the statuses of an outbound message share. */
import * as z from "zod";

import { defineKind, type Kind } from "../kind.ts";
import { describeError, error } from "../parts.ts";

const schema = z.looseObject({ errors: z.array(error).optional() });

export function defineStatus(name: string, examples: Record<string, object>): Kind {
  return defineKind(name, {
    schema,
    examples,
    summary: ({ errors }) => (errors ?? []).map(describeError).join(" · "),
  });
}
