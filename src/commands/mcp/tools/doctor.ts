/** The tool `doctor`: why no webhooks arrive from Meta. */
import * as z from "zod";

import { CheckFailedError } from "../../../errors.ts";
import { defineTool } from "../../../mcp/tool.ts";
import { doctor } from "../../doctor/doctor.ts";
import type { Kit } from "../kit.ts";
import { runCommand, withoutType } from "../run.ts";
import { finding } from "../schemas.ts";

const output = z.object({
  ok: z.boolean().describe("Whether no check failed"),
  summary: z.string(),
  cause: z.string().optional().describe("Why no webhooks arrive"),
  fix: z.string().optional(),
  findings: z.array(finding),
});

export function doctorTool(kit: Kit) {
  return defineTool({
    name: "doctor",
    title: "Diagnose missing webhooks",
    description:
      "Finds out why no webhooks arrive from Meta: checks the settings, the access token, the subscriptions and the callback URL at Meta, and names the likely cause. Reads from Meta, changes nothing there. For an app on this machine, use check.",
    input: z.object({}),
    output,
    effects: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    async run(_, { signal, progress }) {
      const findings: z.input<typeof finding>[] = [];
      let diagnosis = { summary: "" };
      let steps = 0;
      try {
        for await (const event of runCommand(["doctor", doctor], {}, { kit, signal })) {
          if (event.type === "checking") progress({ done: ++steps, message: event.title });
          if (event.type === "finding") findings.push(withoutType(event));
          if (event.type === "diagnosis") diagnosis = withoutType(event);
        }
      } catch (error) {
        // The cause is in the diagnosis.
        if (!(error instanceof CheckFailedError)) throw error;
      }
      return { ok: findings.every(({ status }) => status !== "fail"), ...diagnosis, findings };
    },
    text({ summary, findings }) {
      const failed = findings.filter(({ status }) => status === "fail");
      const lines = failed.map(({ title, got, fix }) => `✗ ${title}: ${got}${fix === undefined ? "" : ` → ${fix}`}`);
      return [summary, ...lines].join("\n");
    },
  });
}
