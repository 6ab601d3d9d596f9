/** The tool `check`: is this endpoint right? */
import * as z from "zod";

import { CheckFailedError } from "../../../errors.ts";
import { defineTool } from "../../../mcp/tool.ts";
import type { Finding } from "../../../report/finding.ts";
import { check } from "../../check/check.ts";
import type { Inputs } from "../../check/inputs.ts";
import { endpointOf } from "../../check/setup.ts";
import type { Kit } from "../kit.ts";
import { inputsFor, requireLocal, runCommand, withoutType, type EventOf } from "../run.ts";
import { durationInput, endpointInput, finding, snippets } from "../schemas.ts";

const codes = z.array(z.string().max(100)).max(50).optional();

const input = z.object({
  url: endpointInput,
  only: codes.describe("Only these checks, and what they need: codes or patterns such as signature.*"),
  skip: codes.describe("All checks except these"),
  timeout: durationInput("Timeout per response (default: 10s)"),
  all: z
    .boolean()
    .default(false)
    .describe("Also return the checks that passed and those that were skipped, as findings"),
});

const output = z.object({
  ok: z.boolean().describe("Whether no check failed"),
  url: z.string(),
  passed: z.number(),
  warned: z.number(),
  failed: z.number(),
  skipped: z.number(),
  requests: z.number(),
  mistakes: z
    .array(
      z.object({
        mistake: z.string(),
        severity: z.enum(["fail", "warn"]),
        cause: z.string(),
        fix: z.string(),
        evidence: z.array(z.string()),
        codes: z.array(z.string()).describe("The codes of the findings, for only"),
        snippets: snippets.optional(),
      }),
    )
    .describe("What is wrong with the app: each mistake once, with its fix"),
  findings: z.array(finding).describe("Negative results; all of them on request"),
  notChecked: z.array(z.object({ why: z.string(), codes: z.array(z.string()) })),
});

type CheckData = z.input<typeof output>;

export function checkTool(kit: Kit) {
  const where = kit.allowRemote ? "" : " Hosts other than this machine are refused.";
  return defineTool({
    name: "check",
    title: "Check a webhook endpoint",
    description: `Checks an app's webhook endpoint as Meta would use it: about 450 requests with signed test deliveries, handshakes and wrong signatures, in about 10 s. Names each mistake of the app with its cause and its fix. The app must be running, with the app secret and the verify token of the settings.${where}`,
    input,
    output,
    effects: { readOnly: false, destructive: false, idempotent: true, openWorld: kit.allowRemote },
    async run({ url = kit.app?.href, only, skip, timeout, all }, { signal, progress }) {
      const data: CheckData = { ...NOTHING, mistakes: [], findings: [], notChecked: [] };
      const typed = { url, only, skip, timeout, yes: true };
      requireLocal(endpointOf((await inputsFor(["check", check], typed, { kit, signal })) as Inputs), kit);
      try {
        for await (const event of runCommand(["check", check], typed, { kit, signal })) {
          if (event.type === "checking") progress({ done: event.done, total: event.total, message: event.title });
          else add(event, data, all);
        }
      } catch (error) {
        if (!(error instanceof CheckFailedError)) throw error;
      }
      data.ok = data.failed === 0;
      return data;
    },
    text: textOf,
  });
}

const NOTHING = { ok: true, url: "", passed: 0, warned: 0, failed: 0, skipped: 0, requests: 0 };

function add(event: EventOf<typeof check>, data: CheckData, all: boolean): void {
  if (event.type === "endpoint") data.url = event.url;
  if (event.type === "finding" && (all || event.status === "fail" || event.status === "warn")) {
    data.findings.push(withoutType(event));
  }
  if (event.type === "finding" && event.status === "skip") addSkipped(event, data.notChecked);
  if (event.type === "summary") {
    const { passed, warned, failed, skipped, requests } = event;
    Object.assign(data, { passed, warned, failed, skipped, requests });
  }
  if (event.type !== "conclusion") return;
  const { mistake, severity, cause, fix, evidence, codes, snippets } = event;
  const code = snippets === undefined ? {} : { snippets: [...snippets] };
  data.mistakes.push({ mistake, severity, cause, fix, evidence, codes, ...code });
}

/** One mistake of the app can be the reason for twenty. */
function addSkipped({ code, got }: Finding, notChecked: CheckData["notChecked"]): void {
  const known = notChecked.find(({ why }) => why === got);
  if (known === undefined) notChecked.push({ why: got, codes: [code] });
  else known.codes.push(code);
}

function textOf({ ok, url, passed, warned, failed, skipped, mistakes }: CheckData): string {
  const counts = `${passed} passed, ${warned} warned, ${failed} failed, ${skipped} skipped`;
  const lines = mistakes.flatMap(({ severity, cause, fix, codes }) => [
    `${severity === "fail" ? "✗" : "!"} ${cause} [${codes.join(", ")}]`,
    `  → ${fix}`,
  ]);
  return [`${url} ${ok ? "passes" : "fails"}: ${counts}`, ...lines].join("\n");
}
