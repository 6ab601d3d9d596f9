/** Checks the endpoint of a Flow: one finding per question, and the mistake that explains the failures. */
import { InterruptedError } from "../errors.ts";
import type { Finding } from "../report/finding.ts";
import { signatures } from "../webhook/headers.ts";
import type { FlowResult } from "./client.ts";
import type { FlowMistake } from "./mistake.ts";
import { isActive, type FlowAnswer, type FlowCheckOptions, type FlowFacts } from "./question.ts";
import { questions } from "./questions.ts";
import { WRONG_REQUESTS } from "./wrong-requests.ts";

/** The reason of findings that were skipped because of the first one. */
export const NOT_ASKED = "not-asked";

/**
 * Yields findings in the order of the questions; returns the mistake to correct first, when something fails. Throws an `InterruptedError`
 * when the signal aborts.
 */
export async function* checkFlow(options: FlowCheckOptions): AsyncGenerator<Finding, FlowMistake | undefined, void> {
  const facts: FlowFacts = { slowest: 0 };
  let mistake: FlowMistake | undefined;
  for (const { code, title, ask } of questions) {
    if (options.signal?.aborted === true) {
      throw new InterruptedError("interrupted before all checks had finished", { code: "flow.interrupted" });
    }
    if (facts.understands === false && code !== "ping") {
      const got = "not checked: the endpoint does not respond to correct requests";
      yield { code, title, status: "skip", expected: "a working health check", got, reason: NOT_ASKED };
      continue;
    }
    const { cause, ...asked } = await ask(options, facts);
    const explained = facts.understands === false && code === "ping" ? await mistakeOf(options) : undefined;
    mistake ??= explained ?? firstOf(asked, cause);
    yield { code, title, ...asked, ...(explained === undefined ? {} : shown(explained)) };
  }
  return mistake;
}

function firstOf({ status, reason = "", fix = "" }: FlowAnswer, cause: string | undefined): FlowMistake | undefined {
  return status === "fail" && cause !== undefined ? { code: reason, cause, fix } : undefined;
}

function shown({ cause, fix, code }: FlowMistake): Pick<Finding, "got" | "fix" | "reason"> {
  return { got: cause, fix, reason: code };
}

const REFUSED_SIGNATURE = new Set([401, 403, 432]);
const PING = { version: "3.0", action: "ping" };

/** Why the endpoint does not understand a correct ping: a wrong way that it does understand, or what its response shows. */
async function mistakeOf(options: FlowCheckOptions): Promise<FlowMistake | undefined> {
  const { client, publicKey, isPair } = options;
  const ping = await client.ping();
  const { status, problem } = ping;
  if (status === undefined || problem?.decrypted === true) return problem;
  if (isPair === false) return NO_PAIR;
  if (REFUSED_SIGNATURE.has(status)) return signatureMistake(options);
  for (const { make, code, cause, fix } of WRONG_REQUESTS) {
    const { request, keys } = make(PING, publicKey);
    const result = await client.sendEncrypted(request, keys);
    if (isUnderstood(result)) return { code, cause, fix };
    // It would take as long for each of the others.
    if (result.status === undefined) break;
  }
  return problem ?? statusMistake(ping, isPair === true);
}

function isUnderstood(result: FlowResult): boolean {
  return isActive(result) || result.problem?.decrypted === true;
}

const NO_PAIR: FlowMistake = {
  code: "key-pair",
  cause: "the private key does not belong to the public key",
  fix: "upload the public key of the endpoint's private key, or create a pair with wa-hook flow keys --upload",
};

/** Libraries that parse the body and serialize it again lose Meta's escapes. */
async function signatureMistake({ client, appSecret }: FlowCheckOptions): Promise<FlowMistake> {
  if (appSecret === undefined) {
    return {
      code: "unsigned",
      cause: "the endpoint requires a signature",
      fix: "set the app secret, and omit --unsigned",
    };
  }
  const { request, keys } = client.encrypt({ action: "ping" });
  const again = signatures(Buffer.from(JSON.stringify(request)), appSecret);
  if (isUnderstood(await client.sendEncrypted(request, keys, again))) {
    return {
      code: "signature-parsed-body",
      cause: "the endpoint verifies the signature of a body that it has parsed and serialized again",
      fix: 'verify it over the raw bytes: express.raw({ type: "application/json" })',
    };
  }
  return {
    code: "signature-refused",
    cause: "the endpoint refuses the signature",
    fix: "verify X-Hub-Signature-256 over the raw body with the secret of the app that the Flow belongs to",
  };
}

const STATUS_FIXES: Readonly<Record<number, string>> = {
  404: "check the path of the URL against the routes of the endpoint",
  405: "accept POST requests on this route",
  413: "raise the body size limit of this route",
  415: "accept application/json on this route",
};

function statusMistake({ status = 0 }: FlowResult, isPair: boolean): FlowMistake {
  if (status >= 300 && status < 400) {
    const fix = "use the final URL, including any trailing slash: redirects are not followed";
    return { code: "redirect", cause: `the endpoint redirects with ${status}`, fix };
  }
  const known = STATUS_FIXES[status];
  if (known !== undefined)
    return { code: `status-${status}`, cause: `the endpoint responds with ${status}`, fix: known };
  if (status !== 421 && status < 500) {
    const fix = "respond with 200 and the encrypted response; see the log of the endpoint";
    return { code: `status-${status}`, cause: `the endpoint responds with ${status} to a correct request`, fix };
  }
  const cause = `the endpoint cannot decrypt requests for this public key (status ${status})`;
  if (isPair) {
    const fix = "the keys belong together: load this private key in the endpoint, and see its log for the error";
    return { code: "undecrypted", cause, fix };
  }
  const fix = "use the private key of this public key in the endpoint; --private-key <file> compares the two";
  return { code: "key-pair", cause, fix };
}
