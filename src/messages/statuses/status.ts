/** The schema and summary that all statuses of an outbound message share. */
import * as z from "zod";

import { defineKind, type Kind } from "../kind.ts";
import { describeErrors, error, firstCode, fixErrors } from "../parts.ts";

const pricing = z.looseObject({
  category: z.string().nullish(),
  // Not an enum: Meta adds pricing types, the next ones in October 2026.
  type: z.string().nullish(),
  billable: z.boolean().nullish(),
});

const schema = z.looseObject({
  errors: z.array(error).nullish(),
  pricing: pricing.nullish(),
  recipient_type: z.string().nullish(),
});

/**
 * An example that is an array stands for several statuses in one delivery. Its `customer` is as in `defineInbound`. `note` explains a
 * name that is not self-explanatory.
 */
export function defineStatus(name: string, examples: Record<string, object>, note?: string): Kind {
  return defineKind(name, {
    schema,
    examples,
    summary: ({ errors, pricing: price, recipient_type }) =>
      [
        describeErrors(errors),
        note,
        price == null ? undefined : describePrice(price),
        recipient_type === "group" && !errors?.length ? "in a group" : undefined,
      ]
        .filter(Boolean)
        .join(" · "),
    fix: ({ errors }) => fixErrors(errors),
    code: ({ errors }) => firstCode(errors),
  });
}

/** `utility, charged`, `service, free (customer service)`. */
function describePrice({ category, type, billable }: z.output<typeof pricing>): string {
  return [category, costOf(type, billable)].filter(Boolean).join(", ");
}

function costOf(type: string | null | undefined, billable: boolean | null | undefined): string | undefined {
  // Older deliveries have `billable` without `type`.
  if (type == null) return billable == null ? undefined : billable ? "charged" : "free";
  if (type === "regular") return "charged";
  return type.startsWith("free_") ? `free (${type.slice("free_".length).replaceAll("_", " ")})` : type;
}

/** For examples: the price of a template message. */
export const charged = { billable: true, pricing_model: "PMP", category: "utility", type: "regular" };

/** For examples: the keys of a status about one participant of a group. */
export function member(participant: string, userId?: string): object {
  return {
    recipient_id: "Y2FwaV9ncm91cDp0ZXN0LWdyb3VwLTAwMQZD",
    recipient_type: "group",
    recipient_participant_id: participant,
    ...(userId === undefined ? {} : { recipient_participant_user_id: userId }),
  };
}
