/** `wa-hook doctor`: why do no events come? */
import * as z from "zod";

import type { Diagnosis } from "../../doctor/diagnosis.ts";
import { diagnose, type Step } from "../../doctor/doctor.ts";
import type { Given } from "../../doctor/patient.ts";
import { CheckFailedError } from "../../errors.ts";
import { readAllowed } from "../../graph/recipient.ts";
import { isOpen, readEntries } from "../../registration/journal.ts";
import { DEVELOPMENT_FILE, knownDevelopmentSecrets } from "../../store/folder.ts";
import { defineCommand, input, setting, type SourcedValue } from "../../terminal/command.ts";
import { wrap } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, openGraph, phoneNumberId, type GraphInputs } from "../inputs/graph.ts";
import { findingLines, isTold, reportInput, reportOf } from "../views/findings.ts";

const inputs = z.object({
  url: input(
    "--url <https url>",
    "the callback that should get the messages (default: the listener's, if it runs here)",
    z
      .string()
      .refine(
        (given) => URL.canParse(given) && /^https?:/.test(given),
        "must be a URL, such as https://example.com/webhook",
      )
      .optional(),
  ),
  report: reportInput,
  appId: setting("appId", "--app-id <id>", "the app that should get the events"),
  businessAccountId: setting("businessAccountId", "", ""),
  verifyToken: setting("verifyToken", "--verify-token-file <file>", "a file that holds the verify token"),
  allowedNumbers: setting("allowedNumbers", "", ""),
  phoneNumberId,
  ...graphInputs,
});

type Event = Step | ({ type: "diagnosis" } & Omit<Diagnosis, "findings">) | { type: "report"; text: string };

export const doctor = defineCommand<typeof inputs, Event>({
  inputs,
  accepts: "empty secrets",
  examples: [
    ["wa-hook doctor", "from the settings to the callback, then the likely cause"],
    ["wa-hook doctor --url https://example.com/webhook", "and is this the callback?"],
    ["wa-hook doctor --report junit=doctor.xml", "for CI: exit 1 when something is wrong"],
  ],

  async *run(inputs, world) {
    const { report } = inputs;
    await using graph = openGraph(withoutEmpty(inputs), world);
    const url = inputs.url ?? (await listenerUrl(world.cwd));
    const steps = diagnose({
      graph,
      settings: settingsOf(inputs, world),
      offline: graph.urlOf("").protocol === "http:",
      allowedNumbers: readAllowed(inputs.allowedNumbers?.value),
      now: world.now(),
      signal: world.signal,
      ...(url === undefined ? {} : { url }),
    });
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) if (isTold(report)) yield step.value;
    const { findings, ...diagnosis } = step.value;
    if (isTold(report)) yield { type: "diagnosis", ...diagnosis };
    const text = reportOf("wa-hook doctor", [{ name: "doctor", findings }], report, world);
    if (text !== undefined) yield { type: "report", text };
    const { cause, fix } = diagnosis;
    if (cause === undefined) return;
    throw new CheckFailedError(cause, { code: "doctor", ...(fix === undefined ? {} : { hint: fix }) });
  },

  print(event, paint, original) {
    if (original.type === "report") return original.text;
    switch (event.type) {
      case "question":
        return { progress: paint.quiet(`looking: ${event.title}`) };
      case "finding":
        return findingLines(event, paint);
      case "diagnosis":
        // The cause of a failure is told as the error.
        return event.cause === undefined ? wrap(event.sentence, paint.width, 2) : undefined;
    }
  },
});

/** An empty secret is a finding, and not used for anything else. */
function withoutEmpty(inputs: z.output<typeof doctor.inputs>): GraphInputs {
  const { accessToken, appSecret } = inputs;
  return {
    ...inputs,
    accessToken: accessToken?.value === "" ? undefined : accessToken,
    appSecret: appSecret?.value === "" ? undefined : appSecret,
  };
}

/** Where a listener that runs in this folder has had Meta's webhooks sent. */
async function listenerUrl(cwd: string): Promise<string | undefined> {
  const entry = readEntries(cwd).findLast(({ lasting }) => lasting !== true);
  return entry !== undefined && (await isOpen(cwd)) ? entry.urls.at(-1) : undefined;
}

/** Each with where it is from; of the secrets made for development, Meta can have been told the verify token only. */
function settingsOf(inputs: z.output<typeof doctor.inputs>, world: World): Record<string, Given> {
  const { accessToken, phoneNumberId, businessAccountId, appId, appSecret } = inputs;
  const verifyToken = inputs.verifyToken ?? developmentToken(world.cwd);
  const known = { accessToken, phoneNumberId, businessAccountId, appId, appSecret, verifyToken };
  return Object.fromEntries(
    Object.entries(known).flatMap(([key, setting]) => (setting === undefined ? [] : [[key, given(setting)]])),
  );
}

function given({ value, name, source, others }: SourcedValue): Given {
  return { value, from: name === source ? name : `${name} in ${source}`, others: others.map((other) => other.name) };
}

function developmentToken(cwd: string): SourcedValue | undefined {
  const value = knownDevelopmentSecrets(cwd)?.verifyToken;
  return value === undefined
    ? undefined
    : { value, name: "made for development", source: DEVELOPMENT_FILE, others: [] };
}
