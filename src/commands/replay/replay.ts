/** `wa-hook replay`: signs deliveries as Meta does, sends them, and reports the responses. */
import type { App } from "../../app/app.ts";
import { CheckFailedError, InterruptedError } from "../../errors.ts";
import { deliver, type Delivered, type Target } from "../../replay/deliver.ts";
import type { Expectations, Expected } from "../../replay/expectations/expectations.ts";
import { Load } from "../../replay/load.ts";
import { plan } from "../../replay/plan.ts";
import { Preparing, type Signing } from "../../replay/prepare.ts";
import { Tally, type Summary } from "../../replay/tally.ts";
import { envName } from "../../setting-names.ts";
import { DEVELOPMENT_FILE } from "../../store/folder.ts";
import { defineCommand, notice, type Notice } from "../../terminal/command.ts";
import { counted } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { editsOf } from "../inputs/edits.ts";
import { settingsHint } from "../inputs/emulate.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { appSecretOf, verifyTokenOf, type Secret } from "../inputs/secrets.ts";
import { appNotices, emulatorSettings, startedApp } from "../inputs/start.ts";
import { needsFindings, printReported, printsLines, reported, type ReportEvent } from "../views/report.ts";
import { unknownWarning } from "../views/unknown.ts";
import { chaosLines, ChaosRun, type ChaosResult } from "./chaos.ts";
import { emulatorOf, type ReplayEmulator } from "./emulator.ts";
import { checkCombinations, faultOf, inputs, target, type Inputs } from "./inputs.ts";
import { expectationsOf, judgingOf, Recording } from "./judging.ts";
import { Suites } from "./suites.ts";
import { deliveredLines, progressBar, summaryLines } from "./view.ts";

type Event =
  | ({ type: "delivered" } & Delivered)
  | ({ type: "summary" } & Summary)
  | ({ type: "chaos" } & ChaosResult)
  | { type: "recorded"; file: string; fixtures: number }
  | ReportEvent;

export const replay = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook replay", "All bundled deliveries to wa-hook listen"],
    ["wa-hook replay text image --to 3000", "Two of them to http://localhost:3000/webhook"],
    [
      "wa-hook replay text --set text.body=Hello --fresh",
      "With another text and a new id; known ids are duplicates in listen",
    ],
    ["wa-hook replay conversation --speed 10", "A conversation in order, at ten times the speed"],
    ["wa-hook replay --tampered --to 3000", "Check that the app rejects invalid signatures"],
    [
      'wa-hook replay --start "npm start" --emulate --expectations expect.json',
      "Run the app, and check what it sends to customers",
    ],
    ['wa-hook replay --start "npm start" --emulate --record expect.json', "Record what it does now"],
    [
      'wa-hook replay --start "npm start" --emulate --chaos duplicates,reorder',
      "Simulate irregular delivery, and check that each message is answered once",
    ],
    ["wa-hook events export | wa-hook replay - --to 3000", "All recorded deliveries again"],
  ],

  async *run(inputs, world) {
    checkCombinations(inputs);
    const to = target(inputs);
    const fault = faultOf(inputs);
    const secret = appSecretOf(inputs.appSecret, world.cwd);
    const expectations = expectationsOf(inputs, world);
    const recording = inputs.record === undefined ? undefined : new Recording(inputs.record, world.cwd);
    const signing = { appSecret: secret.value, ...(fault === undefined ? {} : { fault }) };
    const load = await loadOf(inputs, { signing, expectations }, world);
    const scanned = load.count !== undefined;
    if (scanned) yield* noticeSources(load);
    await using emulator = await emulatorOf(inputs, secret.value, world);
    yield* noticeStart(inputs, to, emulator);
    await using app = await appOf(inputs, { to, secret, emulator }, world);
    if (secret.development) yield notice(`Signing with the development secret in ${DEVELOPMENT_FILE}`);
    const judging = judgingOf(expectations, { emulator, recording, signal: world.signal });
    const chaos =
      inputs.chaos === undefined ? undefined : new ChaosRun(inputs, { kinds: inputs.chaos, signing, emulator });
    const tally = new Tally();
    const suites = new Suites({ all: needsFindings(inputs.report, world) });
    const printed = printsLines(inputs.report);
    let failure: unknown;
    try {
      const destination = destinationOf(inputs, to, world);
      const deliveries = chaos?.deliver(load, destination, judging) ?? deliver(load, destination, judging);
      for await (const delivered of deliveries) {
        tally.count(delivered);
        suites.add(delivered);
        if (printed) yield { type: "delivered", ...delivered };
      }
    } catch (error) {
      // Without a response there is no summary.
      if (tally.done === 0) throw error;
      failure = error;
    }
    if (!scanned) yield* noticeSources(load);
    const summary = tally.summary({ signed: fault === undefined });
    if (printed) yield { type: "summary", ...summary };
    const disturbed = await chaos?.result(tally);
    const unmet = disturbed?.findings.filter(({ status }) => status === "fail").length ?? 0;
    if (disturbed !== undefined) suites?.addFindings("chaos", disturbed.findings);
    if (disturbed !== undefined && printed) yield { type: "chaos", ...disturbed };
    yield* noticeResults(inputs, { summary, expectations });
    if (tally.failed > 0) yield* appNotices(app);
    // While recording, nothing that the app does is a failure.
    const complete = failure === undefined && !world.signal.aborted && recording === undefined;
    const about = { title: "wa-hook replay", target: `${to.origin}${to.pathname}`, diagnosis: summary.diagnosis };
    yield* reported({ ...about, suites: suites.all(), complete }, inputs, world);
    if (failure !== undefined) throw failure;
    if (world.signal.aborted) throw interrupted(tally.done, load.total);
    if (recording !== undefined) yield { type: "recorded", file: recording.file, fixtures: recording.write() };
    if (tally.failed > 0)
      throw failed(tally, summary, { total: chaos === undefined ? (load.total ?? tally.done) : tally.done, secret });
    if (unmet > 0) throw answeredTwice(unmet);
  },

  print(event, paint, original) {
    switch (event.type) {
      case "report":
      case "changes":
        return printReported(event, original as ReportEvent, paint);
      case "delivered":
        return [
          ...deliveredLines(event, paint),
          ...((event.total ?? Infinity) > 1 ? [{ progress: progressBar(event, paint) }] : []),
        ];
      case "chaos":
        return chaosLines(event, paint);
      case "summary":
        return summaryLines(event, paint);
      case "recorded":
        return `${paint.good("✓")} Recorded what the app does with ${counted(event.fixtures, "delivery", "deliveries")} in ${event.file}`;
    }
  },
});

async function* noticeSources(load: Load): AsyncGenerator<Notice, void, void> {
  const { skipped } = load;
  const unknown = await load.unknown();
  if (unknown.length > 0) yield notice(unknownWarning(unknown));
  if (skipped > 0) yield notice(`${counted(skipped, "rejected delivery", "rejected deliveries")} skipped`);
}

/** Waiting for the app, and what it needs to use the emulator when it is not started here. */
function* noticeStart({ start, wait }: Inputs, to: URL, emulator: ReplayEmulator | undefined): Generator<Notice> {
  if (start !== undefined) yield notice(`Starting ${start}, waiting for ${to.origin} …`);
  else if (wait !== undefined) yield notice(`Waiting for ${to.origin} …`);
  if (emulator === undefined || start !== undefined) return;
  yield notice(`Graph API emulated at ${emulator.emulator.url}`, settingsHint(emulator.emulator));
}

/** The app of `--start`, with the secrets of this run and the settings of the emulator in its environment. */
function appOf(
  inputs: Inputs,
  { to, secret, emulator }: { to: URL; secret: Secret; emulator: ReplayEmulator | undefined },
  world: World,
): Promise<App | undefined> {
  const settings = {
    [envName("appSecret")]: secret.value,
    [envName("verifyToken")]: verifyTokenOf(inputs.verifyToken, world.cwd).value,
    ...(emulator === undefined ? {} : emulatorSettings(emulator.emulator)),
  };
  return startedApp(inputs, { to, settings }, world);
}

function destinationOf(inputs: Inputs, to: URL, { signal }: World): Target {
  const { concurrency, timeout, speed, rate, ownCustomers } = inputs;
  return {
    to,
    concurrency: concurrency ?? (rate === undefined ? (ownCustomers ? OWN_CONCURRENCY : 1) : RATE_CONCURRENCY),
    timeout,
    signal,
    ...(speed === undefined ? {} : { speed }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** With fewer requests at once, a slow app would slow down the rate. */
const RATE_CONCURRENCY = 256;
/** Most of the time is spent waiting for answers. */
const OWN_CONCURRENCY = 32;

function* noticeResults(
  { rate, expectations: file }: Inputs,
  { summary, expectations }: { summary: Summary; expectations: Expectations },
): Generator<Notice> {
  const { duplicates, perSecond, passed, failed } = summary;
  if (duplicates > 0) yield duplicatesNotice(duplicates);
  const isBehind = rate !== undefined && passed + failed > rate && perSecond < rate * 0.9;
  if (isBehind) yield notice(`the rate was ${Math.round(perSecond)}/s instead of ${rate}/s`, "raise --concurrency");
  const unused = expectations.unused.slice(0, SHOWN_UNUSED).join(", ");
  if (unused !== "") yield notice(`! ${file}: no delivery in this run for ${unused}`);
}

const SHOWN_UNUSED = 10;

function duplicatesNotice(duplicates: number): Notice {
  const deliveries = counted(duplicates, "delivery was a duplicate", "deliveries were duplicates");
  return notice(`${deliveries}: acknowledged by the listener, not forwarded to the app`, "add --fresh to send new ids");
}

async function loadOf(
  inputs: Inputs,
  { signing, expectations }: { signing: Signing; expectations: Expectations },
  world: World,
): Promise<Load> {
  const planned = await plan(inputs.fixtures, {
    cwd: world.cwd,
    stdin: world.stdin,
    recorded: (id) => recorded(id, inputs, world),
    raw: inputs.raw,
  });
  const { escape, repeat, speed } = inputs;
  const check = inputs.record === undefined ? { check: (delivery: Expected) => void expectations.of(delivery) } : {};
  const preparing = new Preparing({
    edits: { ...editsOf(inputs), ownCustomers: inputs.ownCustomers },
    escape,
    signing,
    now: () => world.now(),
    ...check,
  });
  const load = new Load(planned, preparing, repeat);
  await load.scan({ timed: speed !== undefined });
  return load;
}

async function recorded(id: string, { store }: Inputs, world: World): Promise<{ id: string; body: Uint8Array }> {
  await using opened = await openRecorded(store, world);
  return await opened.find(id);
}

function interrupted(done: number, total: number | undefined): InterruptedError {
  const of = total === undefined ? counted(done, "delivery", "deliveries") : `${done} of ${total} deliveries`;
  return new InterruptedError(`stopped after ${of}`, { code: "replay.interrupted" });
}

function answeredTwice(count: number): CheckFailedError {
  return new CheckFailedError(`${counted(count, "message was", "messages were")} answered twice`, {
    code: "replay.answered-twice",
    hint: "ignore the ids of messages that were handled: Meta delivers at least once",
  });
}

function failed(
  { failed: count, evidence }: Tally,
  { diagnosis }: Summary,
  { total, secret }: { total: number; secret: Secret },
): CheckFailedError {
  const mismatch = secret.development && evidence.rejected > 0;
  const hint =
    diagnosis?.fix ??
    (mismatch
      ? `use the app secret in ${DEVELOPMENT_FILE} in the app, or set WHATSAPP_APP_SECRET for both`
      : undefined);
  return new CheckFailedError(`${count} of ${counted(total, "delivery", "deliveries")} failed`, {
    code: "replay.failed",
    ...(hint === undefined ? {} : { hint }),
  });
}
