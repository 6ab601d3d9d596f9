/** `wa-hook token`: checks the access token's validity, expiry and permissions. */
import * as z from "zod";

import { CheckFailedError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { checkPhoneAccess } from "../../graph/phone-finding.ts";
import { checkToken, TOKEN_DETAILS } from "../../graph/token-findings.ts";
import { SCOPES } from "../../graph/token-permissions.ts";
import { inspectToken, type Inspection } from "../../graph/token.ts";
import type { Finding } from "../../report/finding.ts";
import { envName } from "../../setting-names.ts";
import { defineCommand, duration, input, setting } from "../../terminal/command.ts";
import { masked } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { appOf, graphInputs, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { printsLines, reported, reportInput } from "../views/report.ts";
import { tokenLines, type TokenEvent } from "./view.ts";

const inputs = z.object({
  minTtl: input("--min-ttl <time>", "Fail if the token expires sooner, such as 7d", duration.optional()),
  require: input("--require <scope>", "Fail without this permission (repeatable)", z.array(z.string()).default([])),
  report: reportInput,
  appId: setting("appId", "--app-id <id>", "The app that the token should belong to"),
  businessAccountId: setting("businessAccountId", "", ""),
  phoneNumberId,
  ...graphInputs,
});

export const token = defineCommand<typeof inputs, TokenEvent>({
  inputs,
  exits: { 1: "The token is invalid, expires too soon or lacks a permission" },
  examples: [
    ["wa-hook token", `Show and check ${envName("accessToken")}`],
    ["wa-hook token --min-ttl 7d --quiet", "In a cron job: exit 1 if the token expires within a week"],
    ["wa-hook token --require business_management", "Also check for another permission"],
    ["wa-hook token --report junit=token.xml", "Write a report for CI"],
  ],

  async *run(inputs, world) {
    const given = needToken(inputs);
    await using graph = openGraph(inputs, world);
    const { report } = inputs;
    const inspection = await inspectToken(graph, given.value, appOf(inputs));
    if (printsLines(report)) {
      const now = inspection?.date ?? world.now();
      const head = { token: masked(given.value), source: `${given.name} in ${given.source}`, now };
      const details = inspection === undefined ? {} : { by: inspection.by, facts: inspection.facts };
      yield { type: "token", ...head, ...details };
    }
    const findings = await check(graph, inspection, inputs, world);
    // With an invalid token, or one of another app, Meta rejects the request for the same reason.
    const usable = findings.every(({ code, status }) => status !== "fail" || !BLOCKING.has(code));
    if (usable && inputs.phoneNumberId !== undefined) {
      findings.push(await checkPhoneAccess(graph, inputs.phoneNumberId.value));
    }
    if (printsLines(report)) for (const finding of findings) yield { type: "finding", ...finding };
    yield* reported({ title: "wa-hook token", suites: [{ name: "token", findings }] }, { report }, world);
    const failed = findings.filter(({ status }) => status === "fail");
    if (failed.length > 0) throw checkFailed(failed);
  },

  print: tokenLines,
});

const BLOCKING = new Set(["token.valid", "token.app"]);

async function check(
  graph: Graph,
  inspection: Inspection | undefined,
  given: z.output<typeof inputs>,
  world: World,
): Promise<Finding[]> {
  if (inspection === undefined) return [NOT_AVAILABLE];
  const { minTtl, appId, businessAccountId, phoneNumberId } = given;
  return checkToken(graph, inspection, {
    scopes: [...new Set([...SCOPES, ...given.require])],
    now: world.now(),
    ...(minTtl === undefined ? {} : { minTtl }),
    ...(appId === undefined ? {} : { appId: appId.value }),
    ...(businessAccountId === undefined ? {} : { businessAccountId: businessAccountId.value }),
    ...(phoneNumberId === undefined ? {} : { phoneNumberId: phoneNumberId.value }),
  });
}

/** Meta discloses a token to its app, and to the token itself only in some cases. */
const NOT_AVAILABLE: Finding = {
  ...TOKEN_DETAILS,
  status: "warn",
  got: "not available without the app's credentials",
  fix: `set ${envName("appId")} and ${envName("appSecret")} (App settings → Basic)`,
};

function checkFailed(failed: readonly Finding[]): CheckFailedError {
  const [first] = failed;
  const more = failed.length === 1 ? "" : ` (and ${failed.length - 1} more)`;
  return new CheckFailedError(`token check failed: ${first?.title}: ${first?.got}${more}`, {
    code: first?.code ?? "token",
    ...(first?.fix === undefined ? {} : { hint: first.fix }),
  });
}
