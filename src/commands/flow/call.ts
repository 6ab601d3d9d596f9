/** `wa-hook flow ping|init|exchange|back|error`: one request to the endpoint of a Flow, as Meta sends it. */
import * as z from "zod";

import { CheckFailedError, InterruptedError, UnavailableError } from "../../errors.ts";
import type { FlowClient, FlowResult } from "../../flows/client.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { ms, plain, type Paint } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { prettyJson } from "../views/json.ts";
import { announce, dataInput, flowInputs, openFlow, readData, type FlowInputs, type OpenedFlow } from "./inputs.ts";

const screen = input(
  "--screen <name>",
  "The screen that the customer sees",
  z.string("is missing").min(1, "must not be empty"),
);

type Event = { type: "response" } & FlowResult;
type Call = (client: FlowClient) => Promise<FlowResult>;

async function* run(inputs: FlowInputs, world: World, call: Call) {
  await using flow = await openFlow(inputs, world);
  yield* announce(inputs, flow.client);
  const result = await call(flow.client);
  if (world.signal.aborted) throw new InterruptedError("interrupted before the response", { code: "flow.interrupted" });
  yield { type: "response" as const, ...result };
  if (result.answer === undefined) throw failureOf(result, flow);
}

function failureOf({ status, problem, text = "" }: FlowResult, { isPair }: OpenedFlow): Error {
  if (problem !== undefined) {
    const Failure = status === undefined ? UnavailableError : CheckFailedError;
    return new Failure(problem.cause, { code: `flow.${problem.code}`, hint: problem.fix });
  }
  const about = text.trim() === "" ? [] : [text.trim()];
  const hint = hintOf(status, isPair);
  return new CheckFailedError(`the endpoint responds with ${status}`, { code: `flow.status-${status}`, about, hint });
}

function hintOf(status: number | undefined, isPair: boolean | undefined): string {
  if (status === 427) return "the endpoint considers the flow token expired: use another one with --flow-token";
  if (status !== 421) return "find the cause with wa-hook flow check";
  if (isPair === undefined) return "find the cause with wa-hook flow check; --private-key <file> compares the keys";
  return isPair
    ? "the two keys belong together: find the cause with wa-hook flow check"
    : "the private key does not belong to the public key: upload the right one with wa-hook flow keys --upload";
}

function print(event: Event, paint: Paint, original: Event) {
  const { status, contentType = "no content type", answer, ms: took } = event;
  if (answer === undefined) return undefined;
  const about = `${paint.good("✓")} ${status} in ${ms(took)}  ${paint.quiet(plain(contentType))}`;
  return [{ notice: about }, prettyJson(JSON.stringify(original.answer), paint) ?? JSON.stringify(answer)];
}

const pingInputs = z.object(flowInputs);

export const flowPing = defineCommand<typeof pingInputs, Event>({
  inputs: pingInputs,
  examples: [["wa-hook flow ping 3000", "Send the health check to http://localhost:3000/"]],
  run: (inputs, world) => run(inputs, world, (client) => client.ping()),
  print,
});

const initInputs = z.object({ ...flowInputs, data: dataInput });

export const flowInit = defineCommand<typeof initInputs, Event>({
  inputs: initInputs,
  examples: [["wa-hook flow init https://example.com/flow", "Open the Flow, and print the first screen"]],
  run(inputs, world) {
    const data = readData(inputs.data, world);
    return run(inputs, world, (client) => client.init(data));
  },
  print,
});

const screenInputs = z.object({ ...flowInputs, screen, data: dataInput });

export const flowExchange = defineCommand<typeof screenInputs, Event>({
  inputs: screenInputs,
  examples: [
    [`wa-hook flow exchange 3000 --screen BOOK --data '{"day":"friday"}'`, "Submit the screen BOOK"],
    ["wa-hook flow exchange 3000 --screen BOOK --data @booking.json", "Submit it with data from a file"],
  ],
  run(inputs, world) {
    const data = readData(inputs.data, world);
    return run(inputs, world, (client) => client.exchange(inputs.screen, data));
  },
  print,
});

export const flowBack = defineCommand<typeof screenInputs, Event>({
  inputs: screenInputs,
  examples: [["wa-hook flow back 3000 --screen CONFIRM", "Go back from the screen CONFIRM"]],
  run(inputs, world) {
    const data = readData(inputs.data, world);
    return run(inputs, world, (client) => client.back(inputs.screen, data));
  },
  print,
});

const errorInputs = z.object({
  ...flowInputs,
  screen,
  error: input("--error <key>", "The key of the error (default: invalid-screen)", z.string().default("invalid-screen")),
  message: input("--message <text>", "Its message", z.string().default("the screen does not exist in the Flow")),
});

export const flowError = defineCommand<typeof errorInputs, Event>({
  inputs: errorInputs,
  examples: [["wa-hook flow error 3000 --screen BOOK", "Send an error notification about the response to BOOK"]],
  run: (inputs, world) => run(inputs, world, (client) => client.error(inputs.screen, inputs.error, inputs.message)),
  print,
});
