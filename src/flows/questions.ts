/** The questions about the endpoint of a Flow, in order. Source of all expectations: Meta, "Implementing Endpoints for Flows". */
import { asJsonObject } from "../json.ts";
import { askSignature, askTampered, askWrongKey } from "./attacks.ts";
import { TIMEOUT_MS, type FlowResult } from "./client.ts";
import {
  failed,
  isActive,
  passed,
  screenOf,
  skipped,
  warned,
  type FlowAnswer,
  type FlowCheckOptions,
  type FlowFacts,
  type FlowQuestion,
} from "./question.ts";

const SLOW_MS = 1000;
/** Larger than what body parsers accept by default. Meta documents no limit for a form. */
const LARGE_CHARACTERS = 300_000;

export const questions: readonly FlowQuestion[] = [
  { code: "ping", title: "Health check", ask: askPing },
  { code: "init", title: "Opening", ask: askInit },
  { code: "exchange", title: "Submitting a screen", ask: askExchange },
  { code: "back", title: "Going back", ask: askBack },
  { code: "error-notification", title: "Error notification", ask: askErrorNotification },
  { code: "content-type", title: "Content type", ask: ({ client }) => askContentType(client.ping()) },
  { code: "wrong-key", title: "Another public key", ask: askWrongKey },
  { code: "tampered", title: "Changed ciphertext", ask: askTampered },
  { code: "signature.missing", title: "Missing signature", ask: (options) => askSignature(options, "missing") },
  { code: "signature.wrong", title: "Wrong signature", ask: (options) => askSignature(options, "wrong") },
  { code: "token.expired", title: "Expired flow token", ask: askExpiredToken },
  { code: "unknown-action", title: "Unknown action", ask: askUnknownAction },
  { code: "large", title: "Large form", ask: askLarge },
  { code: "latency", title: "Response time", ask: (_, { slowest }) => Promise.resolve(latencyOf(slowest)) },
];

async function askPing({ client }: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer> {
  const result = await client.ping();
  const expected = '{"data":{"status":"active"}}, encrypted';
  facts.understands = result.answer !== undefined;
  track(result, facts);
  if (isActive(result)) return passed(expected, result);
  return failed(expected, result, {
    code: "no-ping",
    cause: "the endpoint does not respond to Meta's health check",
    fix: "respond to the action ping with the data status active; Meta publishes a Flow only then",
  });
}

async function askInit({ client }: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer> {
  const result = await client.init();
  const expected = "a screen and its data";
  track(result, facts);
  facts.screen = screenOf(result) ?? "";
  if (screenOf(result) !== undefined) return passed(expected, result);
  // A Flow that opens with a screen of its own never sends INIT.
  const fix = "respond to INIT with {screen, data} if the Flow opens with data_exchange";
  if (result.problem === undefined) return warned(expected, result, fix);
  return failed(expected, result, { code: "no-init", cause: "the endpoint does not respond to INIT", fix });
}

async function askExchange({ client, screen, data }: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer> {
  const result = await client.exchange(screen ?? facts.screen ?? "", data ?? {});
  const expected = "the next screen, or SUCCESS";
  track(result, facts);
  if (screenOf(result) !== undefined || refuses(result)) return passed(expected, result);
  // Without the data of a customer, a refusal says little.
  if (screen === undefined && result.problem === undefined) {
    return warned(expected, result, "check with a screen and its data: --screen <name> --data <json>");
  }
  return failed(expected, result, {
    code: "no-exchange",
    cause: "the endpoint does not respond to a submitted screen",
    fix: "respond with {screen, data}; to end the Flow, with the screen SUCCESS",
  });
}

async function askBack({ client, screen }: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer> {
  const result = await client.back(screen ?? facts.screen ?? "");
  const expected = "a screen and its data";
  track(result, facts);
  if (screenOf(result) !== undefined || refuses(result)) return passed(expected, result);
  return warned(expected, result, "respond to BACK if a screen of the Flow has refresh_on_back");
}

async function askErrorNotification({ client, screen }: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer> {
  const sent = "test of the error notification by wa-hook";
  const result = await client.error(screen ?? facts.screen ?? "", "wa-hook-test", sent);
  const expected = '{"data":{"acknowledged":true}}';
  if (asJsonObject(asJsonObject(result.answer)?.["data"])?.["acknowledged"] === true) return passed(expected, result);
  return failed(expected, result, {
    code: "error-not-acknowledged",
    cause: "the endpoint does not acknowledge error notifications",
    fix: "respond to data.error with the data acknowledged true",
  });
}

/** Meta documents text/plain; its own example sends text/html, which works too. */
async function askContentType(asked: Promise<FlowResult>): Promise<FlowAnswer> {
  const { contentType: got = "none" } = await asked;
  const expected = "text/plain";
  if (got.startsWith("text/")) return { status: "pass", expected, got };
  return { status: "warn", expected, got, fix: "respond with the content type text/plain" };
}

async function askExpiredToken({ client, expiredToken, screen }: FlowCheckOptions): Promise<FlowAnswer> {
  const expected = "status 427";
  if (expiredToken === undefined) return skipped(expected, "needs a flow token that has expired (--expired-token)");
  const request = { action: "data_exchange", data: {}, flowToken: expiredToken };
  const result = await client.send({ ...request, screen: screen ?? "" });
  if (result.status === 427) return passed(expected, result);
  return failed(expected, result, {
    code: "no-427",
    cause: "the endpoint accepts the expired flow token",
    fix: 'respond with 427 and {"error_msg":"…"}, so that WhatsApp disables the button',
  });
}

async function askUnknownAction({ client }: FlowCheckOptions): Promise<FlowAnswer> {
  const result = await client.send({ action: "wa_hook_unknown", data: {} });
  const expected = "no server error";
  if (result.status !== undefined && result.status < 500) return passed(expected, result);
  return warned(expected, result, "ignore actions that the endpoint does not know");
}

async function askLarge({ client, screen }: FlowCheckOptions, facts: FlowFacts): Promise<FlowAnswer> {
  const data = { wa_hook_test: "x".repeat(LARGE_CHARACTERS) };
  const result = await client.exchange(screen ?? facts.screen ?? "", data);
  const expected = "no refusal because of its size";
  const isRefused = result.status === 413 || result.problem?.code === "no-response";
  if (!isRefused) return { status: "pass", expected, got: `${LARGE_CHARACTERS / 1000} KB accepted` };
  return warned(expected, result, "raise the body size limit of this route, if a form of the Flow can be large");
}

function latencyOf(slowest: number): FlowAnswer {
  const [got, expected] = [`${Math.round(slowest)} ms at most`, "under 10 s, better under 1 s"];
  if (slowest <= SLOW_MS) return { status: "pass", expected, got };
  const fix = "prepare the data before the Flow asks for it: customers wait for each screen";
  if (slowest <= TIMEOUT_MS) return { status: "warn", expected, got, fix };
  return { status: "fail", expected, got, fix, reason: "timeout", cause: "the endpoint takes longer than 10 s" };
}

function track({ ms, answer }: FlowResult, facts: FlowFacts): void {
  if (answer !== undefined) facts.slowest = Math.max(facts.slowest, ms);
}

/** A refusal of the data, which WhatsApp shows: `{ data: { error_message } }` on the same screen, or status 427. */
function refuses({ answer, status }: FlowResult): boolean {
  const data = asJsonObject(asJsonObject(answer)?.["data"]);
  return status === 427 || typeof data?.["error_message"] === "string";
}
