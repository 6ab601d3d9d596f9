/** `wa-hook flow check`: checks the endpoint of a Flow. */
import * as z from "zod";

import { CheckFailedError, UnavailableError } from "../../errors.ts";
import { checkFlow, NOT_ASKED } from "../../flows/check.ts";
import type { Finding } from "../../report/finding.ts";
import { defineCommand, input, notice } from "../../terminal/command.ts";
import { printFinding } from "../views/findings.ts";
import { printReported, printsLines, reported, reportInputs, type ReportEvent } from "../views/report.ts";
import { announce, dataInput, flowInputs, openFlow, readData } from "./inputs.ts";
import { compareKey } from "./registered-key.ts";

const inputs = z.object({
  ...flowInputs,
  screen: input(
    "--screen <name>",
    "A screen to submit (default: the one that INIT responds with)",
    z.string().optional(),
  ),
  data: dataInput,
  expiredToken: input("--expired-token <text>", "A flow token that the endpoint must refuse", z.string().optional()),
  ...reportInputs,
});

type Event = ({ type: "finding" } & Finding) | ReportEvent;

const NO_RESPONSE = new Set(["no-response", "timeout"]);

export const flowCheck = defineCommand<typeof inputs, Event>({
  inputs,
  exits: { 1: "A check failed", 4: "The endpoint did not respond" },
  examples: [
    ["wa-hook flow check 3000", "Check the endpoint at http://localhost:3000/"],
    [`wa-hook flow check 3000 --screen BOOK --data '{"day":"friday"}'`, "Submit a screen with data that it accepts"],
    [
      "wa-hook flow check https://example.com/flow --report junit=flow.xml",
      "In CI: write a report, and exit 1 on failure",
    ],
  ],

  async *run(inputs, world) {
    const { report, screen, expiredToken } = inputs;
    const data = readData(inputs.data, world);
    await using flow = await openFlow(inputs, world);
    yield* announce(inputs, flow.client);
    const findings: Finding[] = [];
    const compared = await compareKey(inputs, world, flow.publicKey);
    if (compared !== undefined) {
      findings.push(compared);
      if (printsLines(report)) yield { type: "finding", ...compared };
    }
    const steps = checkFlow({
      ...flow,
      signal: world.signal,
      ...(screen === undefined ? {} : { screen }),
      ...(data === undefined ? {} : { data }),
      ...(expiredToken === undefined ? {} : { expiredToken }),
    });
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) {
      findings.push(step.value);
      if (printsLines(report)) yield { type: "finding", ...step.value };
    }
    const open = findings.filter(({ reason }) => reason === NOT_ASKED).length;
    if (open > 0 && printsLines(report)) yield notice(`${open} further checks need a working health check`);
    const mistake = step.value;
    const about = { title: "wa-hook flow check", target: inputs.url.href, diagnosis: mistake };
    yield* reported({ ...about, suites: [{ name: "flow", findings }], complete: !world.signal.aborted }, inputs, world);
    if (mistake === undefined) return;
    const Failure =
      NO_RESPONSE.has(mistake.code) && findings.some(({ code, status }) => code === "ping" && status === "fail")
        ? UnavailableError
        : CheckFailedError;
    throw new Failure(mistake.cause, { code: `flow.${mistake.code}`, hint: mistake.fix });
  },

  print(event, paint, original) {
    if (event.type !== "finding") return printReported(event, original as typeof event, paint);
    return event.reason === NOT_ASKED ? undefined : printFinding(event, paint);
  },
});
