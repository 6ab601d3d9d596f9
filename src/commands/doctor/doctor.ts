/** `wa-hook doctor`: diagnoses missing webhooks. */
import * as z from "zod";

import type { SettingValue } from "../../doctor/context.ts";
import type { Diagnosis } from "../../doctor/diagnosis.ts";
import { diagnose, type Step } from "../../doctor/doctor.ts";
import { CheckFailedError } from "../../errors.ts";
import { parseAllowedNumbers } from "../../graph/allowed-numbers.ts";
import { isOpen, readEntries } from "../../registration/journal.ts";
import { DEVELOPMENT_FILE, knownDevelopmentSecrets } from "../../store/folder.ts";
import { defineCommand, input, setting, type SourcedValue } from "../../terminal/command.ts";
import { wrap } from "../../terminal/paint.ts";
import { envFileInUse } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, openGraph, phoneNumberId, type GraphInputs } from "../inputs/graph.ts";
import { printFinding } from "../views/findings.ts";
import { printReported, printsLines, reported, reportInputs, type ReportEvent } from "../views/report.ts";

const inputs = z.object({
  url: input(
    "--url <https url>",
    "The callback that should receive the messages (default: that of the running listener)",
    z
      .string()
      .refine(
        (given) => URL.canParse(given) && /^https?:/.test(given),
        "must be a URL, such as https://example.com/webhook",
      )
      .optional(),
  ),
  ...reportInputs,
  appId: setting("appId", "--app-id <id>", "The app that should receive the webhooks"),
  businessAccountId: setting("businessAccountId", "", ""),
  verifyToken: setting("verifyToken", "--verify-token-file <file>", "Read the verify token from this file"),
  allowedNumbers: setting("allowedNumbers", "", ""),
  phoneNumberId,
  ...graphInputs,
});

type Inputs = z.output<typeof inputs>;
type Event =
  | Step
  /** What follows from the findings. */
  | ({ type: "diagnosis" } & Omit<Diagnosis, "findings">)
  | ReportEvent;

export const doctor = defineCommand<typeof inputs, Event>({
  inputs,
  accepts: "empty secrets",
  exits: { 1: "A check failed" },
  examples: [
    ["wa-hook doctor", "Check settings, Meta and callback, and name the likely cause"],
    ["wa-hook doctor --url https://example.com/webhook", "Also check that this callback receives the messages"],
    ["wa-hook doctor --report junit=doctor.xml", "In CI: write a report, and exit 1 if a check fails"],
  ],

  async *run(inputs, world) {
    const { report } = inputs;
    await using graph = openGraph(withoutEmpty(inputs), world);
    const callbackUrl = inputs.url ?? (await listenerUrl(world.cwd));
    const steps = diagnose({
      graph,
      settings: settingsOf(inputs, world),
      envFile: envFileInUse(inputs) ?? ".env",
      ...(knownDevelopmentSecrets(world.cwd) === undefined ? {} : { developmentFile: DEVELOPMENT_FILE }),
      isLocal: graph.urlOf("").protocol === "http:",
      allowedNumbers: parseAllowedNumbers(inputs.allowedNumbers?.value),
      now: world.now(),
      signal: world.signal,
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    });
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) if (printsLines(report)) yield step.value;
    const { findings, ...diagnosis } = step.value;
    if (printsLines(report)) yield { type: "diagnosis", ...diagnosis };
    const target = `${inputs.phoneNumberId?.value ?? "no number"} ${callbackUrl ?? "no callback"}`;
    yield* reported({ title: "wa-hook doctor", suites: [{ name: "doctor", findings }], target }, inputs, world);
    const { cause, fix } = diagnosis;
    if (cause === undefined) return;
    throw new CheckFailedError(cause, { code: "doctor", ...(fix === undefined ? {} : { hint: fix }) });
  },

  print(event, paint, original) {
    switch (event.type) {
      case "report":
      case "changes":
        return printReported(event, original as ReportEvent, paint);
      case "checking":
        return { progress: paint.quiet(`Checking: ${event.title}`) };
      case "finding":
        return printFinding(event, paint);
      case "diagnosis": {
        // The cause of a failure is printed as the error.
        if (event.cause !== undefined) return undefined;
        const line = wrap(event.summary, paint.width, 2);
        return event.fix === undefined ? { detail: line } : line;
      }
    }
  },
});

/** An empty secret becomes a finding; the Graph API client must not use it. */
function withoutEmpty(inputs: Inputs): GraphInputs {
  const { accessToken, appSecret } = inputs;
  return {
    ...inputs,
    accessToken: accessToken?.value === "" ? undefined : accessToken,
    appSecret: appSecret?.value === "" ? undefined : appSecret,
  };
}

/** The URL that a running listener of this folder has registered. */
async function listenerUrl(cwd: string): Promise<string | undefined> {
  const entry = readEntries(cwd).findLast(({ lasting }) => lasting !== true);
  return entry !== undefined && (await isOpen(cwd)) ? entry.urls.at(-1) : undefined;
}

/** The settings with their sources. Of the development secrets, only the verify token can be known to Meta. */
function settingsOf(inputs: Inputs, world: World): Record<string, SettingValue> {
  const { accessToken, phoneNumberId, businessAccountId, appId, appSecret } = inputs;
  const verifyToken = inputs.verifyToken ?? developmentToken(world.cwd);
  const known = { accessToken, phoneNumberId, businessAccountId, appId, appSecret, verifyToken };
  return Object.fromEntries(
    Object.entries(known).flatMap(([key, sourced]) => (sourced === undefined ? [] : [[key, settingValue(sourced)]])),
  );
}

function settingValue({ value, name, source, others }: SourcedValue): SettingValue {
  return { value, from: name === source ? name : `${name} in ${source}`, others: others.map((other) => other.name) };
}

function developmentToken(cwd: string): SourcedValue | undefined {
  const value = knownDevelopmentSecrets(cwd)?.verifyToken;
  return value === undefined
    ? undefined
    : { value, name: "generated for development", source: DEVELOPMENT_FILE, others: [] };
}
