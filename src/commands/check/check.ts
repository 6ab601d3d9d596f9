/** `wa-hook check`: is this endpoint right? */
import { check as checkEndpoint, type CheckResult } from "../../check/check.ts";
import type { Conclusion } from "../../check/conclusion.ts";
import { topicOf } from "../../check/probes/index.ts";
import { CheckFailedError } from "../../errors.ts";
import type { Finding } from "../../report/finding.ts";
import type { Suite } from "../../report/junit.ts";
import { envName } from "../../setting-names.ts";
import { DEVELOPMENT_FILE } from "../../store/folder.ts";
import { defineCommand, notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { settingsHint } from "../inputs/emulate.ts";
import { appNotices, emulatorSettings, startedApp } from "../inputs/start.ts";
import { printReported, printsLines, reported } from "../views/report.ts";
import type { Event, Summary } from "./event.ts";
import { inputs, type Inputs } from "./inputs.ts";
import { certificatesOf, endpointOf, secretsOf, standInOf, type Secrets, type StandIn } from "./setup.ts";
import { arrangeFindings, conclusionLines, findingLines, notCheckedLines, summaryLine } from "./view.ts";

export const check = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook check 3000", "Check the app at http://localhost:3000/webhook"],
    ['wa-hook check 3000 --start "npm start" --emulate', "Run the app, and also check what it sends to customers"],
    ["wa-hook check https://example.com/webhook --yes", "Check a deployed endpoint and its certificate"],
    ["wa-hook check 3000 --only 'signature.*'", "Only the signature checks, and those they need"],
    ["wa-hook check 3000 --report junit=check.xml", "In CI: write a report, and exit 1 if a check fails"],
  ],

  async *run(inputs, world) {
    const { report } = inputs;
    const url = endpointOf(inputs);
    const certificates = certificatesOf(inputs, world);
    const secrets = secretsOf(inputs, world);
    await using standIn = await standInOf(inputs, secrets, world);
    yield* noticeStart(inputs, url, { secrets, standIn });
    const settings = { ...settingsOf(secrets), ...(standIn === undefined ? {} : emulatorSettings(standIn.emulator)) };
    await using app = await startedApp(inputs, { to: url, settings }, world);
    if (printsLines(report)) yield { type: "endpoint", url: url.href };
    const steps = checkEndpoint({ url, ...certificates, ...optionsOf(inputs, { secrets, standIn }, world) });
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) if (printsLines(report)) yield step.value;
    const { findings, conclusions, requests, ms } = step.value;
    if (printsLines(report)) {
      for (const conclusion of conclusions) yield { type: "conclusion", ...conclusion };
      yield { type: "summary", ...countsOf(findings), requests, ms };
    }
    const failures = conclusions.filter(({ severity }) => severity === "fail");
    const about = { title: "wa-hook check", target: `${url.origin}${url.pathname}`, diagnosis: failures[0] };
    yield* reported({ ...about, suites: suitesOf(step.value), complete: !world.signal.aborted }, inputs, world);
    if (failures.length === 0) return;
    yield* appNotices(app);
    throw failed(failures);
  },

  arrange: arrangeFindings,

  print(event, paint, original) {
    switch (event.type) {
      case "report":
      case "changes":
        return printReported(event, original as typeof event, paint);
      case "endpoint":
        return { detail: `Checking ${event.url}` };
      case "checking":
        return { progress: paint.quiet(`${event.done}/${event.total} ${event.title}`) };
      case "topic":
        return { detail: ["", event.title] };
      case "finding":
        return findingLines(event, paint);
      case "not checked":
        return notCheckedLines(event.reasons, paint);
      case "conclusion":
        return conclusionLines(event, paint);
      case "summary":
        return summaryLine(event, paint);
    }
  },
});

function* noticeStart(
  { start, wait }: Inputs,
  { origin }: URL,
  { secrets, standIn }: { secrets: Secrets; standIn: StandIn | undefined },
): Generator<Notice> {
  if (secrets.development) yield notice(`Using the development secrets in ${DEVELOPMENT_FILE}`);
  if (start !== undefined) yield notice(`Starting ${start}, waiting for ${origin} …`);
  else if (wait !== undefined) yield notice(`Waiting for ${origin} …`);
  if (standIn === undefined || start !== undefined) return;
  yield notice(`Graph API emulated at ${standIn.emulator.url}`, settingsHint(standIn.emulator));
}

/** The secrets for the app of `--start`. */
function settingsOf({ appSecret, verifyToken }: Secrets): Record<string, string> {
  const token = verifyToken === undefined ? {} : { [envName("verifyToken")]: verifyToken };
  return { [envName("appSecret")]: appSecret, ...token };
}

function optionsOf(
  { only, skip, timeout, phoneNumberId, businessAccountId }: Inputs,
  { secrets: { appSecret, verifyToken }, standIn }: { secrets: Secrets; standIn: StandIn | undefined },
  { signal }: World,
) {
  return {
    appSecret,
    timeout,
    signal,
    skip: skip.flat(),
    ...(only === undefined ? {} : { only: only.flat() }),
    ...(verifyToken === undefined ? {} : { verifyToken }),
    ...(phoneNumberId === undefined ? {} : { phoneNumberId: phoneNumberId.value }),
    ...(businessAccountId === undefined ? {} : { businessAccountId: businessAccountId.value }),
    ...(standIn === undefined
      ? {}
      : { answers: standIn.answers, onDelivery: (payload: object) => standIn.emulator.adopt(payload) }),
  };
}

function countsOf(findings: readonly Finding[]): Omit<Summary, "requests" | "ms"> {
  const of = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  return { passed: of("pass"), warned: of("warn"), failed: of("fail"), skipped: of("skip") };
}

/** One suite per topic. */
function suitesOf({ findings }: CheckResult): Suite[] {
  const names = [...new Set(findings.map(({ code }) => topicOf(code)))];
  return names.map((name) => ({ name, findings: findings.filter(({ code }) => topicOf(code) === name) }));
}

function failed(failures: readonly Conclusion[]): CheckFailedError {
  const [first] = failures;
  const others = failures.slice(1).map(({ mistake }) => mistake);
  const more = others.length === 0 ? "" : `; also: ${others.join(", ")}`;
  return new CheckFailedError(`${first?.cause}${more}`, {
    code: "check.failed",
    ...(first === undefined ? {} : { hint: first.fix }),
    facts: { mistakes: failures.map(({ mistake }) => mistake) },
  });
}
