/** Parts of the tools' inputs and outputs that several share. */
import * as z from "zod";

import { QUERY_STATUSES } from "../../store/query.ts";

/** As the command line has it: a port, a path or a URL. */
export const endpointInput = z
  .string()
  .max(2000)
  .optional()
  .describe("The app's webhook endpoint: a port such as 3000, or a URL such as http://localhost:3000/webhook");

export const durationInput = (about: string) =>
  z.string().max(20).optional().describe(`${about}, such as 500ms, 10s or 2m`);

/** The conditions of `events list`. */
export const filterInputs = {
  kind: z.string().max(500).optional().describe("Only these kinds, such as text,failed,account_*"),
  from: z.string().max(200).optional().describe("Only events from this customer: a phone number or a user ID"),
  to: z.string().max(200).optional().describe("Only events to this customer: statuses and echoes"),
  since: z.string().max(40).optional().describe("Received since then: 2h, 3d, 2026-08-01 or 2026-08-01T12:00"),
  until: z.string().max(40).optional().describe("Received until then"),
  status: z
    .enum(QUERY_STATUSES)
    .optional()
    .describe("Verdict accepted, duplicate or rejected; forwarding pending, failed or delivered"),
  search: z.string().max(1000).optional().describe("Only with this text in the summary, name or an ID"),
};

export const idInput = z
  .string()
  .regex(/^@?(?:\d{1,19}|last)$/, "must be the id of a delivery, or last")
  .describe("The id of a delivery from events, or last");

/** One result of a check, as `--json` has it. */
export const finding = z.looseObject({
  code: z.string(),
  status: z.enum(["pass", "warn", "fail", "skip"]),
  title: z.string(),
  expected: z.string(),
  got: z.string(),
  fix: z.string().optional(),
});

export const snippets = z.array(z.object({ framework: z.string(), code: z.string() }));

const event = z.object({
  group: z.string(),
  kind: z.string(),
  field: z.string(),
  id: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  code: z.number().optional().describe("Meta's error code"),
  fix: z.string().optional(),
  untrusted: z.object({ summary: z.string(), name: z.string().optional() }),
});

const forward = z.object({
  to: z.string(),
  state: z.enum(["pending", "delivered", "failed"]),
  attempts: z.number(),
  status: z.number().optional().describe("The app's HTTP status; missing when there was no response"),
  ms: z.number().optional(),
  fix: z.string().optional(),
  untrusted: z.object({ response: z.string() }).optional(),
});

/** One recorded delivery without its body. */
export const delivery = z.object({
  id: z.string(),
  receivedAt: z.string().describe("ISO 8601"),
  verdict: z.enum(["accepted", "duplicate", "rejected"]),
  reason: z.string().optional().describe("Why it was rejected"),
  bytes: z.number(),
  events: z.array(event),
  moreEvents: z.number().describe("The number of events beyond those in events"),
  forwards: z.array(forward),
});

export type DeliveryData = z.input<typeof delivery>;
