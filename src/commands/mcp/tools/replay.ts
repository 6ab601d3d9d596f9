/** The tool `replay`: sends signed deliveries to an app. */
import * as z from "zod";

import { CheckFailedError } from "../../../errors.ts";
import { defineTool } from "../../../mcp/tool.ts";
import { bundled, fixtureNames } from "../../../webhook/fixture-catalog.ts";
import { unknownFixture } from "../../../webhook/fixture-names.ts";
import { target, type Inputs } from "../../replay/inputs.ts";
import { replay } from "../../replay/replay.ts";
import type { Kit } from "../kit.ts";
import { inputsFor, requireLocal, runCommand, type EventOf } from "../run.ts";
import { durationInput, endpointInput, finding, snippets } from "../schemas.ts";

const FAULTS = { unsigned: "unsigned", "wrong-secret": "wrongSecret", tampered: "tampered" } as const;
/** Those that failed come first. */
const MAX_RESULTS = 20;

const input = z.object({
  fixtures: z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(50)
    .describe("Bundled deliveries such as text, image.with-caption or status.*, or recorded ones such as @12 or @last"),
  to: endpointInput,
  set: z
    .array(z.string().max(5000))
    .max(20)
    .optional()
    .describe("Changed values of the message: text.body=Hello, or from the root with $."),
  from: z.string().max(30).optional().describe("Another phone number of the sender"),
  fresh: z.boolean().optional().describe("New message IDs and timestamps; known IDs count as duplicates"),
  fault: z
    .enum(["unsigned", "wrong-secret", "tampered"])
    .optional()
    .describe("Make the signature invalid; the app is expected to respond with 4xx"),
  expect: z.string().max(40).optional().describe("Expected status: 200, 2xx or 200,401 (default: 200)"),
  timeout: durationInput("Timeout per response (default: 10s)"),
});

const output = z.object({
  ok: z.boolean(),
  to: z.string(),
  passed: z.number(),
  failed: z.number(),
  duplicates: z.number().describe("Acknowledged by a wa-hook listener, and not forwarded to the app"),
  diagnosis: z
    .object({ code: z.string(), cause: z.string(), fix: z.string(), snippets: snippets.optional() })
    .optional()
    .describe("The cause of all failures"),
  failures: z.array(
    z.object({ reason: z.string(), fix: z.string().optional(), count: z.number(), fixtures: z.array(z.string()) }),
  ),
  results: z
    .array(
      z.object({
        fixture: z.string(),
        ok: z.boolean(),
        status: z.number().optional(),
        ms: z.number(),
        findings: z.array(finding),
      }),
    )
    .describe(`At most ${MAX_RESULTS}, those that failed first`),
});

type ReplayData = z.input<typeof output>;

export function replayTool(kit: Kit) {
  const where = kit.allowRemote ? "" : " Hosts other than this machine are refused.";
  return defineTool({
    name: "replay",
    title: "Send deliveries to an app",
    description: `Signs webhook deliveries as Meta does, sends them to an app, and reports its responses.${where}`,
    input,
    output,
    effects: { readOnly: false, destructive: false, idempotent: false, openWorld: kit.allowRemote },
    async run({ to = kit.app?.href, fault, ...rest }, { signal, progress }) {
      await requireNames(rest.fixtures);
      const typed = { ...rest, to, ...(fault === undefined ? {} : { [FAULTS[fault]]: true }) };
      const url = target((await inputsFor(["replay", replay], typed, { kit, signal })) as Inputs);
      requireLocal(url, kit);
      const data: ReplayData = { ...NOTHING, to: url.href, failures: [], results: [] };
      const passed: ReplayData["results"] = [];
      try {
        for await (const event of runCommand(["replay", replay], typed, { kit, signal })) {
          if (event.type === "delivered") progress(progressOf(event));
          add(event, data, passed);
        }
      } catch (error) {
        if (!(error instanceof CheckFailedError)) throw error;
      }
      data.ok = data.failed === 0;
      data.results = [...data.results, ...passed].slice(0, MAX_RESULTS);
      return data;
    },
    text: textOf,
  });
}

const NOTHING = { ok: true, to: "", passed: 0, failed: 0, duplicates: 0 };

/** Files are not read for a client. Throws a `UsageError` for anything but bundled and recorded deliveries. */
async function requireNames(names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (/^@(?:\d{1,19}|last)$/.test(name) || (await bundled(name)).length > 0) continue;
    throw unknownFixture(name, await fixtureNames());
  }
}

type Event = EventOf<typeof replay>;

function progressOf({ done, total, fixture }: Extract<Event, { type: "delivered" }>) {
  return { done, message: fixture, ...(total === undefined ? {} : { total }) };
}

function add(event: Event, data: ReplayData, passed: ReplayData["results"]): void {
  if (event.type === "delivered") {
    const { fixture, ok, status, ms, findings } = event;
    const list = ok ? passed : data.results;
    if (list.length >= MAX_RESULTS) return;
    const negative = findings.filter((each) => each.status !== "pass").map((each) => ({ ...each }));
    list.push({ fixture, ok, ms: Math.round(ms), findings: negative, ...(status === undefined ? {} : { status }) });
  }
  if (event.type !== "summary") return;
  const { diagnosis, failures } = event;
  Object.assign(data, { passed: event.passed, failed: event.failed, duplicates: event.duplicates, failures });
  if (diagnosis === undefined) return;
  const { code, cause, fix, snippets } = diagnosis;
  data.diagnosis = { code, cause, fix, ...(snippets === undefined ? {} : { snippets: [...snippets] }) };
}

function textOf({ to, passed, failed, duplicates, diagnosis, failures }: ReplayData): string {
  const lines = failures.map(({ reason, count, fixtures }) => `✗ ${count}× ${reason} (${fixtures.join(", ")})`);
  const why = diagnosis === undefined ? [] : [diagnosis.cause, `  → ${diagnosis.fix}`];
  const seen = duplicates === 0 ? "" : `, ${duplicates} duplicates (set fresh to send new IDs)`;
  return [`${to}: ${passed} passed, ${failed} failed${seen}`, ...lines, ...why].join("\n");
}
