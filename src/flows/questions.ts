/** The questions about the endpoint of a Flow, in order. Source of all expectations: Meta, "Implementing Endpoints for Flows". */
import { generateKeyPairSync } from "node:crypto";

import { asJsonObject } from "../json.ts";
import { signatures } from "../webhook/headers.ts";
import { encodeWire } from "../webhook/wire.ts";
import type { FlowResult } from "./client.ts";
import { encryptFlowRequest } from "./encryption.ts";
import { isActive, type FlowCheckOptions, type FlowFacts, type FlowQuestion } from "./question.ts";

type Answer = Awaited<ReturnType<FlowQuestion["ask"]>>;

const SLOW_MS = 1000;
const LIMIT_MS = 10_000;
/** Larger than what body parsers accept by default, smaller than what a form with a few photos sends. */
const LARGE_CHARACTERS = 300_000;

export const questions: readonly FlowQuestion[] = [
  {
    code: "ping",
    title: "Health check",
    always: true,
    async ask({ client }, facts) {
      const result = await client.ping();
      const expected = '{"data":{"status":"active"}}, encrypted';
      facts.understands = result.answer !== undefined;
      track(result, facts);
      if (isActive(result)) return passed(expected, result);
      const fix = "respond to the action ping with the data status active; Meta publishes a Flow only then";
      return failed(expected, result, fixOf(result) ?? fix);
    },
  },
  {
    code: "init",
    title: "Opening",
    async ask({ client }, facts) {
      const result = await client.init();
      const expected = "a screen and its data";
      track(result, facts);
      facts.screen = screenOf(result) ?? facts.screen ?? "";
      if (screenOf(result) !== undefined) return passed(expected, result);
      if (isHandledLater(result))
        return warned(expected, result, "respond to INIT if the Flow opens with data_exchange");
      return failed(expected, result, "respond to INIT with {screen, data}");
    },
  },
  {
    code: "exchange",
    title: "Submitting a screen",
    async ask({ client, screen, data }, facts) {
      const result = await client.exchange(screen ?? facts.screen ?? "", data ?? {});
      const expected = "the next screen, or SUCCESS";
      track(result, facts);
      if (screenOf(result) !== undefined || hasError(result)) return passed(expected, result);
      const fix = "respond with {screen, data}; to end the Flow, with the screen SUCCESS";
      // Without the person's own data, a refusal says little.
      return screen === undefined
        ? warned(expected, result, "give it a screen and data: --screen <name> --data <json>")
        : failed(expected, result, fix);
    },
  },
  {
    code: "back",
    title: "Going back",
    async ask({ client, screen }, facts) {
      const result = await client.back(screen ?? facts.screen ?? "");
      const expected = "a screen and its data";
      track(result, facts);
      if (screenOf(result) !== undefined || hasError(result)) return passed(expected, result);
      return warned(expected, result, "respond to BACK if a screen of the Flow has refresh_on_back");
    },
  },
  {
    code: "error-notification",
    title: "Error notification",
    async ask({ client, screen }, facts) {
      const result = await client.error(
        screen ?? facts.screen ?? "",
        "invalid_screen",
        "test of the error notification",
      );
      const expected = '{"data":{"acknowledged":true}}';
      const data = asJsonObject(asJsonObject(result.answer)?.["data"]);
      if (data?.["acknowledged"] === true) return passed(expected, result);
      return failed(expected, result, "respond to data.error with the data acknowledged true");
    },
  },
  { code: "content-type", title: "Content type", ask: ({ client }) => askContentType(client.ping()) },
  { code: "wrong-key", title: "Another public key", ask: (options) => askWrongKey(options) },
  { code: "tampered", title: "Changed ciphertext", ask: (options) => askTampered(options) },
  { code: "signature.missing", title: "Missing signature", ask: (options) => askSignature(options, "missing") },
  { code: "signature.wrong", title: "Wrong signature", ask: (options) => askSignature(options, "wrong") },
  {
    code: "token.expired",
    title: "Expired flow token",
    async ask({ client, expiredToken, screen }) {
      const expected = "status 427";
      if (expiredToken === undefined) {
        return { status: "skip", expected, got: "not checked: needs a flow token that has expired (--expired-token)" };
      }
      const result = await client.send({
        action: "data_exchange",
        screen: screen ?? "",
        data: {},
        flowToken: expiredToken,
      });
      if (result.status === 427) return passed(expected, result);
      return failed(expected, result, 'respond with 427 and {"error_msg":"…"}, so that the button is disabled');
    },
  },
  {
    code: "unknown-action",
    title: "Unknown action",
    async ask({ client }) {
      const result = await client.send({ action: "wa_hook_unknown", data: {} });
      const expected = "no server error";
      if (result.status !== undefined && result.status < 500) return passed(expected, result);
      return warned(expected, result, "ignore actions that the endpoint does not know");
    },
  },
  {
    code: "large",
    title: "A large form",
    async ask({ client, screen }, facts) {
      const data = { wa_hook_test: "x".repeat(LARGE_CHARACTERS) };
      const result = await client.exchange(screen ?? facts.screen ?? "", data);
      const expected = "no refusal because of its size";
      if (result.status !== 413 && result.status !== undefined) return passed(expected, result);
      return failed(expected, result, "raise the body size limit of this route");
    },
  },
  {
    code: "latency",
    title: "Response time",
    ask(_, { slowest }) {
      const got = `${Math.round(slowest)} ms at most`;
      const expected = "under 10 s, better under 1 s";
      if (slowest <= SLOW_MS) return Promise.resolve({ status: "pass", expected, got });
      const fix = "prepare the data before the Flow asks for it: customers wait for each screen";
      return Promise.resolve({ status: slowest > LIMIT_MS ? "fail" : "warn", expected, got, fix });
    },
  },
];

async function askContentType(asked: Promise<FlowResult>): Promise<Answer> {
  const result = await asked;
  const { contentType = "none" } = result;
  const expected = "text/plain";
  if (contentType.startsWith(expected)) return { status: "pass", expected, got: contentType };
  return { status: "warn", expected, got: contentType, fix: "respond with the content type text/plain" };
}

/** The endpoint cannot decrypt, so that the client fetches the public key again. */
async function askWrongKey({ client }: FlowCheckOptions): Promise<Answer> {
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const { request, keys } = encryptFlowRequest({ version: "3.0", action: "ping" }, publicKey);
  const result = await client.sendEncrypted(request, keys);
  const expected = "status 421";
  if (result.status === 421) return passed(expected, result);
  return failed(expected, result, "respond with 421 when decryption fails: WhatsApp then fetches the public key again");
}

/** One bit of the tag is inverted. */
async function askTampered({ client }: FlowCheckOptions): Promise<Answer> {
  const { request, keys } = client.encrypt({ action: "ping" });
  const sealed = Buffer.from(request.encrypted_flow_data, "base64");
  sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
  const result = await client.sendEncrypted({ ...request, encrypted_flow_data: sealed.toString("base64") }, keys);
  const expected = "status 421";
  if (result.status === 421) return passed(expected, result);
  if (result.status === 200)
    return failed(expected, result, "check the tag: call decipher.setAuthTag() before final()");
  return warned(expected, result, "respond with 421 when decryption fails");
}

async function askSignature({ client, appSecret }: FlowCheckOptions, fault: "missing" | "wrong"): Promise<Answer> {
  const expected = "status 432";
  if (appSecret === undefined) {
    return { status: "skip", expected, got: "not checked: needs the app secret" };
  }
  const { request, keys } = client.encrypt({ action: "ping" });
  const headers = fault === "missing" ? [] : signatures(encodeWire(request), `not ${appSecret}`);
  const result = await client.sendEncrypted(request, keys, headers);
  if (result.status === 432) return passed(expected, result);
  if (result.status === 200) return failed(expected, result, "verify X-Hub-Signature-256 over the raw body first");
  return warned(expected, result, "respond with 432 when the signature is invalid");
}

function track({ ms, answer }: FlowResult, facts: FlowFacts): void {
  if (answer !== undefined) facts.slowest = Math.max(facts.slowest, ms);
}

function screenOf({ answer }: FlowResult): string | undefined {
  const screen = asJsonObject(answer)?.["screen"];
  return typeof screen === "string" && screen !== "" ? screen : undefined;
}

/** A refusal of the data, which the client shows: `{ data: { error_message } }` on the same screen, or status 427. */
function hasError({ answer, status }: FlowResult): boolean {
  const data = asJsonObject(asJsonObject(answer)?.["data"]);
  return status === 427 || typeof data?.["error_message"] === "string";
}

/** An endpoint that only knows data_exchange. */
function isHandledLater({ status, answer }: FlowResult): boolean {
  return status === 200 && answer !== undefined;
}

function passed(expected: string, result: FlowResult): Answer {
  return { status: "pass", expected, got: describe(result) };
}

function warned(expected: string, result: FlowResult, fix: string): Answer {
  return { status: "warn", expected, got: describe(result), fix };
}

function failed(expected: string, result: FlowResult, fix: string): Answer {
  return { status: "fail", expected, got: describe(result), fix };
}

function fixOf({ problem, status }: FlowResult): string | undefined {
  if (problem !== undefined) return problem.fix;
  if (status === 421) return "use the private key of the public key that is set at Meta: wa-hook flow keys --upload";
  if (status === 432) return "verify the signature with the app secret over the raw body";
  return undefined;
}

const EXCERPT = 80;

function describe({ status, answer, problem }: FlowResult): string {
  if (problem !== undefined) return problem.cause;
  if (answer === undefined) return `status ${status}`;
  const text = JSON.stringify(answer);
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}
