/** `wa-hook replay`: sign deliveries as Meta does, send them, and say what the app made of them. */
import * as z from "zod";

import { CheckFailedError, InterruptedError, UsageError } from "../../errors.ts";
import { deliver, waitFor, type Delivered } from "../../replay/deliver.ts";
import { isStatusExpectation, type Expectation } from "../../replay/expect.ts";
import { Load } from "../../replay/load.ts";
import { plan } from "../../replay/plan.ts";
import { Preparing, type Fault, type Signing } from "../../replay/prepare.ts";
import { Tally, type Summary } from "../../replay/tally.ts";
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
import { printsLines, reportInput, reportOf } from "../views/findings.ts";
import { Suites } from "./suites.ts";
import { deliveredLines, progressBar, summaryLine } from "./view.ts";

const inputs = z.object({
  fixtures: input(
    "[fixtures...]",
    "names, files, folders, @id, @last, or - for standard input",
    z.array(z.string()).default([]),
  ),
  to: input("--to <port|path|url>", "the app (default: http://127.0.0.1:8000/webhook)", z.string().optional()),
  ...editInputs,
  repeat: input("--repeat <n>", "deliver everything n times", count(1, 10_000_000, 1)),
  speed: input(
    "--speed <factor>",
    "keep the times between them, so many times faster (1: as they were)",
    z
      .string()
      .regex(/^\d+(\.\d+)?$/, "must be a number, such as 1 or 10")
      .transform(Number)
      .refine((factor) => factor > 0, "must be more than 0")
      .optional(),
  ),
  concurrency: input("--concurrency <n>", "so many at once", count(1, 1000, 1)),
  wait: input("--wait <time>", "wait this long for the app to start", duration.optional()),
  timeout: input("--timeout <time>", "wait this long for an answer (default: 10s)", duration.default(10_000)),
  expect: input(
    "--expect <status>",
    "the status that counts as right: 200, 2xx, 200,401 (default: 200)",
    z.string().refine(isStatusExpectation, "must be a status such as 200, 2xx or 200,401").optional(),
  ),
  maxLatency: input("--max-latency <time>", "slower answers count as failed", duration.optional()),
  unsigned: input("--unsigned", "leave the signature out; a 4xx is right", yes),
  wrongSecret: input("--wrong-secret", "sign with another secret; a 4xx is right", yes),
  tampered: input("--tampered", "change the body after signing; a 4xx is right", yes),
  raw: input("--raw", "files are Meta's bytes already: send them as they are", yes),
  report: reportInput,
  store: storeFile,
  port: setting("port", "", "", count(0, 65_535, DEFAULT_PORT)),
  appSecret: setting("appSecret", "--app-secret-file <file>", "a file that holds the app secret"),
});

type Inputs = z.output<typeof inputs>;

type Event = ({ type: "delivered" } & Delivered) | ({ type: "summary" } & Summary) | { type: "report"; text: string };

export const replay = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook replay", "every bundled delivery to wa-hook listen"],
    ["wa-hook replay text image --to 3000", "two of them to http://localhost:3000/webhook"],
    ["wa-hook replay text --set text.body=Hello --fresh", "another text under a new id"],
    ["wa-hook replay conversation --speed 10", "a story in its order, ten times as fast"],
    ["wa-hook replay --tampered --to 3000", "does the app refuse what Meta did not sign?"],
    ["wa-hook events export | wa-hook replay - --to 3000", "what was received, once more"],
  ],

  async *run(inputs, world) {
    const to = target(inputs);
    const fault = faultOf(inputs);
    const secret = appSecretOf(inputs.appSecret, world.cwd);
    const signing = { appSecret: secret.value, ...(fault === undefined ? {} : { fault }) };
    const load = await loadOf(inputs, signing, world);
    const surveyed = load.count !== undefined;
    if (surveyed) yield* tellLeftOut(load);
    if (inputs.wait !== undefined) {
      yield notice(`Waiting for ${to.origin} …`);
      await waitFor(to, inputs.wait, world.signal);
    }
    if (secret.development) yield notice(`Signing with a secret ${secret.source}`);
    const expectation: Expectation = {
      status: inputs.expect ?? (fault === undefined ? "200" : "4xx"),
      ...(inputs.maxLatency === undefined ? {} : { maxLatency: inputs.maxLatency }),
    };
    const tally = new Tally();
    const { concurrency, timeout, speed } = inputs;
    const where = { to, concurrency, timeout, signal: world.signal, ...(speed === undefined ? {} : { speed }) };
    const suites = inputs.report.format === "pretty" ? undefined : new Suites();
    const told = printsLines(inputs.report);
    let cut: unknown;
    try {
      for await (const delivered of deliver(load, where, expectation)) {
        tally.count(delivered);
        suites?.add(delivered);
        if (told) yield { type: "delivered", ...delivered };
      }
    } catch (error) {
      // Without an answer there is nothing to sum up.
      if (tally.done === 0) throw error;
      cut = error;
    }
    if (!surveyed) yield* tellLeftOut(load);
    if (told) yield { type: "summary", ...tally.summary() };
    const report = reportOf("wa-hook replay", suites?.all() ?? [], inputs.report, world);
    if (report !== undefined) yield { type: "report", text: report };
    if (cut !== undefined) throw cut;
    if (world.signal.aborted) throw interrupted(tally.done, load.total);
    if (tally.failed > 0) throw failed(tally, load.total ?? tally.done, secret);
  },

  print(event, paint, original) {
    if (original.type === "report") return original.text;
    switch (event.type) {
      case "delivered":
        return [
          ...deliveredLines(event, paint),
          ...((event.total ?? Infinity) > 1 ? [{ progress: progressBar(event, paint) }] : []),
        ];
      case "summary":
        return summaryLine(event, paint);
    }
  },
});

function target({ to, port }: Inputs): URL {
  const own = `http://127.0.0.1:${port?.value ?? DEFAULT_PORT}/webhook`;
  const checked = endpoint(own).safeParse(to ?? own);
  if (checked.success) return checked.data;
  const message = `--to ${checked.error.issues[0]?.message}; got ${JSON.stringify(to)}`;
  throw new UsageError(message, { code: "input.invalid", hint: "wa-hook replay --help tells about it" });
}

function faultOf({ unsigned, wrongSecret, tampered }: Inputs): Fault | undefined {
  const faults: Fault[] = [];
  if (unsigned) faults.push("unsigned");
  if (wrongSecret) faults.push("wrong-secret");
  if (tampered) faults.push("tampered");
  if (faults.length <= 1) return faults[0];
  throw new UsageError(`--${faults.join(" and --")} do not go together`, {
    code: "replay.faults",
    hint: "try one fault at a time",
  });
}

function* tellLeftOut({ leftOut }: Load): Generator<Notice, void, void> {
  if (leftOut > 0) yield notice(`${counted(leftOut, "refused delivery", "refused deliveries")} left out`);
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
  await load.survey({ timed: speed !== undefined });
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

function failed({ failed: count, refusals }: Tally, total: number, { development }: Secret): CheckFailedError {
  const hint =
    development && refusals > 0
      ? "the app must check with the same app secret: give it the one in .wa-hook/development.env, or set WHATSAPP_APP_SECRET for both"
      : "the lines above say what to change in the app";
  return new CheckFailedError(`${count} of ${counted(total, "delivery", "deliveries")} failed`, {
    code: "replay.failed",
    hint,
  });
}
