/** Diagnoses missing webhooks: asks each question in order, then determines the likely cause. */
import { InterruptedError, isRefusal } from "../errors.ts";
import type { Finding } from "../report/finding.ts";
import type { Context } from "./context.ts";
import { conclude, type Diagnosis } from "./diagnosis.ts";
import { finding, refusedFinding, whyUnusable, type Facts, type Question } from "./question.ts";
import { questions } from "./questions/index.ts";

/** Progress of a diagnosis. */
export type Step =
  /** A question is being asked. */
  { type: "checking"; code: string; title: string } | ({ type: "finding" } & Finding);

/**
 * Queries Meta and the callback, and changes nothing. Returns the diagnosis. A refusal by Meta becomes a finding. Throws an
 * `UnavailableError` when Meta cannot be reached, and an `InterruptedError` when the signal aborts.
 */
export async function* diagnose(context: Context): AsyncGenerator<Step, Diagnosis, void> {
  const facts: Facts = { unusable: new Map() };
  const findings: Finding[] = [];
  for (const question of questions) {
    yield { type: "checking", code: question.code, title: question.title };
    const results = await answer(question, context, facts);
    // A request that was aborted produces a meaningless finding.
    if (context.signal?.aborted === true) throw interrupted();
    for (const result of results) {
      findings.push(result);
      yield { type: "finding", ...result };
    }
  }
  return conclude(findings, facts);
}

async function answer(question: Question, context: Context, facts: Facts): Promise<Finding[]> {
  const reason = whyUnusable(question.needs, facts);
  if (reason !== undefined) return [finding(question, "skip", { got: `not checked: ${reason}` })];
  try {
    return await question.ask(context, facts);
  } catch (error) {
    if (isRefusal(error)) return [refusedFinding(question, error)];
    throw error;
  }
}

function interrupted(): InterruptedError {
  return new InterruptedError("interrupted before all checks had finished", { code: "doctor.interrupted" });
}
