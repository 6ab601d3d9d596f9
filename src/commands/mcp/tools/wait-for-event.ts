/** The tool `wait_for_event`: waits until something is received. */
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { UsageError } from "../../../errors.ts";
import { defineTool, type ToolContext } from "../../../mcp/tool.ts";
import type { Delivery } from "../../../store/store.ts";
import { deliveryData, deliveryLine } from "../deliveries.ts";
import type { Kit } from "../kit.ts";
import type { Recordings } from "../recordings.ts";
import { delivery, filterInputs } from "../schemas.ts";
import { queryFor } from "./events.ts";

const { since: _, until: __, ...conditions } = filterInputs;

const MAX_SECONDS = 300;
const POLL_MS = 200;
const PROGRESS_MS = 1000;
/** Of those that arrived since the last look. */
const MAX_FOUND = 20;

const input = z.object({
  ...conditions,
  after: z
    .string()
    .regex(/^\d{1,19}$/, "must be the id of a delivery")
    .optional()
    .describe("Only deliveries after this id, also those already received (default: those from now on)"),
  seconds: z.number().min(0.1).max(MAX_SECONDS).default(30).describe(`Give up after this time, at most ${MAX_SECONDS}`),
});

const output = z.object({
  timedOut: z.boolean(),
  deliveries: z.array(delivery).describe("Oldest first; empty when none arrived in time"),
  after: z.string().describe("For after in the next call"),
});

type Query = Awaited<ReturnType<typeof queryFor>>;

export function waitForEventTool(kit: Kit) {
  return defineTool({
    name: "wait_for_event",
    title: "Wait for a delivery",
    description:
      "Waits until a webhook delivery arrives that meets the conditions, such as kind text or status failed, and returns it. No delivery in time is a result with timedOut, not an error.",
    input,
    output,
    effects: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    async run({ after, seconds, ...typed }, context) {
      const query = await queryFor(typed, kit, context.signal);
      const deadline = performance.now() + seconds * 1000;
      const { recordings: opening, awaited } = await opened(kit, deadline, context);
      await using recordings = opening;
      const start = after ?? (awaited ? undefined : await recordings?.lastId()) ?? "0";
      const found = recordings === undefined ? [] : await waited(recordings, { query, start, deadline }, context);
      const deliveries = await Promise.all(found.map((each) => deliveryData(each, recordings as Recordings)));
      return { timedOut: deliveries.length === 0, deliveries, after: found.at(-1)?.id ?? start };
    },
    text: ({ timedOut, deliveries }) =>
      timedOut ? "no delivery arrived in time" : deliveries.map(deliveryLine).join("\n"),
  });
}

interface Opened {
  /** Undefined when nothing was recorded in time. */
  recordings: Recordings | undefined;
  /** Before the first delivery there is no store; all of one that was waited for is new. */
  awaited: boolean;
}

async function opened(kit: Kit, deadline: number, { signal }: ToolContext): Promise<Opened> {
  for (let awaited = false; ; awaited = true) {
    try {
      return { recordings: await kit.openRecordings(signal), awaited };
    } catch (error) {
      if (!(error instanceof UsageError) || error.code !== "store.missing") throw error;
      if (performance.now() > deadline || signal.aborted) return { recordings: undefined, awaited };
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function waited(
  recordings: Recordings,
  { query, start, deadline }: { query: Query; start: string; deadline: number },
  { signal, progress }: ToolContext,
): Promise<Delivery[]> {
  const began = performance.now();
  let reported = 0;
  while (!signal.aborted) {
    const found = (await recordings.find(query, MAX_FOUND)).filter(({ id }) => BigInt(id) > BigInt(start));
    const now = performance.now();
    if (found.length > 0) return found.toReversed();
    if (now > deadline) break;
    const seconds = Math.floor((now - began) / PROGRESS_MS);
    if (seconds > reported)
      progress({ done: seconds, total: Math.ceil((deadline - began) / 1000), message: "waiting" });
    reported = seconds;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return [];
}
