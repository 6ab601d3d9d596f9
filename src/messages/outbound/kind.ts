/** The contract of an outbound kind: what Meta documents as refused is a problem, what wa-hook does not know is sent unchanged. */
import type * as z from "zod";

import { toProblems, type Problem } from "../kind.ts";
import { issuesOf } from "./limits.ts";

/**
 * The result of checking one message. `unknown` lists the keys (reason `unknown`), types and values (reason `unknown-value`) that this
 * version does not know: Meta may accept them. Only a key inside a known object is listed, not what is below it.
 */
type Checked = ({ summary: string } | { problems: Problem[] }) & { unknown: Problem[] };

export interface OutboundKind {
  /** Meta's name for it: `text`, `template`, `cta_url`. */
  readonly name: string;
  /** Messages as Meta accepts them, by variant, without recipient. */
  readonly examples: Readonly<Record<string, object>>;
  /** Never throws. */
  read(item: unknown): Checked;
}

interface Definition<Schema extends z.ZodType> {
  /** Must not transform: the summary reads the message as it is when it has unknown parts. */
  schema: Schema;
  examples: Record<string, object>;
  /** The message in one line. */
  summary(item: z.output<Schema>): string;
}

export function defineOutbound<Schema extends z.ZodType>(name: string, definition: Definition<Schema>): OutboundKind {
  const { schema, examples, summary } = definition;
  return {
    name,
    examples,
    read(item) {
      try {
        const { problems, unknown } = check(schema, item);
        return problems.length > 0 ? { problems, unknown } : { summary: summary(item as z.output<Schema>), unknown };
      } catch (error) {
        // With very many problems in one item, zod overflows the stack.
        if (!(error instanceof RangeError)) throw error;
        return { problems: [{ path: "", message: "has too many problems to list", reason: "invalid" }], unknown: [] };
      }
    },
  };
}

/** Splits the issues of a value into what Meta refuses and what this version does not know. */
export function check(schema: z.ZodType, value: unknown): { problems: Problem[]; unknown: Problem[] } {
  const all = issuesOf(schema, value).flatMap(toProblems);
  return { problems: all.filter((each) => !isUnknown(each)), unknown: all.filter(isUnknown) };
}

function isUnknown({ reason }: Problem): boolean {
  return reason === "unknown" || reason === "unknown-value";
}
