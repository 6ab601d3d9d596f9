/** `wa-hook replay`: signs deliveries as Meta does, sends them, and reports the responses. */
import * as z from "zod";

import { CheckFailedError, InterruptedError, UsageError } from "../../errors.ts";
import { deliver, waitFor, type Delivered } from "../../replay/deliver.ts";
import { isStatusExpectation, type Expectation } from "../../replay/expect.ts";
import { Load } from "../../replay/load.ts";
import { plan } from "../../replay/plan.ts";
import { Preparing, type Fault, type Signing } from "../../replay/prepare.ts";
import { Tally, type Summary } from "../../replay/tally.ts";
import { DEVELOPMENT_FILE } from "../../store/folder.ts";
import {
  count,
  defineCommand,
  duration,
  endpoint,
  input,
  notice,
  setting,
  storeFile,
  yes,
  type Notice,
} from "../../terminal/command.ts";
import { counted } from "../../terminal/paint.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { editInputs, editsOf } from "../inputs/edits.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { appSecretOf, type Secret } from "../inputs/secrets.ts";
import {
  needsFindings,
  printReported,
  printsLines,
  reported,
  reportInputs,
  type ReportEvent,
} from "../views/report.ts";
import { unknownWarning } from "../views/unknown.ts";
import { Suites } from "./suites.ts";
import { deliveredLines, progressBar, summaryLines } from "./view.ts";

const inputs = z.object({
  fixtures: input(
    "[fixtures...]",
    "Names or patterns such as 'status.*', files, folders, @id, @last, or - for standard input",
    z.array(z.string()).default([]),
  ),
  to: input(
    "--to <port|path|url>",
    "Target app or listener (default: http://127.0.0.1:8000/webhook)",
    z.string().optional(),
  ),
  ...editInputs,
  repeat: input("--repeat <n>", "Deliver everything n times (default: 1)", count(1, 10_000_000, 1)),
  speed: input(
    "--speed <factor>",
    "Keep the original intervals, at this playback speed (1: original)",
    z
      .string()
      .regex(/^\d+(\.\d+)?$/, "must be a number, such as 1 or 10")
      .transform(Number)
      .refine((factor) => factor > 0, "must be more than 0")
      .optional(),
  ),
  concurrency: input("--concurrency <n>", "Number of concurrent requests (default: 1)", count(1, 1000, 1)),
  wait: input("--wait <time>", "Wait up to this long for the app to start", duration.optional()),
  timeout: input("--timeout <time>", "Timeout per response (default: 10s)", duration.default(10_000)),
  expect: input(
    "--expect <status>",
    "Expected status: 200, 2xx or 200,401 (default: 200)",
    z.string().refine(isStatusExpectation, "must be a status such as 200, 2xx or 200,401").optional(),
  ),
  maxLatency: input("--max-latency <time>", "Fail responses that take longer", duration.optional()),
  unsigned: input("--unsigned", "Omit the signature; expects 4xx", yes),
  wrongSecret: input("--wrong-secret", "Sign with a wrong secret; expects 4xx", yes),
  tampered: input("--tampered", "Change the body after signing; expects 4xx", yes),
  raw: input("--raw", "Send the bytes of files unchanged", yes),
  ...reportInputs,
  store: storeFile,
  port: setting("port", "", "", count(0, 65_535, DEFAULT_PORT)),
  appSecret: setting("appSecret", "--app-secret-file <file>", "Read the app secret from a file"),
});

type Inputs = z.output<typeof inputs>;

type Event = ({ type: "delivered" } & Delivered) | ({ type: "summary" } & Summary) | ReportEvent;

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
    ["wa-hook events export | wa-hook replay - --to 3000", "All recorded deliveries again"],
  ],

  async *run(inputs, world) {
    const to = target(inputs);
    const fault = faultOf(inputs);
    const secret = appSecretOf(inputs.appSecret, world.cwd);
    const signing = { appSecret: secret.value, ...(fault === undefined ? {} : { fault }) };
    const load = await loadOf(inputs, signing, world);
    const scanned = load.count !== undefined;
    if (scanned) yield* noticeSources(load);
    if (inputs.wait !== undefined) {
      yield notice(`Waiting for ${to.origin} …`);
      await waitFor(to, inputs.wait, world.signal);
    }
    if (secret.development) yield notice(`Signing with the development secret in ${DEVELOPMENT_FILE}`);
    const expectation: Expectation = {
      status: inputs.expect ?? (fault === undefined ? "200" : "4xx"),
      ...(inputs.maxLatency === undefined ? {} : { maxLatency: inputs.maxLatency }),
    };
    const tally = new Tally();
    const { concurrency, timeout, speed } = inputs;
    const destination = { to, concurrency, timeout, signal: world.signal, ...(speed === undefined ? {} : { speed }) };
    const suites = new Suites({ all: needsFindings(inputs.report, world) });
    const printed = printsLines(inputs.report);
    let failure: unknown;
    try {
      for await (const delivered of deliver(load, destination, expectation)) {
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
    if (summary.duplicates > 0) yield duplicatesNotice(summary.duplicates);
    const complete = failure === undefined && !world.signal.aborted;
    yield* reported(
      { title: "wa-hook replay", suites: suites.all(), target: `${to.origin}${to.pathname}`, complete },
      inputs,
      world,
    );
    if (failure !== undefined) throw failure;
    if (world.signal.aborted) throw interrupted(tally.done, load.total);
    if (tally.failed > 0) throw failed(tally, summary, { total: load.total ?? tally.done, secret });
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
      case "summary":
        return summaryLines(event, paint);
    }
  },
});

function target({ to, port }: Inputs): URL {
  const own = `http://127.0.0.1:${port?.value ?? DEFAULT_PORT}/webhook`;
  const checked = endpoint(own).safeParse(to ?? own);
  if (checked.success) return checked.data;
  const message = `--to ${checked.error.issues[0]?.message}; got ${JSON.stringify(to)}`;
  throw new UsageError(message, { code: "input.invalid", hint: "run wa-hook replay --help" });
}

function faultOf({ unsigned, wrongSecret, tampered }: Inputs): Fault | undefined {
  const faults: Fault[] = [];
  if (unsigned) faults.push("unsigned");
  if (wrongSecret) faults.push("wrong-secret");
  if (tampered) faults.push("tampered");
  if (faults.length <= 1) return faults[0];
  throw new UsageError(`--${faults.join(" and --")} cannot be combined`, {
    code: "replay.faults",
    hint: "use one fault at a time",
  });
}

async function* noticeSources(load: Load): AsyncGenerator<Notice, void, void> {
  const { skipped } = load;
  const unknown = await load.unknown();
  if (unknown.length > 0) yield notice(unknownWarning(unknown));
  if (skipped > 0) yield notice(`${counted(skipped, "rejected delivery", "rejected deliveries")} skipped`);
}

function duplicatesNotice(duplicates: number): Notice {
  const deliveries = counted(duplicates, "delivery was a duplicate", "deliveries were duplicates");
  return notice(`${deliveries}: acknowledged by the listener, not forwarded to the app`, "add --fresh to send new ids");
}

async function loadOf(inputs: Inputs, signing: Signing, world: World): Promise<Load> {
  const planned = await plan(inputs.fixtures, {
    cwd: world.cwd,
    stdin: world.stdin,
    recorded: (id) => recorded(id, inputs, world),
    raw: inputs.raw,
  });
  const { escape, repeat, speed } = inputs;
  const preparing = new Preparing({ edits: editsOf(inputs), escape, signing, now: () => world.now() });
  const load = new Load(planned, preparing, repeat);
  await load.scan({ timed: speed !== undefined });
  return load;
}

async function recorded(id: string, { store }: Inputs, world: World): Promise<{ id: string; body: Uint8Array }> {
  await using opened = await openRecorded(store, world);
  return opened.find(id);
}

function interrupted(done: number, total: number | undefined): InterruptedError {
  const of = total === undefined ? counted(done, "delivery", "deliveries") : `${done} of ${total} deliveries`;
  return new InterruptedError(`stopped after ${of}`, { code: "replay.interrupted" });
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
