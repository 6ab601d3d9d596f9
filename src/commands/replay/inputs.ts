/** The inputs of `wa-hook replay`, and what their combinations mean. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import type { Fault } from "../../replay/prepare.ts";
import { isStatusExpectation } from "../../replay/status.ts";
import { count, duration, input, setting, storeFile, whole, yes } from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import { chaosInput, timeScaleInput } from "../inputs/chaos.ts";
import { editInputs } from "../inputs/edits.ts";
import { emulateInputs } from "../inputs/emulate.ts";
import { startInputs } from "../inputs/start.ts";
import { targetOf } from "../inputs/target.ts";
import { reportInputs } from "../views/report.ts";

export const inputs = z.object({
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
  rate: input(
    "--rate <n/s>",
    "Deliver at this rate, whether or not earlier deliveries have a response: 50/s or 10/m",
    z
      .string()
      .regex(/^\d+(?:\.\d+)?\/[sm]$/, "must be a rate such as 50/s or 10/m")
      .transform((typed) => Number.parseFloat(typed) / (typed.endsWith("m") ? 60 : 1))
      .refine((rate) => rate > 0 && rate <= 10_000, "must be more than 0 and at most 10000/s")
      .optional(),
  ),
  concurrency: input(
    "--concurrency <n>",
    "Number of concurrent requests (default: 1; with --rate: 256, with --own-customers: 32)",
    whole(1, 1000).optional(),
  ),
  ...startInputs,
  ...emulateInputs,
  expectations: input(
    "--expectations <file>",
    "JSON file with the expected response and answers for each fixture",
    z.string().optional(),
  ),
  expectAnswer: input(
    "--expect-answer <text>",
    "With --emulate: expect a message to the customer that contains this text",
    z.string().min(1, "must not be empty").optional(),
  ),
  chaos: chaosInput,
  seed: input(
    "--seed <text>",
    "With --chaos: repeat the same order and bytes",
    z.string().min(1, "must not be empty").optional(),
  ),
  timeScale: timeScaleInput(1000),
  ownCustomers: input(
    "--own-customers",
    "Use a separate customer for each delivery, and wait for the answers in parallel",
    yes,
  ),
  record: input(
    "--record <file>",
    "Save the app's current behavior as expectations in this file",
    z.string().optional(),
  ),
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
  verifyToken: setting("verifyToken", "", ""),
});

export type Inputs = z.output<typeof inputs>;

/** Where deliveries go. Throws a `UsageError` when it is no endpoint. */
export function target({ to, port }: Inputs): URL {
  return targetOf(to, port, { name: "--to", command: "replay" });
}

/** Throws a `UsageError` for more than one fault. */
export function faultOf({ unsigned, wrongSecret, tampered }: Inputs): Fault | undefined {
  const faults: Fault[] = [];
  if (unsigned) faults.push("unsigned");
  if (wrongSecret) faults.push("wrong-secret");
  if (tampered) faults.push("tampered");
  if (faults.length <= 1) return faults[0];
  throw new UsageError(`--${faults.join(" and --")} cannot be combined`, {
    code: "replay.faults",
    hint: "use one of them at a time",
  });
}

/** Throws a `UsageError` for flags that contradict each other. */
export function checkCombinations(inputs: Inputs): void {
  const { rate, speed, record, expectations, expectAnswer, emulate, expect, maxLatency } = inputs;
  const fault = faultOf(inputs);
  const pairs: [boolean, string, string][] = [
    [rate !== undefined && speed !== undefined, "--rate and --speed cannot be combined", "use one of them"],
    [
      fault !== undefined && (record ?? expectations ?? expectAnswer) !== undefined,
      `--${fault} cannot be combined with expectations`,
      "expectations are for deliveries that the app accepts",
    ],
    [
      record !== undefined && (expect ?? maxLatency ?? expectAnswer ?? expectations) !== undefined,
      "--record cannot be combined with expectations",
      "record first, then run with --expectations",
    ],
    [
      inputs.chaos !== undefined && (fault !== undefined || record !== undefined || (rate ?? speed) !== undefined),
      "--chaos cannot be combined with --rate, --speed, --record, --unsigned, --wrong-secret or --tampered",
      "chaos sets the order and the times",
    ],
    [
      inputs.seed !== undefined && inputs.chaos === undefined,
      "--seed requires --chaos",
      "add --chaos duplicates,reorder",
    ],
    [expectAnswer !== undefined && !emulate, "--expect-answer requires --emulate", "add --emulate"],
  ];
  const wrong = pairs.find(([isWrong]) => isWrong);
  if (wrong !== undefined) throw new UsageError(wrong[1], { code: "replay.flags", hint: wrong[2] });
}
