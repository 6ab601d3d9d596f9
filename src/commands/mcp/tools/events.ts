/** The tool `events`: what was received. */
import * as z from "zod";

import { defineTool } from "../../../mcp/tool.ts";
import { eventsList } from "../../events/list.ts";
import { conditionsOf, type Filters } from "../../inputs/filters.ts";
import { deliveryData, deliveryLine } from "../deliveries.ts";
import type { Kit } from "../kit.ts";
import { inputsFor, worldOf } from "../run.ts";
import { delivery, filterInputs } from "../schemas.ts";

const MAX_LIMIT = 100;

const input = z.object({
  ...filterInputs,
  limit: z.number().int().min(1).max(MAX_LIMIT).default(20).describe(`Deliveries per page, at most ${MAX_LIMIT}`),
  before: z
    .string()
    .regex(/^\d{1,19}$/, "must be the id of a delivery")
    .optional()
    .describe("The next of an earlier page"),
});

const output = z.object({
  deliveries: z.array(delivery).describe("Newest first"),
  next: z.string().optional().describe("For before, when there are more"),
});

export function eventsTool(kit: Kit) {
  return defineTool({
    name: "events",
    title: "List received deliveries",
    description:
      "Lists recorded webhook deliveries, newest first: messages, statuses and account events, with what became of forwarding each to the app.",
    input,
    output,
    effects: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    async run({ limit, before, ...typed }, { signal }) {
      const query = { ...(await queryFor(typed, kit, signal)), ...(before === undefined ? {} : { before }) };
      await using recordings = await kit.openRecordings(signal);
      const found = await recordings.find(query, limit + 1);
      const page = found.slice(0, limit);
      const deliveries = await Promise.all(page.map((each) => deliveryData(each, recordings)));
      const next = found.length > limit ? { next: page.at(-1)?.id ?? "" } : {};
      return { deliveries, ...next };
    },
    text: ({ deliveries }) =>
      deliveries.length === 0 ? "no deliveries match" : deliveries.map(deliveryLine).join("\n"),
  });
}

/** The conditions as `events list` reads them. */
export async function queryFor(typed: object, kit: Kit, signal: AbortSignal) {
  const filters = (await inputsFor(["events list", eventsList], typed, { kit, signal })) as Filters;
  return conditionsOf(filters, worldOf(kit, signal));
}
