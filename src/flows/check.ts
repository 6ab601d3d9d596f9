/** Checks the endpoint of a Flow: one finding per question, and the mistake that explains the failures. */
import type { Finding } from "../report/finding.ts";
import { isActive, type FlowCheckOptions, type FlowFacts } from "./question.ts";
import { questions } from "./questions.ts";
import { WRONG_REQUESTS, type FlowMistake } from "./wrong-ways.ts";

/** Yields findings in the order of the questions; returns the mistake that explains the failures, if it is known. */
export async function* checkFlow(options: FlowCheckOptions): AsyncGenerator<Finding, FlowMistake | undefined, void> {
  const facts: FlowFacts = { slowest: 0 };
  for (const { code, title, always, ask } of questions) {
    if (options.signal?.aborted === true) break;
    if (facts.understands === false && always === undefined) {
      const got = "not checked: the endpoint does not answer correct requests";
      yield { code, title, status: "skip", expected: "a working ping", got };
      continue;
    }
    const finding = await ask(options, facts);
    if (code === "ping" && finding.status === "fail") facts.mistake ??= await mistakeOf(options);
    yield {
      code,
      title,
      ...finding,
      ...(facts.mistake === undefined || code !== "ping" ? {} : explained(facts.mistake)),
    };
  }
  return facts.mistake;
}

function explained({ cause, fix, code }: FlowMistake): Pick<Finding, "got" | "fix" | "reason"> {
  return { got: cause, fix, reason: code };
}

/** The first wrong way that the endpoint understands, or what its response was. */
async function mistakeOf({ client, publicKey }: FlowCheckOptions): Promise<FlowMistake | undefined> {
  const ping = await client.ping();
  if (ping.problem !== undefined && ping.status === 200) return ping.problem;
  if (ping.status === undefined) return undefined;
  for (const { make, code, cause, fix } of WRONG_REQUESTS) {
    const { request, keys } = make({ version: "3.0", action: "ping" }, publicKey);
    const result = await client.sendEncrypted(request, keys);
    if (isActive(result) || (result.status === 200 && result.problem?.code !== "undecryptable")) {
      return { code, cause, fix };
    }
  }
  return undefined;
}
