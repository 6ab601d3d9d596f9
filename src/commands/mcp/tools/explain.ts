/** The tool `explain`: what an error code, a finding or a delivery that failed means. */
import * as z from "zod";

import { probes } from "../../../check/probes/index.ts";
import { questions } from "../../../doctor/questions/index.ts";
import { CheckFailedError, UsageError } from "../../../errors.ts";
import { defineTool } from "../../../mcp/tool.ts";
import { findErrorCode } from "../../../meta-errors/error-table.ts";
import { OAUTH_SUBCODES } from "../../../meta-errors/oauth-subcodes.ts";
import type { Delivery } from "../../../store/store.ts";
import { adviseOnStatus } from "../../../webhook/advice.ts";
import { mistakeOf } from "../../../webhook/mistakes.ts";
import { verify } from "../../verify/verify.ts";
import type { Kit } from "../kit.ts";
import { runCommand } from "../run.ts";
import { idInput, snippets } from "../schemas.ts";

const input = z.object({
  errorCode: z.number().int().min(0).max(99_999_999).optional().describe("An error code of Meta's, such as 131047"),
  errorSubcode: z.number().int().min(0).max(99_999_999).optional().describe("Its error_subcode"),
  finding: z
    .string()
    .max(100)
    .optional()
    .describe("The code of a finding or mistake, such as signature.valid or parsed-body"),
  delivery: idInput.optional().describe("A delivery that was rejected or that the app did not accept"),
});

const output = z.object({
  title: z.string(),
  meaning: z.string(),
  fix: z.string().optional(),
  /** Of an error code. */
  retry: z.enum(["soon", "limit", "never"]).optional().describe("Whether the same request can succeed later"),
  source: z.string().optional(),
  snippets: snippets.optional(),
});

type Explanation = z.input<typeof output>;

export function explainTool(kit: Kit) {
  return defineTool({
    name: "explain",
    title: "Explain an error",
    description:
      "Explains one of: an error code of Meta's, the code of a finding or mistake from check, replay or doctor, or a recorded delivery that was rejected (signature mismatch) or that the app did not accept.",
    input,
    output,
    effects: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    async run(given, { signal }) {
      const { errorCode, errorSubcode, finding, delivery } = given;
      const subjects = [errorCode ?? errorSubcode, finding, delivery].filter((each) => each !== undefined);
      if (subjects.length !== 1) throw oneSubject();
      if (finding !== undefined) return explainFinding(finding);
      if (delivery !== undefined) return explainDelivery(delivery, kit, signal);
      return explainCode(errorCode, errorSubcode);
    },
    text: ({ title, meaning, fix }) => `${title}: ${meaning}${fix === undefined ? "" : `\n→ ${fix}`}`,
  });
}

function oneSubject(): UsageError {
  return new UsageError("name one thing to explain", {
    code: "mcp.explain",
    hint: "set errorCode, finding or delivery",
  });
}

function explainCode(code: number | undefined, subcode: number | undefined): Explanation {
  const oauth = OAUTH_SUBCODES.find((each) => each.subcode === subcode);
  if (oauth !== undefined) {
    return { title: `Subcode ${oauth.subcode}`, meaning: oauth.meaning, fix: oauth.remedy, retry: "never" };
  }
  const known = findErrorCode(code ?? subcode ?? 0, subcode);
  if (known === undefined) {
    throw new UsageError(`the error code ${code ?? subcode} is unknown to wa-hook`, {
      code: "mcp.unknown-code",
      hint: "read the message and details of the error",
    });
  }
  const { title, meaning, remedy, retry = "never" } = known;
  return { title: `${known.code} ${title}`, meaning, fix: remedy, retry };
}

function explainFinding(code: string): Explanation {
  const mistake = mistakeOf(code);
  if (mistake !== undefined) {
    const { cause, fix, snippets } = mistake;
    return { title: code, meaning: cause, fix, ...(snippets === undefined ? {} : { snippets: [...snippets] }) };
  }
  const probe = probes.find((each) => each.code === code);
  if (probe !== undefined) {
    const { title, expected, why, source } = probe;
    return { title, meaning: `expected: ${expected}; ${why}`, ...(source === undefined ? {} : { source }) };
  }
  const question = questions.find((each) => each.code === code || code.startsWith(`${each.code}.`));
  if (question !== undefined) return { title: question.title, meaning: `expected: ${question.expected}` };
  throw new UsageError(`no finding or mistake has the code ${code}`, {
    code: "mcp.unknown-finding",
    hint: "use the code or the mistake of a result of check, replay or doctor",
  });
}

async function explainDelivery(id: string, kit: Kit, signal: AbortSignal): Promise<Explanation> {
  await using recordings = await kit.openRecordings(signal);
  const found = await recordings.get(id);
  const title = `Delivery ${found.id}`;
  if (found.verdict === "rejected") return { title, ...(await explainRejection(found, kit, signal)) };
  const forwards = await recordings.forwardsOf(found.id);
  const failed = forwards.findLast(({ state, attempts }) => state !== "delivered" && attempts > 0);
  if (failed === undefined) {
    const state = forwards.length === 0 ? "was not forwarded" : "the app accepted it or has not got it yet";
    return { title, meaning: `${found.verdict}; ${state}` };
  }
  const { to, attempts, status } = failed;
  const got = status === undefined ? "no response" : `status ${status}`;
  const fix = status === undefined ? "start the app, and check its port" : adviseOnStatus(status);
  const event = found.events.find((each) => each.fix !== undefined);
  const also = event === undefined ? "" : `; its ${event.kind} event: ${event.fix}`;
  return { title, meaning: `forwarded to ${to} ${attempts} times: ${got}${also}`, fix };
}

/** With the present settings, which may have been mended since; else with the reason that was recorded. */
async function explainRejection(
  { id, reason = "rejected" }: Delivery,
  kit: Kit,
  signal: AbortSignal,
): Promise<Omit<Explanation, "title">> {
  const fix = "use the raw bytes of the body, and the secret of the subscribed app: App settings → Basic → App secret";
  let meaning = reason;
  try {
    for await (const event of runCommand(["verify", verify], { delivery: `@${id}` }, { kit, signal })) {
      if (event.valid) return { meaning: `it was rejected (${reason}), and is valid now: signed with ${event.secret}` };
      meaning = event.reason ?? reason;
    }
  } catch (error) {
    const isKnown = error instanceof CheckFailedError || error instanceof UsageError;
    if (!isKnown) throw error;
  }
  return { meaning, fix };
}
